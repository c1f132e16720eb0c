import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { goal, MATCH_ID, scheduled, started } from "../actors/match/match.testing.ts";
import type { ProviderFact } from "../actors/match/match_event.ts";
import { type TemporaryFolder, temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { type BusinessEvents, silentEvents } from "../runtime/business_events.ts";
import { systemRandom } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import type { Config } from "./config.ts";
import { DeadLetters } from "./dead_letters.ts";
import { Quarantine } from "./quarantine.ts";
import { openHotStores, openSqlStores } from "./stores.ts";
import { unequalMatches, wireFeed, wireHistory, wireOwners, wireReaders } from "./wiring.ts";

let folder: TemporaryFolder;
beforeEach(() => void (folder = temporaryFolder()));
afterEach(() => folder.remove());

/** One process on the folder, all of it wired; `wake` is what its owners do at their start. */
async function begin(fence: number) {
  const clock = new SimulatedClock();
  const warnings: string[] = [];
  const events: BusinessEvents = Object.assign(
    Object.create(silentEvents),
    { warned: (message: string) => void warnings.push(message) },
  );
  const parts = { clock, random: systemRandom, events };
  const config = { redisUrl: null, databaseUrl: null, data: folder.path("data") } as Config;
  const hot = await openHotStores(config, parts);
  const sql = await openSqlStores(config, parts);
  const readers = wireReaders(hot, parts);
  const { writer, history } = wireHistory(sql, parts);
  const faults = { over: null as string | null };
  const { matches } = await wireOwners({
    ...{ hot, readers, history, quarantine: new Quarantine(), fenceOf: () => fence },
    deadLetters: new DeadLetters(hot.streams, events),
    faultHook(matchId) {
      if (matchId === faults.over) throw new Error("no way");
    },
  }, parts);
  const unequal = await unequalMatches(hot, sql, readers, () => true);
  for (const matchId of unequal) await matches.wake(matchId);
  await settled();
  const { intake } = wireFeed(hot, matches, parts);
  return {
    ...{ hot, sql, readers, matches, faults, unequal, warnings },
    async tell(facts: ProviderFact[], matchId = MATCH_ID) {
      const values = facts.map(({ provider: _provider, ...fact }) => fact);
      const submission = { provider: "feed", matchId, values, receivedAt: clock.now() };
      return await intake.submit(submission);
    },
    async pass(ms: number) {
      await settled();
      await clock.advance(ms);
      await settled();
    },
    page: async () => JSON.parse((await readers.pages.match(MATCH_ID))!.body),
    listed: () => readers.directory.ids(),
    async end() {
      await matches.stop("the test is over");
      await writer.drain(0);
      await sql.close();
      await hot.close();
    },
  };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 25; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const play = [scheduled(), started("firstHalf"), goal("home", 23)];

describe("a process that follows another", () => {
  test("finds everything equal and wakes nobody", async () => {
    const first = await begin(1);
    await first.tell(play);
    const page = await first.page();
    expect(await first.listed()).toEqual([MATCH_ID]);
    await first.end();
    const second = await begin(2);
    expect(second.unequal).toEqual([]);
    expect(await second.page()).toEqual(page);
    expect(await second.listed()).toEqual([MATCH_ID]);
    expect([first.warnings, second.warnings]).toEqual([[], []]);
    await second.end();
  });

  for (const lost of ["hot.db", "golazo.db", "channels.db"]) {
    test(`without ${lost} has the same matches, pages and list`, async () => {
      const first = await begin(1);
      await first.tell(play);
      const page = await first.page();
      await first.end();
      for (const part of ["", "-wal", "-shm"]) {
        rmSync(folder.path(`data/${lost}${part}`), { force: true });
      }
      const second = await begin(2);
      expect(second.unequal).toEqual([MATCH_ID]);
      expect(await second.page()).toEqual(page);
      expect(await second.listed()).toEqual([MATCH_ID]);
      expect(await second.sql.records.top(MATCH_ID)).toBe(page.seq);
      const channel = await second.hot.channels.position(`channel/match:${MATCH_ID}`);
      expect(channel!.top).toBe((await second.readers.reader.read(MATCH_ID))!.offset);
      await second.end();
    });
  }

  test("lists again what an earlier one did not come to list", async () => {
    const first = await begin(1);
    await first.tell(play);
    await first.hot.streams.reset("matches", 1, 0);
    await first.end();
    const second = await begin(2);
    expect(await second.listed()).toEqual([MATCH_ID]);
    await second.end();
  });

  test("does not list again what left the list", async () => {
    const first = await begin(1);
    await first.tell(play);
    await first.readers.directory.remove(MATCH_ID);
    await first.end();
    const second = await begin(2);
    expect(await second.listed()).toEqual([]);
    await second.end();
  });
});

describe("a parked match", () => {
  async function parked() {
    const process = await begin(1);
    await process.tell(play);
    process.faults.over = MATCH_ID;
    for (let minute = 1; minute < 9; minute++) {
      void process.tell([goal("away", minute)]).catch(() => {});
    }
    const state = () => process.matches.status()[0]!.state;
    for (let step = 0; step < 50 && state() !== "parked"; step++) await process.pass(200);
    expect(state()).toBe("parked");
    await settled();
    return process;
  }

  test("is shown as it was, marked stale, until it is unparked", async () => {
    const process = await parked();
    expect(await process.page()).toMatchObject({ stale: true, score: { home: 1, away: 0 } });
    process.faults.over = null;
    process.matches.unpark(`match/${MATCH_ID}`);
    await process.pass(100);
    expect(await process.page()).toMatchObject({ stale: false });
    await process.end();
  });

  test("is not stale for ever: the next process wakes it and clears the mark", async () => {
    const first = await parked();
    expect((await first.page()).stale).toBe(true);
    await first.end();
    const second = await begin(2);
    expect(second.unequal).toEqual([MATCH_ID]);
    expect((await second.page()).stale).toBe(false);
    await second.end();
  });
});
