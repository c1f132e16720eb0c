import { renameSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lastSaid, VOLATILE_PARTS, VolatileVoice } from "../channels/volatile_voice.ts";
import { decodePublication as decodeEnvelope } from "../channels/publication.ts";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { SqliteCell } from "../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { until } from "../drills/until.ts";
import { ASSETS_CHANNEL } from "../protocol/channel_name.ts";
import { decodePublication } from "../protocol/golazo_codec.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { AssetVoice } from "./asset_voice.ts";

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let clock: SimulatedClock;
let file: SqliteFile;
let cells: SqliteCell;
let broker: MemoryBroker;
let voice: AssetVoice;
let said: string[];
let warned: string[];
let kept: number;

beforeEach(async () => {
  folder = temporaryFolder();
  path = folder.path("manifest.json");
  clock = new SimulatedClock();
  file = new SqliteFile(":memory:", { synchronous: "off" });
  cells = new SqliteCell(file, clock);
  broker = new MemoryBroker(silentEvents);
  [said, warned, kept] = [[], [], 0];
  await broker.subscribe(ASSETS_CHANNEL, (payload) => {
    said.push(decodePublication(decodeEnvelope(payload).body).assets!.version);
  });
  voice = voiceOf();
});
afterEach(() => {
  voice.stop();
  file.close();
  folder.remove();
});

function voiceOf(): AssetVoice {
  const real = new VolatileVoice(broker, cells);
  return new AssetVoice({
    ...{ path, cells, clock },
    events: { ...silentEvents, warned: (message: string) => void warned.push(message) },
    voice: {
      async say(...told) {
        await real.say(...told);
        kept += 1;
      },
    },
  });
}

function build(text: string): void {
  writeFileSync(`${path}.aside`, text);
  renameSync(`${path}.aside`, path);
}

/**
 * Lets it look, which reads real files: the next look waits for the one before. On a busy machine
 * so much time may pass over it that what is there is kept once more.
 */
async function look(isDone: () => boolean): Promise<void> {
  await until("it has looked", async () => {
    await clock.advance(limits.assetLookMs);
    return isDone();
  });
}

async function present(): Promise<string[]> {
  const values = await lastSaid(cells, ASSETS_CHANNEL, VOLATILE_PARTS.assets);
  return values.map(({ body }) => decodePublication(body).assets!.version);
}

test("AssetVoice tells a build once, and another when it comes", async () => {
  voice.begin();
  await until("it has looked", () => kept === 1);
  expect([said, await present()]).toEqual([[], []]);
  build('{"version":"v1"}');
  await look(() => said.length === 1);
  build('{"version":"v2"}');
  await look(() => said.length === 2);
  const before = kept;
  build('{"version":"v2"}');
  await look(() => kept > before);
  expect([said, await present()]).toEqual([["v1", "v2"], ["v2"]]);
});

test("AssetVoice tells nobody what was told before it, and keeps it from being forgotten", async () => {
  build('{"version":"v1"}');
  voice.begin();
  await until("it was told", () => said.length === 1);
  voice.stop();
  voice = voiceOf();
  voice.begin();
  await until("it is kept", () => kept === 2);
  await clock.advance(limits.volatileKeptMs / 2);
  await until("it is kept again", () => kept > 2);
  expect([said, await present()]).toEqual([["v1"], ["v1"]]);
});

test("AssetVoice names a manifest that is none once, and forgets one that is gone", async () => {
  build('{"version":"v1"}');
  voice.begin();
  await until("it was told", () => said.length === 1);
  build("{");
  await look(() => warned.length === 1);
  let turns = 0;
  await look(() => ++turns > 5);
  expect(warned.length).toBe(1);
  const before = kept;
  rmSync(path);
  await look(() => kept > before);
  expect([said, await present()]).toEqual([["v1"], []]);
});
