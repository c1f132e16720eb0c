/**
 * A planned match that does not go through: suspended, abandoned, awarded, …
 * What happens after an interruption happens so much later.
 */
import { OPERATOR, PERIODS } from "../match_event.ts";
import {
  type Draft,
  KICKOFF_AT,
  MINUTE,
  nameOf,
  placeIn,
  type Plan,
  SECOND,
} from "./match_plan.ts";

export function interrupt(plan: Plan, facts: Draft[]): Draft[] {
  const { interruption } = plan;
  if (interruption.kind === "none") return facts;
  if (interruption.kind === "postponed") {
    const postponed: Draft = { type: "match.postponed", id: "postponed", at: -90 * MINUTE };
    const kickoffAt = KICKOFF_AT + MINUTE;
    if (!interruption.rescheduled) return [postponed];
    const moved = { type: "match.rescheduled", id: "rescheduled", kickoffAt } as const;
    return [
      postponed,
      { ...moved, at: -70 * MINUTE, ...together(interruption.atOnce, postponed) },
      ...facts,
    ];
  }
  const period = PERIODS[interruption.period % 2]!;
  const start = facts.find(({ id }) => id === `${period}-start`)!.at;
  const at = placeIn(period, start, interruption).at + 5 * SECOND;
  const before = facts.filter((fact) => fact.at <= at);
  const after = facts.filter((fact) => fact.at > at)
    .map((fact) => ({ ...fact, at: fact.at + 25 * MINUTE }));
  const suspended: Draft = { type: "match.suspended", id: "suspended", at };
  const later = at + 20 * MINUTE;
  switch (interruption.kind) {
    case "suspended": {
      const resumed = { type: "match.resumed", id: "resumed" } as const;
      const when = { at: later, ...together(interruption.atOnce, suspended) };
      return [...before, suspended, { ...resumed, ...when }, ...after];
    }
    case "resumeLost":
      return [...before, suspended, ...after];
    case "cancelled":
      return [...before, suspended, { type: "match.cancelled", id: "cancelled", at: later }];
    case "abandoned":
      return [...before, suspended, { type: "match.abandoned", id: "abandoned", at: later }];
    case "awarded":
      return [
        ...before,
        suspended,
        { type: "match.abandoned", id: "abandoned", at: later },
        award(at + 600 * MINUTE),
      ];
    case "awardedBefore":
      // Word of the abandonment, dated when it was written down.
      return [
        ...before,
        suspended,
        award(later),
        { type: "match.abandoned", id: "abandoned", at: at + 600 * MINUTE },
      ];
  }
}

function award(at: number): Draft {
  const score = { home: 3, away: 0 };
  return { type: "match.awarded", id: "award", winner: "home", score, at, by: OPERATOR };
}

function together(atOnce: boolean, fact: Draft): Pick<Draft, "together"> & { at?: number } {
  return atOnce ? { at: fact.at, together: nameOf(fact) } : {};
}
