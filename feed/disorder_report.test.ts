import { describe, expect, test } from "vitest";
import type { ProviderFact } from "../actors/match/match_event.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { DisorderReport } from "./disorder_report.ts";
import { eventsThat, MATCH } from "./feed_test_kit.ts";

function report() {
  const seen: string[] = [];
  const events = eventsThat({
    disorderSeen: (match, provider) => void seen.push(match + provider),
  });
  const disorder = new DisorderReport(events, new SimulatedClock(9));
  const saw = (id: string, change: Record<string, unknown> = {}, match = MATCH) => {
    const fact = { provider: "acme", id, revision: 1, type: "goal.scored", occurredAt: 1_000 };
    disorder.saw(match, { ...fact, ...change } as unknown as ProviderFact);
  };
  return { disorder, saw, seen };
}

const quiet = {
  match: MATCH,
  provider: "acme",
  since: 9,
  earlierTime: 0,
  earlierMinute: 0,
  lateRevisions: 0,
  unknownTargets: 0,
  furthestBackMs: 0,
};

describe("DisorderReport", () => {
  test("counts nothing for facts in order, resent and revised ones included", () => {
    const { disorder, saw, seen } = report();
    const first = { period: "firstHalf", minute: 45, stoppage: 6 };
    saw("g1", first);
    saw("g2", { occurredAt: 2_000, period: "secondHalf", minute: 46 });
    saw("g1", first);
    saw("g1", { ...first, minute: 44, revision: 2 });
    saw("a1", { type: "goal.annulled", occurredAt: 3_000, target: { provider: "acme", id: "g2" } });
    expect(disorder.lines()).toEqual([{ ...quiet, facts: 4 }]);
    expect(seen).toEqual([]);
  });

  test("counts an earlier time and how far back it lies", () => {
    const { disorder, saw, seen } = report();
    saw("g1", { occurredAt: 5_000 });
    saw("g2", { occurredAt: 1_500 });
    saw("g3", { occurredAt: 4_000 });
    expect(disorder.lines()).toEqual([
      { ...quiet, facts: 3, earlierTime: 2, furthestBackMs: 3_500 },
    ]);
    expect(seen).toHaveLength(2);
  });

  test.each([
    [{ period: "secondHalf", minute: 46 }, { period: "firstHalf", minute: 45, stoppage: 9 }],
    [{ period: "firstHalf", minute: 30 }, { period: "firstHalf", minute: 29 }],
    [{ period: "firstHalf", minute: 45, stoppage: 2 }, { period: "firstHalf", minute: 45 }],
  ])("counts an earlier minute: %j before %j", (earlier, later) => {
    const { disorder, saw } = report();
    saw("g1", earlier);
    saw("g2", later);
    expect(disorder.lines()).toEqual([{ ...quiet, facts: 2, earlierMinute: 1 }]);
  });

  test("counts a revision that comes after a higher one", () => {
    const { disorder, saw, seen } = report();
    saw("g1", { revision: 3 });
    saw("g1", { revision: 2 });
    expect(disorder.lines()).toEqual([{ ...quiet, facts: 2, lateRevisions: 1 }]);
    expect(seen).toHaveLength(1);
  });

  test("counts a correction that comes before what it corrects", () => {
    const { disorder, saw, seen } = report();
    saw("a1", { type: "goal.annulled", target: { provider: "acme", id: "g1" } });
    saw("g1");
    saw("a2", { type: "goal.annulled", target: { provider: "acme", id: "g1" } });
    expect(disorder.lines()).toEqual([{ ...quiet, facts: 3, unknownTargets: 1 }]);
    expect(seen).toHaveLength(1);
  });

  test("looks for a target with the provider that it names", () => {
    const { disorder, saw } = report();
    saw("g1");
    saw("v1", { provider: "operator", target: { provider: "acme", id: "g1" } });
    saw("v2", { provider: "operator", target: { provider: "operator", id: "g1" } });
    expect(disorder.lines().map((line) => [line.provider, line.unknownTargets])).toEqual([
      ["operator", 1],
      ["acme", 0],
    ]);
  });

  test("keeps the most recently heard feeds, a bounded number", () => {
    const { disorder, saw } = report();
    for (let at = 0; at <= limits.matchListMax; at++) {
      saw("g1", {}, `m${at}`);
      saw("g2", {}, "m0");
    }
    const matches = disorder.lines().map(({ match }) => match);
    expect(matches).toHaveLength(limits.matchListMax);
    expect(matches.slice(0, 2)).toEqual(["m0", `m${limits.matchListMax}`]);
    expect(matches).not.toContain("m1");
  });

  test("remembers a bounded number of facts, and claims no unknown target beyond it", () => {
    const { disorder, saw } = report();
    for (let at = 0; at <= limits.matchFactsMax; at++) saw(`g${at}`);
    saw("a1", { target: { provider: "acme", id: `g${limits.matchFactsMax}` } });
    expect(disorder.lines()[0]).toEqual({ ...quiet, facts: limits.matchFactsMax + 2 });
  });
});
