import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { pause, systemClock } from "../../runtime/clock.ts";
import { limits } from "../../runtime/limits.ts";
import { seededRandom } from "../../runtime/random.ts";
import { HistoryWriter } from "./history_writer.ts";
import { type Mariadb, startMariadb } from "./mariadb_test_kit.ts";
import { type MysqlSchema, mysqlSchema } from "./mysql_test_kit.ts";
import { goalEntries, goalEntry } from "./temporary_sql.ts";

let server: Mariadb;
let schema: MysqlSchema;
let warnings: string[];
let writer: HistoryWriter;
beforeAll(async () => {
  server = await startMariadb();
  schema = await mysqlSchema(server.url("mysql"));
});
afterAll(async () => {
  await schema.drop();
  await server.stop();
});
beforeEach(async () => {
  await schema.empty();
  warnings = [];
  const events = {
    warned: (message: string) => void warnings.push(message),
    hopTook: () => {},
  } as unknown as BusinessEvents;
  writer = new HistoryWriter({
    records: schema.another(),
    clock: systemClock,
    random: seededRandom(7),
    events,
  });
});

/** A match day: entries of a few matches, one after another, each match's in order. */
class MatchDay {
  readonly seqs = new Map(["arg-fra", "bra-cro", "esp-ger", "mar-por"].map((id) => [id, 0]));
  /** By match, the highest seq whose write has resolved. */
  readonly confirmed = new Map<string, number>();
  readonly written: Promise<void>[] = [];

  async play(untilMs: number): Promise<void> {
    const since = systemClock.monotonic();
    while (systemClock.monotonic() - since < untilMs) {
      for (const [matchId, seq] of this.seqs) {
        this.seqs.set(matchId, seq + 1);
        this.written.push(
          writer.write(matchId, 1, 5, [goalEntry(seq + 1)]).then(() => {
            expect(this.confirmed.get(matchId) ?? 0).toBe(seq);
            this.confirmed.set(matchId, seq + 1);
          }),
        );
      }
      await pause(systemClock, 5);
    }
  }

  async expectWhole(): Promise<void> {
    await Promise.all(this.written);
    expect(writer.pending()).toBe(0);
    for (const [matchId, last] of this.seqs) {
      expect(await schema.store.entriesAfter(matchId, 0, 100_000)).toEqual(goalEntries(1, last));
    }
  }
}

test("HistoryWriter loses nothing while the server is frozen, and keeps the order", async () => {
  const day = new MatchDay();
  await day.play(300);
  server.signal("SIGSTOP");
  await day.play(limits.sqlAnswerMsMax + 1_500);
  const behind = writer.pending();
  server.signal("SIGCONT");
  expect(behind).toBeGreaterThan(1_000);
  await day.play(300);
  await day.expectWhole();
  expect(warnings).toEqual([expect.stringContaining("entries wait and are tried again")]);
});

test("HistoryWriter has what it confirmed after the server was killed, and goes on", async () => {
  const day = new MatchDay();
  await day.play(300);
  server.signal("SIGKILL");
  await day.play(500);
  const confirmed = new Map(day.confirmed);
  await server.restart();
  for (const [matchId, seq] of confirmed) {
    expect(await schema.store.top(matchId)).toBeGreaterThanOrEqual(seq);
  }
  await day.play(300);
  await day.expectWhole();
  expect(warnings[0]).toContain("entries wait and are tried again");
});

test("HistoryWriter.drain gives a frozen server up; what it left can be written again", async () => {
  const day = new MatchDay();
  await day.play(100);
  server.signal("SIGSTOP");
  await day.play(100);
  const settled = Promise.allSettled(day.written);
  const left = await writer.drain(500);
  expect(left).toBeGreaterThan(0);
  const refused = (await settled).filter(({ status }) => status === "rejected");
  expect(refused).toHaveLength(left);
  server.signal("SIGCONT");
  const again = [...day.seqs].map(([matchId, last]) => ({
    entity: matchId,
    partition: 1,
    fence: 5,
    entries: goalEntries(1, last),
  }));
  expect(await schema.store.appendEntries(again)).toEqual(
    again.map(() => ({ outcome: "recorded" })),
  );
});
