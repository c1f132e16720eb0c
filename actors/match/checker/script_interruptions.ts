/**
 * A planned match that does not go through: suspended, abandoned, awarded, …
 * What happens after an interruption happens so much later.
 */
import { OPERATOR, PERIODS } from "../match_event.ts";
import { type Draft, KICKOFF_AT, MINUTE, placeIn, type Plan, SECOND } from "./match_plan.ts";

export function interrupt(plan: Plan, facts: Draft[]): Draft[] {
  const { interruption } = plan;
  if (interruption.kind === "none") return facts;
  if (interruption.kind === "postponed") {
    const postponed: Draft = { type: "match.postponed", id: "postponed", at: -90 * MINUTE };
    const kickoffAt = KICKOFF_AT + MINUTE;
    if (!interruption.rescheduled) return [postponed];
    return [
      postponed,
      { type: "match.rescheduled", id: "rescheduled", kickoffAt, at: -70 * MINUTE },
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
    case "suspended":
      return [...before, suspended, { type: "match.resumed", id: "resumed", at: later }, ...after];
    case "resumeLost":
      return [...before, suspended, ...after];
    case "cancelled":
      return [...before, suspended, { type: "match.cancelled", id: "cancelled", at: later }];
    case "abandoned":
      return [...before, suspended, { type: "match.abandoned", id: "abandoned", at: later }];
    case "awarded": {
      const score = { home: 3, away: 0 };
      return [
        ...before,
        suspended,
        { type: "match.abandoned", id: "abandoned", at: later },
        {
          type: "match.awarded",
          id: "award",
          winner: "home",
          score,
          at: at + 600 * MINUTE,
          by: OPERATOR,
        },
      ];
    }
  }
}
