/**
 * What every store of settlements promises: a run is written once, whatever is
 * done twice, out of order or by a run that was overtaken.
 */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MarketOutcome, MarketOutcomes } from "../../actors/prediction/market_outcome.ts";
import {
  begin,
  differences,
  emptySettlements,
  entries,
  fromScratch,
  LOCK_AT,
  MATCH,
  type OpenSettlements,
  type Pick,
  pointsOf,
  predict,
  runBy,
  writeAll,
} from "./open_settlements.ts";

const decided = (pick: string, voidPicks: string[] = []): MarketOutcome => (
  { state: "decided", pick, voidPicks }
);
const A: MarketOutcomes = { finalScore: decided("2-1"), matchWinner: decided("home") };
const B: MarketOutcomes = { finalScore: decided("2-2"), matchWinner: decided("draw") };

const PICKS: Pick[] = [
  { user: "ana", market: "finalScore", pick: "2-1" },
  { user: "ana", market: "matchWinner", pick: "home" },
  { user: "Bo", market: "finalScore", pick: "1-0" },
  { user: "bo", market: "finalScore", pick: "2-2" },
  { user: "cy", market: "finalScore", pick: "2-1", late: true },
  { user: "dee", market: "matchWinner", pick: "away" },
];

const outcome = fc.oneof(
  fc.constantFrom("2-1", "2-2", "0-0").map((pick) => decided(pick)),
  fc.constant<MarketOutcome>({ state: "open" }),
  fc.constant<MarketOutcome>({ state: "void", why: "abandoned" }),
);
const winner = fc.oneof(
  fc.constantFrom("home", "draw").map((pick) => decided(pick)),
  fc.constant<MarketOutcome>({ state: "open" }),
);
const outcomes = fc.record({ finalScore: outcome, matchWinner: winner });
const picks: fc.Arbitrary<Pick[]> = fc.uniqueArray(
  fc.record({
    user: fc.nat(12).map((user) => `${user % 2 ? "u" : "U"}${user}`),
    market: fc.constantFrom("finalScore", "matchWinner", "corners"),
    at: fc.nat(3),
    late: fc.boolean(),
  }),
  { selector: ({ user, market }) => `${user} ${market}`, maxLength: 25 },
).map((all) =>
  all.map(({ user, market, at, late }) => {
    const pick = market === "finalScore"
      ? ["2-1", "2-2", "1-0", "99-0"][at]!
      : ["home", "draw", "away", "home"][at]!;
    return { user, market, pick, late };
  })
);

/** @param chunkRows is 4 in what `open` opens */
export function describeSettlementsContract(
  name: string,
  open: () => Promise<OpenSettlements>,
  numRuns: number,
): void {
  describe(name, () => {
    let at: OpenSettlements;
    beforeEach(async () => {
      at = await open();
    });
    afterEach(() => at.close());

    test("a run pays what its picks are worth, late ones nothing", async () => {
      await predict(at, PICKS);
      const begun = await begin(at, A);
      expect(begun.run).toMatchObject({ run: 1, state: "planned", predictions: 6, setAside: [] });
      expect(begun.chunks.length).toBeGreaterThan(1);
      await writeAll(at, begun);
      expect(await pointsOf(at)).toEqual({
        "ana/finalScore": 5,
        "ana/matchWinner": 2,
        "Bo/finalScore": 3,
      });
      expect(await differences(at, begun)).toEqual([]);
      const chunks = await at.store.chunks(MATCH, 1);
      expect(chunks.reduce((sum, { points }) => sum + points, 0)).toBe(10);
      expect(chunks.reduce((sum, { entries }) => sum + entries, 0)).toBe(3);
    });

    test("a chunk is written once, and tells its changes again", async () => {
      await predict(at, PICKS);
      const { chunks: [first] } = await begin(at, A);
      const once = await at.store.writeChunk(MATCH, first!);
      expect(await at.store.writeChunk(MATCH, first!)).toEqual(once);
      expect(once).toMatchObject({ outcome: "written" });
      const changes = await at.store.changes(MATCH, first!);
      expect(changes).toEqual(once.outcome === "written" ? once.changes : null);
      expect((await at.store.unranked(MATCH)).map(({ number }) => number)).toEqual([1]);
      await at.store.markRanked(MATCH, first!);
      expect(await at.store.unranked(MATCH)).toEqual([]);
    });

    test("a newer run shuts the older out, and gives only the difference", async () => {
      await predict(at, PICKS);
      const a = await begin(at, A);
      await writeAll(at, a);
      const rowsOfA = await entries(at.sql);
      await at.store.save(MATCH, 1, { state: "settled", endedAt: 5 });
      const b = await begin(at, B);
      expect(await at.store.writeChunk(MATCH, a.chunks[0]!)).toEqual({ outcome: "superseded" });
      await writeAll(at, b);
      expect(await pointsOf(at)).toEqual({ "bo/finalScore": 5 });
      const rows = await entries(at.sql);
      expect(rows.filter(({ run }) => run === 1)).toEqual(rowsOfA);
      expect(rows.every(({ points }) => points !== 0)).toBe(true);
      expect(await differences(at, b)).toEqual([]);
    });

    test("what nobody ended is superseded; what ended stays as it ended", async () => {
      await predict(at, PICKS);
      await begin(at, A);
      expect(await at.store.begin(runBy(B, { after: 0 }))).toBe("overtaken");
      await begin(at, B);
      const runs = () =>
        at.sql.kysely.selectFrom("settlement_run").select(["run", "state"]).execute();
      expect(await runs()).toEqual([{ run: 1, state: "superseded" }, { run: 2, state: "planned" }]);
      await at.store.save(MATCH, 1, { state: "settled", endedAt: 5 });
      expect((await runs())[0]).toEqual({ run: 1, state: "superseded" });
    });

    test("a run that would write nothing is unchanged, unless the lock moved between", async () => {
      await predict(at, PICKS);
      await writeAll(at, await begin(at, A));
      await at.store.save(MATCH, 1, { state: "settled", endedAt: 5 });
      const again = await begin(at, A, { outcomeKey: "other words" });
      expect([again.run.state, again.chunks]).toEqual(["unchanged", []]);
      const moved = await begin(at, A, { lockAt: LOCK_AT + 500 });
      expect(moved.run.state).toBe("planned");
      await writeAll(at, moved);
      expect(await pointsOf(at)).toMatchObject({ "cy/finalScore": 5 });
      await at.store.save(MATCH, 3, { state: "settled", endedAt: 5 });
      const ask = { command: "again", by: "op", reason: "to be sure" } as const;
      expect(await at.store.command(MATCH, ask)).toEqual({ outcome: "done", run: 3 });
      expect((await begin(at, A, { lockAt: LOCK_AT + 500 })).run.state).toBe("planned");
    });

    test("poison is set aside with its reason, and the run goes on", async () => {
      await predict(at, [...PICKS, { user: "eve", market: "finalScore", pick: "-1-0" }]);
      const begun = await begin(at, A);
      expect(begun.run.setAside).toEqual([
        expect.objectContaining({ pick: "-1-0", reason: expect.stringContaining("0 to 20") }),
      ]);
      await writeAll(at, begun);
      expect(await differences(at, begun)).toEqual([]);
      expect(Object.keys(await pointsOf(at))).toHaveLength(3);
    });

    test("points that nobody planned are found by the sums", async () => {
      await predict(at, PICKS);
      const begun = await begin(at, A);
      await writeAll(at, begun);
      const row = { match_id: MATCH, user_id: "dee", market: "matchWinner", run: 1, points: 2 };
      await at.sql.kysely.insertInto("point_entry").values(row).execute();
      expect(await differences(at, begun)).toEqual([
        expect.objectContaining({ pick: "away", found: { predictions: 1, points: 2 } }),
      ]);
    });

    test("an operator's command is in force at once, and in the book", async () => {
      await predict(at, PICKS);
      const say = (command: "settle" | "hold" | "resume") =>
        at.store.command(MATCH, { command, by: "op", reason: "because" });
      expect(await say("hold")).toMatchObject({ outcome: "refused", code: "noRun" });
      const { chunks: [first] } = await begin(at, A, { holdUntil: 9e15 });
      expect(await say("resume")).toMatchObject({ code: "notHeld" });
      expect(await say("hold")).toEqual({ outcome: "done", run: 1 });
      expect(await at.store.writeChunk(MATCH, first!)).toEqual({ outcome: "held" });
      expect((await at.store.latest(MATCH))?.held).toEqual({ by: "op", reason: "because" });
      await say("resume");
      await say("settle");
      expect((await at.store.latest(MATCH))!.holdUntil).toBeLessThan(9e15);
      const market = "possession" as const;
      await at.store.command(MATCH, { command: "void", by: "op", reason: "no figure", market });
      expect(await at.store.voided(MATCH)).toEqual(["possession"]);
      const book = await at.sql.kysely.selectFrom("settlement_command").selectAll()
        .orderBy("seq").execute();
      expect(book.map(({ seq, by, command }) => [seq, by, command])).toEqual([
        [1, "op", "hold"],
        [2, "op", "resume"],
        [3, "op", "settle"],
        [4, "op", "void"],
      ]);
      expect(JSON.parse(book[0]!.before).run.held).toBeNull();
      expect(JSON.parse(book[0]!.after).run.held.by).toBe("op");
      await at.store.save(MATCH, 1, { state: "settled", endedAt: 5 });
      expect(await say("hold")).toMatchObject({ code: "notOpen" });
    });

    test("fans who picked the same share a cell, and too many cells are a sample", async () => {
      const many = Array.from({ length: 40 }, (_, at) => (
        { user: `fan-${at}`, market: "finalScore", pick: `${at % 20}-0` }
      ));
      await predict(at, [...PICKS, { user: "fay", market: "finalScore", pick: "1-0" }]);
      const cells = await at.store.jointCells(MATCH, LOCK_AT, 1, 100);
      const told = cells!.map((
        { picks, members },
      ) => [picks.map(({ pick }) => pick).join(), members]);
      expect(told.sort()).toEqual([["1-0", 2], ["2-1,home", 1], ["2-2", 1], ["away", 1]]);
      await emptySettlements(at.sql);
      await predict(at, many);
      expect(await at.store.jointCells(MATCH, LOCK_AT, 1, 10)).toBeNull();
      const sampled = (await at.store.jointCells(MATCH, LOCK_AT, 4, 100))!
        .reduce((sum, { members }) => sum + members, 0);
      expect(sampled).toBeGreaterThan(2);
      expect(sampled).toBeLessThan(25);
    });

    test("settling A and amending to B is settling B, whatever is done twice or too late", async () => {
      const moves = fc.array(fc.record({ begin: fc.nat(6), run: fc.nat(2), chunk: fc.nat(9) }), {
        maxLength: 20,
      });
      const results = fc.array(outcomes, { minLength: 2, maxLength: 3 });
      const property = fc.asyncProperty(picks, results, moves, async (all, results, moves) => {
        await emptySettlements(at.sql);
        await predict(at, all);
        const force = () => ({ outcomeKey: String(runs.length) });
        const runs = [await begin(at, results[0]!, { outcomeKey: "0" })];
        const given = [await fromScratch(at, runs[0]!.run, all)];
        const frozen: unknown[][] = [];
        const beginNext = async () => {
          frozen.push((await entries(at.sql)).filter(({ run }) => run === runs.length));
          runs.push(await begin(at, results[runs.length]!, force()));
          given.push(await fromScratch(at, runs.at(-1)!.run, all));
        };
        for (const { begin: next, run, chunk } of moves) {
          if (next === 0 && runs.length < results.length) await beginNext();
          const { chunks } = runs[run % runs.length]!;
          const which = chunks[chunk % chunks.length]!;
          const written = await at.store.writeChunk(MATCH, which);
          expect(written.outcome).toBe(which.run === runs.length ? "written" : "superseded");
          for (const [name, points] of Object.entries(await pointsOf(at))) {
            expect([0, ...given.map((points) => points[name] ?? 0)]).toContain(points);
          }
        }
        while (runs.length < results.length) await beginNext();
        await Promise.all(
          runs.at(-1)!.chunks.toReversed().map((one) => at.store.writeChunk(MATCH, one)),
        );
        expect(await pointsOf(at)).toEqual(given.at(-1));
        expect(await differences(at, runs.at(-1)!)).toEqual([]);
        const rows = await entries(at.sql);
        frozen.forEach((before, index) =>
          expect(rows.filter(({ run }) => run === index + 1)).toEqual(before)
        );
      });
      await fc.assert(property, { numRuns });
    });
  });
}
