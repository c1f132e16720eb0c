/**
 * What other providers say, beside what the source says.
 *
 * Facts of a provider that is not the source are kept and never folded. One
 * that shows something the source has not shown, by type, side and minute, is a
 * disagreement; it ends when the source shows it too.
 */
import { type KnownFact, type KnownFacts, real } from "./known_fact.ts";
import { factKey, type MatchTime, type ProviderFact, type Side } from "./match_event.ts";
import type { Telling } from "./match_context.ts";

const COMPARED = [
  "goal.scored",
  "penalty.missed",
  "card.shown",
  "substitution.made",
] as const;

export interface ShadowCount {
  /** Facts kept aside. */
  shadowed: number;
  /** Those that the source does not show. */
  disagreements: number;
}

export function countShadows(told: Telling[], facts: KnownFacts): ShadowCount {
  const latest = new Map<string, ProviderFact>();
  for (const { shadowed, fact } of told) {
    if (!shadowed) continue;
    const before = latest.get(factKey(fact));
    if (before === undefined || fact.revision > before.revision) latest.set(factKey(fact), fact);
  }
  if (latest.size === 0) return { shadowed: 0, disagreements: 0 };
  const shown = COMPARED.flatMap<KnownFact>((type) => real(facts, type)).map(({ fact }) => fact);
  const unseen = [...latest.values()].filter((fact) =>
    isCompared(fact) && !shown.some((other) => isSame(fact, other))
  );
  return { shadowed: latest.size, disagreements: unseen.length };
}

type Compared = ProviderFact & MatchTime & { side: Side };

function isCompared(fact: ProviderFact): fact is Compared {
  return (COMPARED as readonly string[]).includes(fact.type);
}

function isSame(fact: Compared, other: ProviderFact): boolean {
  return isCompared(other) && other.type === fact.type && other.side === fact.side &&
    Math.abs(other.minute - fact.minute) <= 1;
}
