import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { snapshotKey } from "../actors/actor_restore.ts";
import { Ledger } from "../actors/ledger.ts";
import { goal, MATCH_ID, scheduled, started } from "../actors/match/match.testing.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { MatchReader } from "./match_reader.ts";
import { type MatchStage, matchStage } from "./match_test_kit.ts";

let stage: MatchStage;
beforeEach(() => (stage = matchStage()));
afterEach(() => stage.close());

const play = [scheduled(), started("firstHalf"), goal("home", 23)];

describe("MatchReader", () => {
  test("is null where there is no such match", async () => {
    expect(await stage.reader.read("nobody")).toBeNull();
  });

  test("reads what the owner committed, at the owner's offset and epoch", async () => {
    await stage.tell(play);
    const reading = (await stage.reader.read(MATCH_ID))!;
    expect(reading.view).toMatchObject({ id: MATCH_ID, phase: "firstHalf", seq: 4 });
    expect(reading.view.score).toEqual({ home: 1, away: 0 });
    const position = (await stage.channels.position(`channel/match:${MATCH_ID}`))!;
    expect(reading).toMatchObject({ offset: position.top, epoch: position.epoch, stale: false });
  });

  test("sees what was appended since, folding only that", async () => {
    await stage.tell(play);
    await stage.reader.read(MATCH_ID);
    const before = stage.reader.builds;
    await stage.reader.read(MATCH_ID);
    expect(stage.reader.builds).toBe(before);
    await stage.tell([goal("away", 30)]);
    expect((await stage.reader.read(MATCH_ID))!.view.score).toEqual({ home: 1, away: 1 });
    expect(stage.reader.builds).toBe(before + 1);
  });

  test("one build a change however many ask", async () => {
    await stage.tell(play);
    await stage.cells.remove(snapshotKey("match", MATCH_ID));
    let built = 0;
    const reader = stage.newReader(9, { snapshotBuilt: () => (built += 1) });
    const readings = await Promise.all(Array.from({ length: 500 }, () => reader.read(MATCH_ID)));
    expect([reader.builds, built]).toEqual([1, 1]);
    expect(new Set(readings.map((reading) => reading!.view)).size).toBe(1);
  });

  test("who asks while a build runs is given one that looked later", async () => {
    await stage.tell(play);
    const { stream } = stage;
    const looked = Promise.withResolvers<void>();
    const mayGoOn = Promise.withResolvers<void>();
    let looks = 0;
    const slow = Object.assign(Object.create(stream), {
      read: (name: string, after: number, limit: number) => stream.read(name, after, limit),
      async position(name: string) {
        const position = await stream.position(name);
        if (++looks === 1) {
          looked.resolve();
          await mayGoOn.promise;
        }
        return position;
      },
    });
    const reader = new MatchReader({
      ...{ stream: slow, cells: stage.cells, channels: stage.channels, matchesMax: 9 },
      events: silentEvents,
      isStale: () => Promise.resolve(false),
    });
    const early = reader.read(MATCH_ID);
    await looked.promise;
    await stage.tell([goal("away", 30)]);
    const late = [reader.read(MATCH_ID), reader.read(MATCH_ID)];
    mayGoOn.resolve();
    await early;
    for (const reading of await Promise.all(late)) {
      expect(reading!.view.score).toEqual({ home: 1, away: 1 });
    }
    expect(looks).toBe(2);
  });

  test("a build that fails fails for those who asked, not for the next", async () => {
    await stage.tell(play);
    let failures = 1;
    const reader = new MatchReader({
      ...{ stream: stage.stream, cells: stage.cells, channels: stage.channels, matchesMax: 9 },
      events: silentEvents,
      isStale: () => failures-- > 0 ? Promise.reject(new Error("away")) : Promise.resolve(false),
    });
    const [first, second] = await Promise.allSettled([
      reader.read(MATCH_ID),
      reader.read(MATCH_ID),
    ]);
    expect(first.status).toBe("rejected");
    expect(second.status).toBe("fulfilled");
    expect((await reader.read(MATCH_ID))!.view.seq).toBe(4);
  });

  test("begins at the owner's snapshot where it can be believed, else at the beginning", async () => {
    await stage.tell(play);
    const key = snapshotKey("match", MATCH_ID);
    const { bytes } = (await stage.cells.get(key))!;
    const fresh = stage.newReader();
    expect((await fresh.read(MATCH_ID))!.view.seq).toBe(4);
    expect(fresh.builds).toBe(0);
    await stage.cells.put(key, Uint8Array.from(bytes, (byte, at) => at === 99 ? byte ^ 1 : byte));
    const anew = stage.newReader();
    expect((await anew.read(MATCH_ID))!.view).toEqual((await fresh.read(MATCH_ID))!.view);
    expect(anew.builds).toBe(1);
  });

  test("a snapshot or a fold ahead of the ledger is of what was taken back", async () => {
    await stage.tell(play);
    await stage.reader.read(MATCH_ID);
    const ledger = new Ledger(stage.stream, "match", MATCH_ID);
    const entries = await ledger.after(0);
    await stage.stream.reset(ledger.name, 1, 0);
    await ledger.append(1, 0, entries.slice(0, 2));
    for (const reader of [stage.reader, stage.newReader()]) {
      expect((await reader.read(MATCH_ID))!.view).toMatchObject({ seq: 2, phase: "scheduled" });
    }
  });

  test("a fold of another epoch is not gone on from: an emptied store may tell otherwise", async () => {
    await stage.tell(play);
    const before = (await stage.reader.read(MATCH_ID))!.view;
    const ledger = new Ledger(stage.stream, "match", MATCH_ID);
    const entries = await ledger.after(0);
    await stage.cells.remove(snapshotKey("match", MATCH_ID));
    await stage.stream.reset(ledger.name, 1, 0);
    const last = entries.at(-1)!;
    const other = { ...last, body: { ...(last.body as object), shadowed: true as const } };
    await ledger.append(1, 0, [...entries.slice(0, -1), other]);
    const after = (await stage.reader.read(MATCH_ID))!.view;
    expect(after.seq).toBe(before.seq);
    expect(after).not.toEqual(before);
  });

  test("keeps so many folds and no more; the least recently read goes first", async () => {
    for (const id of ["a", "b", "c"]) {
      await stage.tell(play, id);
      await stage.cells.remove(snapshotKey("match", id));
    }
    const reader = stage.newReader(2);
    for (const id of ["a", "b", "a", "c"]) await reader.read(id);
    expect(reader.builds).toBe(3);
    await reader.read("a");
    expect(reader.builds).toBe(3);
    await reader.read("b");
    expect(reader.builds).toBe(4);
  });

  test("says that a match is stale", async () => {
    await stage.tell(play);
    const { view } = (await stage.reader.read(MATCH_ID))!;
    await stage.staleMarks.mark(view);
    expect((await stage.reader.read(MATCH_ID))!.stale).toBe(true);
  });
});
