/**
 * Corrections of a planned match: annulled, amended, voided, revised, told twice
 * under two names, annulled twice in one second, early or after full time, and
 * corrections of corrections.
 *
 * Each picks its target among the facts so far, its own kind included, so a void
 * may be voided and an amendment amended.
 */
import type { FactBody, FactRef } from "../match_event.ts";
import { OPERATOR } from "../match_event.ts";
import type { Correction } from "./planned_correction.ts";
import { type Draft, MINUTE, nameOf, PROVIDER } from "./match_plan.ts";

const CORRECTIONS = ["goal.annulled", "event.amended", "event.voided", "kick.retaken"];

export function correct(facts: Draft[], corrections: Correction[]): Draft[] {
  const all = [...facts];
  corrections.forEach((correction, index) => {
    const candidates = all.filter((fact) => isTarget(correction.kind, fact));
    const target = candidates[correction.pick % Math.max(1, candidates.length)];
    if (target === undefined) return;
    const last = Math.max(...all.map(({ at }) => at));
    const at = correction.late ? last + (60 + index) * MINUTE : target.at + (2 + index) * MINUTE;
    if (correction.kind === "revise") all.push(revised(target, correction.value, at));
    else {
      const by = correction.byOperator ? OPERATOR : PROVIDER;
      const when = correction.kind === "annulAgain"
        ? { at: target.at, together: nameOf(target) }
        : { at };
      all.push({ ...bodyOf(correction.kind, correction.value, target, index), ...when, by });
    }
  });
  return all;
}

function isTarget(kind: Correction["kind"], { type }: Draft): boolean {
  switch (kind) {
    case "annulGoal":
    case "amendGoal":
      return type === "goal.scored";
    case "amendKick":
    case "retakeKick":
    case "sameKickAgain":
      return type === "shootout.kicked";
    case "annulAgain":
      return type === "goal.annulled";
    case "amendCard":
      return type === "card.shown";
    case "amendAward":
      return type === "match.awarded";
    case "voidCorrection":
      return CORRECTIONS.includes(type);
    case "amendCorrection":
      return CORRECTIONS.includes(type);
    case "voidAny":
    case "revise":
      return type !== "match.scheduled";
  }
}

/** The same fact again: what happened stays when it happened, only the word comes later. */
function revised(fact: Draft, value: number, toldAt: number): Draft {
  const again = { ...fact, revision: (fact.revision ?? 1) + 1, toldAt };
  const { type } = again;
  if (type === "goal.scored") return { ...again, side: value % 2 === 0 ? "home" : "away" };
  return type === "shootout.kicked" ? { ...again, scored: value % 2 === 0 } : again;
}

function bodyOf(
  kind: Exclude<Correction["kind"], "revise">,
  value: number,
  told: Draft,
  index: number,
): FactBody & { id: string } {
  const id = `correction${index}`;
  const target: FactRef = { provider: told.by ?? PROVIDER, id: told.id };
  const amend = (changes: Record<string, unknown>) =>
    ({ type: "event.amended", id, target, changes }) as const;
  switch (kind) {
    case "annulGoal":
      return { type: "goal.annulled", id, target, reason: "offside" };
    case "annulAgain": {
      const goal = told.type === "goal.annulled" ? told.target : target;
      return { type: "goal.annulled", id, target: goal, reason: "handball" };
    }
    case "voidAny":
    case "voidCorrection":
      return { type: "event.voided", id, target };
    case "retakeKick":
      return { type: "kick.retaken", id, target };
    case "amendGoal":
      return amend(goalChanges(value));
    case "amendKick":
      return amend({ scored: value % 2 === 0 });
    case "amendCard":
      return amend(value % 2 === 0 ? { card: "red" } : { player: { name: "Somebody else" } });
    case "amendAward":
      return amend({ winner: "away", score: { home: 0, away: 3 } });
    case "amendCorrection":
      return amend({ reason: "handball" });
    case "sameKickAgain":
      return {
        type: "shootout.kicked",
        id,
        side: told.type === "shootout.kicked" ? told.side : "home",
        number: told.type === "shootout.kicked" ? told.number : 1,
        scored: value % 2 === 0,
      };
  }
}

function goalChanges(value: number): Record<string, unknown> {
  const changes: Record<string, unknown>[] = [
    { side: "away" },
    { side: "home", method: "ownGoal" },
    { player: { name: "Somebody else" }, assist: { name: "Another one" } },
    { period: "firstHalf", minute: 30, stoppage: 0 },
    { period: "secondHalf", minute: 90, stoppage: 5 },
  ];
  return changes[value % changes.length]!;
}
