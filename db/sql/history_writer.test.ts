import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BatchOutcome, EntryBatch, MatchRecords } from "../../actors/ports/records.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { seededRandom } from "../../runtime/random.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { nextTurn } from "../../runtime/turn.ts";
import { HistoryWriter } from "./history_writer.ts";
import { MatchHistory } from "./match_history.ts";
import { goalEntries, goalEntry, type TemporarySql, temporarySql } from "./temporary_sql.ts";

/** The real store behind a door that can be shut or answer with a failure. */
class Door {
  calls: EntryBatch[][] = [];
  /** What stands in the way of a call; none: it goes through. */
  obstacle: (batches: EntryBatch[]) => Promise<void> = () => Promise.resolve();
  readonly #records: MatchRecords;

  constructor(records: MatchRecords) {
    this.#records = records;
  }

  async appendEntries(batches: EntryBatch[]): Promise<BatchOutcome[]> {
    this.calls.push(batches);
    await this.obstacle(batches);
    return await this.#records.appendEntries(batches);
  }
}

let opened: TemporarySql;
let door: Door;
let clock: SimulatedClock;
let warnings: string[];
let fenced: string[];
let writer: HistoryWriter;

beforeEach(async () => {
  opened = await temporarySql();
  door = new Door(opened.store);
  clock = new SimulatedClock();
  warnings = [];
  fenced = [];
  const events: BusinessEvents = {
    warned: (message: string) => void warnings.push(message),
    writeFenced: (store: string) => void fenced.push(store),
    hopTook: () => {},
  } as unknown as BusinessEvents;
  writer = new HistoryWriter({ records: door, clock, random: seededRandom(7), events });
});
afterEach(() => opened.close());

const away = () => Promise.reject(new Failure("storeBusy", "SQL is away", { retryable: true }));
const through = () => Promise.resolve();

/** Lets the writer work until nothing is left, with time passing. */
async function settle(): Promise<void> {
  while (writer.pending() > 0) {
    await nextTurn();
    await clock.advance(limits.historyRetryMsMax);
  }
}

function shut(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  door.obstacle = () => promise;
  return () => {
    door.obstacle = through;
    resolve();
  };
}

describe("HistoryWriter.write", () => {
  test("resolves once SQL has the entries", async () => {
    await writer.write("arg-fra", 1, 5, goalEntries(1, 2));
    expect(await opened.store.entriesAfter("arg-fra", 0, 10)).toEqual(goalEntries(1, 2));
    expect(writer.pending()).toBe(0);
  });

  test("gathers what comes while a flush is in flight into the next one", async () => {
    const open = shut();
    const first = writer.write("arg-fra", 1, 5, [goalEntry(1)]);
    await nextTurn();
    await nextTurn();
    const rest = goalEntries(2, 10).map((entry) => writer.write("arg-fra", 1, 5, [entry]));
    await nextTurn();
    expect(writer.pending()).toBe(10);
    open();
    await Promise.all([first, ...rest]);
    expect(door.calls.map((batches) => batches.length)).toEqual([1, 9]);
    expect(await opened.store.top("arg-fra")).toBe(10);
  });

  test("puts no more than the limit into one flush", async () => {
    await Promise.all(goalEntries(1, 500).map((entry) => writer.write("arg-fra", 1, 5, [entry])));
    const sizes = door.calls.map((batches) => batches.length);
    expect(Math.max(...sizes)).toBe(limits.historyFlushEntriesMax);
    expect(sizes.length).toBe(Math.ceil(500 / limits.historyFlushEntriesMax));
    await writer.write("esp-ger", 1, 5, goalEntries(1, limits.historyFlushEntriesMax * 3));
    expect(await opened.store.top("esp-ger")).toBe(limits.historyFlushEntriesMax * 3);
  });

  test("waits while SQL is away, tries again and keeps the order", async () => {
    let refusals = 5;
    door.obstacle = () => refusals-- > 0 ? away() : through();
    const written = goalEntries(1, 3).map((entry) => writer.write("arg-fra", 1, 5, [entry]));
    await settle();
    await Promise.all(written);
    expect(await opened.store.entriesAfter("arg-fra", 0, 10)).toEqual(goalEntries(1, 3));
    expect(warnings).toEqual([
      "Cannot write history, 3 entries wait and are tried again: SQL is away",
    ]);
  });

  test("waits while SQL does not let us in: no entry is to blame for that", async () => {
    let refusals = 3;
    const refused = new Failure("storeRefused", "the password was changed");
    door.obstacle = () => refusals-- > 0 ? Promise.reject(refused) : through();
    const written = writer.write("arg-fra", 1, 5, [goalEntry(1)]);
    await settle();
    await written;
    expect(warnings).toEqual([expect.stringContaining("the password was changed")]);
  });

  test("an answer that was lost is found again, not written twice", async () => {
    let isFirst = true;
    door.obstacle = async (batches) => {
      if (!isFirst) return;
      isFirst = false;
      await opened.store.appendEntries(batches);
      await away();
    };
    const written = writer.write("arg-fra", 1, 5, goalEntries(1, 3));
    await settle();
    await written;
    expect(await opened.store.entriesAfter("arg-fra", 0, 10)).toEqual(goalEntries(1, 3));
  });

  test("a fenced batch fails alone", async () => {
    await writer.write("arg-fra", 1, 9, [goalEntry(1)]);
    const stale = writer.write("arg-fra", 1, 8, [goalEntry(2)]);
    const other = writer.write("esp-ger", 2, 8, [goalEntry(1)]);
    await expect(stale).rejects.toMatchObject({ code: "fenced", retryable: false });
    await other;
    expect(fenced).toEqual(["sql"]);
    expect(writer.pending()).toBe(0);
  });

  test("a conflict and a gap fail alone, naming match and seq", async () => {
    await writer.write("arg-fra", 1, 5, [goalEntry(1)]);
    const other = goalEntry(1, { fact: { ...goalEntry(1).fact, id: "another" } });
    const [conflict, gap, sound] = await Promise.allSettled([
      writer.write("arg-fra", 1, 5, [other]),
      writer.write("esp-ger", 1, 5, [goalEntry(2)]),
      writer.write("bra-cro", 1, 5, [goalEntry(1)]),
    ]);
    expect(conflict).toMatchObject({ reason: { code: "ledgerConflict" } });
    expect(gap).toMatchObject({
      reason: { code: "ledgerGap", message: expect.stringMatching(/esp-ger.*seq 2/) },
    });
    expect(sound!.status).toBe("fulfilled");
  });

  test("what follows a conflict fails like it until a claim, though SQL could take it", async () => {
    await writer.write("arg-fra", 1, 5, [goalEntry(1), goalEntry(2), goalEntry(3)]);
    const other = goalEntry(2, { fact: { ...goalEntry(2).fact, id: "another" } });
    const [conflict, inSameFlush] = await Promise.allSettled([
      writer.write("arg-fra", 1, 6, [other]),
      writer.write("arg-fra", 1, 6, [goalEntry(4)]),
    ]);
    for (const refused of [conflict, inSameFlush]) {
      expect(refused).toMatchObject({ reason: { code: "ledgerConflict" } });
    }
    await expect(writer.write("arg-fra", 1, 6, [goalEntry(4)]))
      .rejects.toMatchObject({ code: "ledgerConflict" });
    expect(await opened.store.top("arg-fra")).toBe(3);
    expect(writer.pending()).toBe(0);
    await writer.write("arg-fra", 1, 6, []);
    await writer.write("arg-fra", 1, 6, [goalEntry(4)]);
    expect(await opened.store.top("arg-fra")).toBe(4);
  });

  test("a batch that breaks the transaction for good fails alone", async () => {
    door.obstacle = (batches) =>
      batches.some(({ entity }) => entity === "poison")
        ? Promise.reject(new Error("no such column"))
        : through();
    const [before, poison, after] = await Promise.allSettled([
      writer.write("arg-fra", 1, 5, [goalEntry(1)]),
      writer.write("poison", 1, 5, [goalEntry(1)]),
      writer.write("esp-ger", 1, 5, [goalEntry(1)]),
    ]);
    expect([before!.status, poison!.status, after!.status]).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(writer.pending()).toBe(0);
  });

  test("never refuses entries past the bound, and says so once", async () => {
    const open = shut();
    const many = new Array(limits.historyPendingMax).fill(goalEntry(1));
    const first = writer.write("arg-fra", 1, 5, many);
    expect(warnings).toEqual([]);
    const rest = [1, 2].map(() => writer.write("arg-fra", 1, 5, [goalEntry(1)]));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("History is behind: 170001 entries");
    expect(writer.pending()).toBe(limits.historyPendingMax + 2);
    open();
    await expect(first).rejects.toThrow("go on after 1");
    await Promise.all(rest);
  });

  test("keeps every match's order through outages, whatever the interleaving", async () => {
    const random = seededRandom(2022);
    door.obstacle = () => random.fraction() < 0.3 ? away() : through();
    const matches = ["arg-fra", "bra-cro", "esp-ger", "mar-por"];
    const seqs = new Map(matches.map((matchId) => [matchId, 0]));
    const written: Promise<void>[] = [];
    for (let turn = 0; turn < 300; turn++) {
      const matchId = matches[Math.floor(random.fraction() * matches.length)]!;
      const first = seqs.get(matchId)! + 1;
      const last = first + Math.floor(random.fraction() * 4);
      seqs.set(matchId, last);
      written.push(writer.write(matchId, matches.indexOf(matchId), 5, goalEntries(first, last)));
      if (random.fraction() < 0.2) await nextTurn();
    }
    await settle();
    await Promise.all(written);
    for (const [matchId, last] of seqs) {
      expect(await opened.store.entriesAfter(matchId, 0, 10_000)).toEqual(goalEntries(1, last));
    }
  });
});

describe("HistoryWriter.drain", () => {
  test("waits until SQL has everything, then refuses writes", async () => {
    const written = goalEntries(1, 200).map((entry) => writer.write("arg-fra", 1, 5, [entry]));
    expect(await writer.drain(5_000)).toBe(0);
    await Promise.all(written);
    await expect(writer.write("arg-fra", 1, 5, [goalEntry(201)])).rejects.toMatchObject({
      code: "historyStopped",
    });
  });

  test("gives up at the deadline, and nobody is left waiting", async () => {
    door.obstacle = away;
    const written = writer.write("arg-fra", 1, 5, goalEntries(1, 3));
    const drained = writer.drain(1_000);
    const refused = expect(written).rejects.toMatchObject({
      code: "historyStopped",
      retryable: true,
    });
    await nextTurn();
    await clock.advance(1_000);
    expect(await drained).toBe(3);
    await refused;
    expect(writer.pending()).toBe(0);
  });
});

test("HistoryWriter.waiting, behindMs: what SQL lacks of a match, and for how long", async () => {
  door.obstacle = away;
  const writes = [
    writer.write("arg-fra", 1, 5, goalEntries(1, 2)),
    writer.write("esp-ger", 2, 5, goalEntries(1, 1)),
    // A new owner of the same process hands over what it found, and goes on.
    writer.write("arg-fra", 1, 6, goalEntries(1, 3)),
  ];
  await nextTurn();
  await clock.advance(300);
  expect(writer.waiting("arg-fra")).toEqual(goalEntries(1, 3));
  expect(writer.behindMs()).toBe(300);
  door.obstacle = through;
  // Each owner's entries go in a transaction of their own, so the newer does not shut the older out.
  const settling = Promise.allSettled(writes);
  await settle();
  const outcomes = await settling;
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
  expect(await opened.store.top("arg-fra")).toBe(3);
  expect(fenced).toEqual([]);
  expect([writer.waiting("arg-fra"), writer.behindMs()]).toEqual([[], 0]);
});

test("MatchHistory is the History port of one loop: what it writes it gives back", async () => {
  const history = new MatchHistory(writer, opened.store, (matchId) => matchId.length);
  const entries = goalEntries(1, 1_500).map(({ seq, recordedAt, ...body }) => ({
    seq,
    recordedAt,
    body,
  }));
  const written = history.write("arg-fra", 5, entries);
  expect(history.unconfirmed("arg-fra")).toEqual(entries);
  await written;
  expect(history.unconfirmed("arg-fra")).toEqual([]);
  expect(await history.top("arg-fra")).toBe(1_500);
  expect(await history.after("arg-fra", 2)).toEqual(entries.slice(2));
  expect(await history.after("arg-fra", 1_500)).toEqual([]);
  await expect(history.write("esp-ger", 4, entries.slice(0, 1))).rejects.toMatchObject({
    code: "fenced",
  });
});
