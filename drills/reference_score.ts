/**
 * The score of a ledger, counted a second time by other code than the server's.
 *
 * Knows what a score may depend on in a drill: goals, their annulment, voids of
 * anything (of an annulment too, which brings the goal back) and amendments of
 * a goal's side, of which the later counts. The order of entries decides nothing
 * but which of two amendments of one time that is.
 */
import type { StoredEntry, StoredFact } from "./stored_history.ts";

export interface Score {
  home: number;
  away: number;
}

interface Ref {
  provider: string;
  id: string;
}

const TAKES_BACK = ["goal.annulled", "event.voided"];

export function referenceScore(entries: readonly StoredEntry[]): Score {
  const facts = new Map<string, StoredFact>();
  for (const { fact, shadowed } of entries) {
    const known = facts.get(keyOf(fact));
    if (!shadowed && (known === undefined || known.revision < fact.revision)) {
      facts.set(keyOf(fact), fact);
    }
  }
  const naming = (fact: StoredFact, types: string[]) =>
    [...facts.values()].filter(({ type, target }) =>
      types.includes(type) && target !== undefined && keyOf(target as Ref) === keyOf(fact)
    );
  const stands = (fact: StoredFact): boolean => !naming(fact, TAKES_BACK).some(stands);
  const score: Score = { home: 0, away: 0 };
  for (const goal of facts.values()) {
    if (goal.type !== "goal.scored" || !stands(goal)) continue;
    const amendments = naming(goal, ["event.amended"]).filter(stands)
      .sort((a, b) => a.occurredAt - b.occurredAt);
    const sides = amendments.map(({ changes }) => (changes as { side?: string }).side);
    score[(sides.findLast((side) => side !== undefined) ?? goal.side) as keyof Score] += 1;
  }
  return score;
}

/** How much each side's score falls with each entry from place `from` on, where it does. */
export function scoreFalls(
  entries: readonly StoredEntry[],
  from: number,
): { side: keyof Score; by: number }[] {
  let before = referenceScore(entries.slice(0, from));
  return entries.slice(from).flatMap((_, at) => {
    const after = referenceScore(entries.slice(0, from + at + 1));
    const falls = fallsBetween(before, after);
    before = after;
    return falls;
  });
}

export function fallsBetween(before: Score, after: Score): { side: keyof Score; by: number }[] {
  return (["home", "away"] as const)
    .map((side) => ({ side, by: before[side] - after[side] }))
    .filter(({ by }) => by > 0);
}

function keyOf({ provider, id }: Ref): string {
  return `${provider}/${id}`;
}
