import { readdirSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { goalEntry } from "../db/sql/temporary_sql.ts";
import { type TemporaryFolder, temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { type BusinessEvents, silentEvents } from "../runtime/business_events.ts";
import { seededRandom } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import type { Config } from "./config.ts";
import { openHotStores, openSqlStores } from "./stores.ts";

let folder: TemporaryFolder;
let warnings: string[];
beforeEach(() => {
  folder = temporaryFolder();
  warnings = [];
});
afterEach(() => folder.remove());

async function open() {
  const warned = (message: string) => void warnings.push(message);
  const events: BusinessEvents = Object.assign(Object.create(silentEvents), { warned });
  const parts = { clock: new SimulatedClock(), random: seededRandom(1), events };
  const config = { redisUrl: null, databaseUrl: null, data: folder.path("data") } as Config;
  const hot = await openHotStores(config, parts);
  const sql = await openSqlStores(config, parts);
  const close = async () => {
    await sql.close();
    await hot.close();
  };
  return { hot, sql, close };
}

/** One thing in every store. */
async function fill(): Promise<void> {
  const { hot, sql, close } = await open();
  await hot.streams.push("intake/a", [new Uint8Array([1])]);
  await hot.channels.push("channel/a", [new Uint8Array([2])]);
  await hot.cells.put("cell", new Uint8Array([3]));
  const entries = [goalEntry(1)];
  await sql.records.appendEntries([{ entity: "a", partition: 1, fence: 1, entries }]);
  await close();
}

async function found() {
  const { hot, sql, close } = await open();
  const tops = {
    streams: (await hot.streams.position("intake/a"))?.top ?? 0,
    channels: (await hot.channels.position("channel/a"))?.top ?? 0,
    cells: (await hot.cells.get("cell"))?.bytes[0] ?? 0,
    records: await sql.records.top("a"),
  };
  await close();
  return tops;
}

describe("the embedded stores", () => {
  test("are five files that hold what they were given", async () => {
    await fill();
    expect(await found()).toEqual({ streams: 1, channels: 1, cells: 3, records: 1 });
    const files = readdirSync(folder.path("data")).filter((name) => name.endsWith(".db"));
    expect(files.sort()).toEqual([
      "bodies.db",
      "channels.db",
      "golazo.db",
      "hot.db",
      "rankings.db",
    ]);
    expect(warnings).toEqual([]);
  });

  for (
    const [name, left] of [
      ["hot.db", { streams: 0, channels: 1, cells: 0, records: 1 }],
      ["channels.db", { streams: 1, channels: 0, cells: 3, records: 1 }],
      ["golazo.db", { streams: 1, channels: 1, cells: 3, records: 0 }],
      ["rankings.db", { streams: 1, channels: 1, cells: 3, records: 1 }],
    ] as const
  ) {
    test(`a damaged ${name} is put aside, never overwritten; the others stay`, async () => {
      await fill();
      writeFileSync(folder.path(`data/${name}`), "no database at all".repeat(300));
      expect(await found()).toEqual(left);
      expect(warnings).toEqual([expect.stringContaining(`${name} aside as`)]);
      expect(readdirSync(folder.path("data")).join()).toContain(`${name}.corrupt-`);
    });
  }

  test("a publication with an append reaches the broker, from either kind of stream", async () => {
    const { hot, close } = await open();
    const heard: number[] = [];
    await hot.broker.subscribe("a", (payload) => void heard.push(payload[0]!));
    for (const streams of [hot.streams, hot.channels]) {
      const publish = { channel: "a", payloads: [new Uint8Array([9])] };
      await streams.append("a", {
        fence: 1,
        expectedTop: 0,
        entries: [new Uint8Array(1)],
        publish,
      });
    }
    expect(heard).toEqual([9, 9]);
    await close();
  });
});
