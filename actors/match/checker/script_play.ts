/**
 * What happens inside the periods of a planned match: goals, cards, reviews and
 * the kicks of a shootout, each where its plan says and nowhere impossible.
 */
import { type FactBody, type MatchTime, type Period, PERIODS, type Side } from "../match_event.ts";
import {
  type Draft,
  MINUTE,
  type Moment,
  placeIn,
  type Plan,
  PROVIDER,
  SECOND,
} from "./match_plan.ts";
import { countShootout } from "./reference_shootout.ts";

export function factsIn(plan: Plan, period: Period, start: number): Draft[] {
  const facts: Draft[] = [];
  const each = <M extends Moment>(
    moments: M[],
    id: string,
    body: (moment: M, time: MatchTime) => FactBody,
  ) =>
    moments.forEach((moment, index) => {
      if (PERIODS[moment.period] !== period) return;
      const { at, time } = placeIn(period, start, moment);
      facts.push({ ...body(moment, time), id: `${id}${index}`, at } as Draft);
    });
  const player = (id: string) => ({ id, name: `Player ${id}` });
  each(plan.goals, "goal", ({ side, method, minute }, time) => ({
    type: "goal.scored",
    side,
    method,
    player: player(`${side}-${minute % 11}`),
    ...time,
  }));
  each(plan.misses, "miss", ({ side }, time) => ({ type: "penalty.missed", side, ...time }));
  each(plan.cards, "card", ({ side, card, minute }, time) => ({
    type: "card.shown",
    side,
    card,
    player: player(`${side}-${minute % 11}`),
    ...time,
  }));
  each(plan.substitutions, "sub", ({ side }, time) => ({
    type: "substitution.made",
    side,
    off: player(`${side}-7`),
    on: player(`${side}-17`),
    ...time,
  }));
  plan.reviews.forEach((review, index) => {
    const about = review.goal === null || plan.goals.length === 0
      ? null
      : review.goal % plan.goals.length;
    const moment = about === null ? review : plan.goals[about]!;
    if (PERIODS[moment.period] !== period) return;
    const { at, time } = placeIn(period, start, moment);
    const id = `review${index}`;
    const target = { provider: PROVIDER, id: `goal${about}` };
    facts.push({
      type: "review.opened",
      id,
      ...(about === null ? { reason: "penalty" } : { reason: "goal", target }),
      ...time,
      at: at + 20 * SECOND,
    });
    if (!review.closes) return;
    facts.push({
      type: "review.closed",
      id: `${id}-end`,
      outcome: review.outcome,
      review: { provider: PROVIDER, id },
      at: at + 90 * SECOND,
    });
    if (review.alsoAnnuls && about !== null && review.outcome === "goalAnnulled") {
      facts.push({
        type: "goal.annulled",
        id: `${id}-annuls`,
        target,
        reason: "offside",
        at: at + 92 * SECOND,
      });
    }
  });
  return facts;
}

export function kickFacts(plan: Plan["shootout"], start: number): Draft[] {
  const facts: Draft[] = [];
  const kicks: { number: number; side: Side; scored: boolean }[] = [];
  const other: Side = plan.first === "home" ? "away" : "home";
  for (let number = 1; countShootout(kicks, 0).winner === null; number++) {
    const isFirst = number % 2 === 1;
    const mirrored = plan.levelAfterFive && number <= 10 && !isFirst;
    // Past what is planned the first side scores and the other misses.
    const scored = mirrored ? kicks.at(-1)!.scored : plan.scored[number - 1] ?? isFirst;
    const kick = { number, side: isFirst ? plan.first : other, scored };
    const at = start + number * MINUTE;
    const id = `kick${number}`;
    if (number === plan.retaken) {
      const target = { provider: PROVIDER, id: `${id}-first` };
      const first: FactBody = { type: "shootout.kicked", ...kick, scored: !scored };
      facts.push({ ...first, id: target.id, at: at - 40 * SECOND });
      facts.push({ type: "kick.retaken", id: `${id}-again`, target, at: at - 20 * SECOND });
    }
    facts.push({ type: "shootout.kicked", id, ...kick, at });
    kicks.push(kick);
  }
  return facts;
}
