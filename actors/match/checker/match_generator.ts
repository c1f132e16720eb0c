/**
 * Draws matches of every format with what goes wrong in them, and the orders in
 * which their facts may arrive.
 *
 * The weights are chosen so that the rare things (an annulment after full time,
 * a retaken kick, a suspension, sudden death, a void before its target) are not
 * rare here; match_generator.test.ts measures them.
 */
import fc from "fast-check";
import type { MatchFormat } from "../../fixture/competition_rules.ts";
import type { ProviderFact } from "../match_event.ts";
import type { Moment, Plan } from "./match_plan.ts";
import { scriptMatch } from "./match_script.ts";
import { CORRECTION_KINDS } from "./planned_correction.ts";

export interface GeneratedMatch {
  /** In the order in which it happened, the fixture first. */
  facts: ProviderFact[];
  /** The same in the order of arrival, some twice; the fixture still first. */
  arrived: ProviderFact[];
  /** Many facts are of one time, so their order is that of arrival. */
  wholeMinutes: boolean;
}

const side = fc.constantFrom("home" as const, "away" as const);
const moment: fc.Arbitrary<Moment> = fc.record({
  period: fc.nat({ max: 3 }),
  minute: fc.integer({ min: 1, max: 45 }),
  stoppage: fc.nat({ max: 4 }),
  side,
});
const withMoment = <T>(more: fc.Arbitrary<T>): fc.Arbitrary<Moment & T> =>
  fc.tuple(moment, more).map(([when, what]) => ({ ...when, ...what }));

const format: fc.Arbitrary<MatchFormat> = fc.oneof(
  { arbitrary: fc.constant({ kind: "league" as const }), weight: 3 },
  { arbitrary: fc.constant({ kind: "cup" as const }), weight: 5 },
  { arbitrary: fc.constant({ kind: "cup" as const, goldenGoal: true }), weight: 2 },
  { arbitrary: fc.constant({ kind: "straightToShootout" as const }), weight: 2 },
  {
    arbitrary: fc.record({
      kind: fc.constant("secondLeg" as const),
      aggregate: fc.record({ home: fc.nat({ max: 3 }), away: fc.nat({ max: 3 }) }),
      awayGoals: fc.boolean(),
      extraTime: fc.boolean(),
    }),
    weight: 3,
  },
);

type Stop = Extract<Plan["interruption"], Moment>;
const stop = (kind: fc.Arbitrary<Stop["kind"]>): fc.Arbitrary<Stop> =>
  withMoment(fc.record({ kind, atOnce: fc.boolean() }));

const interruption: fc.Arbitrary<Plan["interruption"]> = fc.oneof(
  { arbitrary: stop(fc.constant("none")), weight: 12 },
  {
    arbitrary: stop(fc.constantFrom(
      "suspended",
      "suspended",
      "resumeLost",
      "abandoned",
      "awarded",
      "awardedBefore",
      "cancelled",
    )),
    weight: 5,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant("postponed" as const),
      rescheduled: fc.boolean(),
      atOnce: fc.boolean(),
    }),
    weight: 1,
  },
);

const plan: fc.Arbitrary<Plan> = fc.record({
  format,
  goesTo: fc.constantFrom("regulation", "extraTime", "shootout", "shootout"),
  goals: fc.array(
    withMoment(fc.record({ method: fc.constantFrom("open", "open", "penalty", "ownGoal") })),
    { maxLength: 5 },
  ),
  misses: fc.array(moment, { maxLength: 1 }),
  cards: fc.array(
    withMoment(fc.record({ card: fc.constantFrom("yellow", "secondYellow", "red") })),
    { maxLength: 3 },
  ),
  substitutions: fc.array(moment, { maxLength: 3 }),
  reviews: fc.array(
    withMoment(fc.record({
      goal: fc.option(fc.nat({ max: 4 }), { freq: 4 }),
      outcome: fc.constantFrom("goalStands", "goalAnnulled", "goalAnnulled", "noChange"),
      closes: fc.constantFrom(true, true, true, false),
      alsoAnnuls: fc.boolean(),
    })),
    { maxLength: 2 },
  ),
  shootout: fc.record({
    first: side,
    levelAfterFive: fc.boolean(),
    scored: fc.array(fc.boolean(), { minLength: 8, maxLength: 16 }),
    retaken: fc.option(fc.integer({ min: 1, max: 10 }), { freq: 2 }),
  }),
  interruption,
  corrections: fc.array(
    fc.record({
      // Goals are what a score is made of, and voids what undoes a correction.
      kind: fc.constantFrom(
        ...CORRECTION_KINDS,
        "annulGoal",
        "annulGoal",
        "annulGoal",
        "annulAgain",
        "annulAgain",
        "amendGoal",
        "amendGoal",
        "voidAny",
        "voidCorrection",
        "voidCorrection",
        "revise",
      ),
      pick: fc.oneof(fc.nat({ max: 1 }), fc.nat({ max: 200 })),
      late: fc.constantFrom(true, true, false),
      byOperator: fc.boolean(),
      value: fc.nat({ max: 9 }),
    }),
    { maxLength: 4 },
  ),
  lost: fc.oneof(
    { arbitrary: fc.constant([]), weight: 3 },
    { arbitrary: fc.array(fc.nat({ max: 200 }), { maxLength: 3 }), weight: 1 },
  ),
  percent: fc.oneof(
    { arbitrary: fc.constant(100), weight: 4 },
    { arbitrary: fc.integer({ min: 1, max: 100 }), weight: 1 },
  ),
  wholeMinutes: fc.constantFrom(false, false, false, true),
});

interface Arrival {
  /** How far a fact may be from its place: none, a few, any. */
  disorder: 0 | 8 | 1_000;
  drift: number[];
  /** Which fact comes again, and how many places later. */
  again: { pick: number; later: number }[];
}

const arrival: fc.Arbitrary<Arrival> = fc.record({
  disorder: fc.constantFrom(0 as const, 8 as const, 1_000 as const, 1_000 as const),
  drift: fc.array(fc.nat({ max: 999 }), { minLength: 60, maxLength: 60 }),
  again: fc.array(fc.record({ pick: fc.nat({ max: 200 }), later: fc.nat({ max: 60 }) }), {
    maxLength: 4,
  }),
});

export const generatedMatch: fc.Arbitrary<GeneratedMatch> = fc.tuple(plan, arrival).map(
  ([planned, { disorder, drift, again }]) => {
    const facts = scriptMatch(planned);
    const [fixture, ...rest] = facts;
    const place = (index: number) =>
      index + (disorder === 0 ? 0 : drift[index % drift.length]! % disorder);
    const placed = rest.map((fact, index) => ({ fact, place: place(index) }));
    for (const { pick, later } of rest.length === 0 ? [] : again) {
      const { fact, place: first } = placed[pick % rest.length]!;
      placed.push({ fact, place: first + later });
    }
    const arrived = placed.sort((a, b) => a.place - b.place).map(({ fact }) => fact);
    const { wholeMinutes } = planned;
    return printable({ facts, arrived: [fixture!, ...arrived], wholeMinutes });
  },
);

/** A counterexample as a line a fact, in the order of arrival. */
function printable(match: GeneratedMatch): GeneratedMatch {
  const lines = () => ["arrived:", ...match.arrived.map((fact) => JSON.stringify(fact))].join("\n");
  return Object.defineProperty(match, fc.toStringMethod, { value: lines });
}
