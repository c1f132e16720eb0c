/**
 * What must hold for every match, whatever goes wrong with its feed.
 *
 * A failure prints seed and path; `GOLAZO_SEED` takes the seed again, and
 * `GOLAZO_RUNS` says how many matches the first property draws (the others take
 * their share); `GOLAZO_SHRINK=no` is content with the first failure. Without a seed the same matches are drawn each time, so that a
 * red run is the change's and not the day's.
 */
import process from "node:process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeSnapshot, encodeSnapshot } from "../../snapshot_codec.ts";
import { matchDefinition } from "../match_actor.ts";
import type { ProviderFact } from "../match_event.ts";
import { type GeneratedMatch, generatedMatch } from "./match_generator.ts";
import {
  referencePart,
  tell,
  tellAll,
  type Told,
  untold,
  viewOf,
  waitForDeadline,
  withoutSeqs,
} from "./match_telling.ts";
import { reduceMatch } from "./reference_reducer.ts";

const SEED = Number(process.env.GOLAZO_SEED ?? 20260614);
const RUNS = Number(process.env.GOLAZO_RUNS ?? 150);
const SHRINKS = process.env.GOLAZO_SHRINK !== "no";

function always(share: number, holds: (match: GeneratedMatch, at: number) => void): void {
  const property = fc.property(generatedMatch, fc.nat({ max: 60 }), holds);
  const numRuns = Math.ceil(RUNS * share);
  fc.assert(property, { seed: SEED, numRuns, endOnFailure: !SHRINKS });
}

test("rules and reference agree, after any arrival, on the way and at the end", () => {
  always(1, ({ arrived }, at) => {
    let told = untold();
    for (const [index, fact] of arrived.entries()) {
      told = tell(told, fact);
      if (index === at) expectReference(told);
    }
    expectReference(told);
    // Once nobody waits any more for a missing kick, both count on without it.
    expectReference(waitForDeadline(told));
  });
});

test("a view does not depend on the order of arrival", () => {
  always(0.6, ({ facts, arrived, wholeMinutes }) => {
    // Between facts of one time the rules name arrival themselves.
    fc.pre(!wholeMinutes);
    const inOrder = tellAll(facts);
    const asArrived = tellAll(arrived);
    const refused = [...inOrder.rejected, ...asArrived.rejected];
    expect(refused.filter(({ code }) => code !== "shootoutDecided")).toEqual([]);
    // After the decision no new kick is taken, whatever is told later; the provider sends it again.
    fc.pre(refused.length === 0);
    expect(withoutSeqs(viewOf(asArrived))).toEqual(withoutSeqs(viewOf(inOrder)));
  });
});

test("a score falls only through a fact that corrects", () => {
  always(0.4, ({ arrived }) => {
    let told = untold();
    for (const fact of arrived) {
      const { score: before } = viewOf(told);
      told = tell(told, fact);
      const { score } = viewOf(told);
      const fell = score.home < before.home || score.away < before.away;
      if (fell) expect(fact).toSatisfy(isCorrecting);
    }
  });
});

test("a fact that is told again changes nothing", () => {
  always(0.3, ({ arrived }) => {
    const once = tellAll(arrived);
    const refused = new Set(once.rejected.map(({ fact }) => fact));
    const twice = tellAll(arrived.filter((fact) => !refused.has(fact)).reverse(), once);
    expect(twice.accepted.length).toBe(once.accepted.length);
    expect(viewOf(twice)).toEqual(viewOf(once));
  });
});

test("a match that is cut, stored and restored goes on as if it had not been", () => {
  always(0.4, ({ arrived }, at) => {
    const before = tellAll(arrived.slice(0, at));
    const after = arrived.slice(at);
    const bytes = encodeSnapshot(matchDefinition, before.folded, 1);
    const restored = decodeSnapshot(matchDefinition, bytes);
    if (restored.outcome !== "restored") throw new Error(restored.reason);
    expect(restored.folded.offset).toBe(before.folded.offset);
    const whole = tellAll(after, before);
    const resumed = tellAll(after, { ...before, folded: restored.folded });
    expect(viewOf(resumed)).toEqual(viewOf(whole));
    expect(resumed.folded.offset).toBe(whole.folded.offset);
  });
});

function expectReference(told: Told): void {
  expect(referencePart(viewOf(told))).toEqual(reduceMatch(told.accepted));
}

function isCorrecting(fact: ProviderFact): boolean {
  switch (fact.type) {
    case "goal.annulled":
    case "event.amended":
    case "event.voided":
    case "match.awarded":
      return true;
    case "review.closed":
      return fact.outcome === "goalAnnulled";
    case "review.opened":
      // Its closing came first and says that the target is annulled.
      return fact.target !== undefined;
    default:
      return fact.revision > 1;
  }
}
