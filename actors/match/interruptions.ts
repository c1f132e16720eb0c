/**
 * What keeps a match from being played: the latest word counts, by when it
 * happened.
 *
 * Resuming, or a period that begins later, says that play goes on, whatever it
 * was that stopped it. A new date lifts a postponement and nothing else. An
 * award settles the match: it holds until it is voided.
 */
import { byTime, type KnownFact, type KnownFacts, standing } from "./known_fact.ts";
import type { FactOf } from "./match_event.ts";

const INTERRUPTIONS = [
  "match.suspended",
  "match.abandoned",
  "match.postponed",
  "match.cancelled",
  "match.awarded",
] as const;

export type InterruptingFact = FactOf<typeof INTERRUPTIONS[number]>;

export interface Interruption {
  fact: InterruptingFact;
  /** When play went on; null while it does not. */
  until: number | null;
}

/** In order of time; only the last can be without an end. */
export function foldInterruptions(facts: KnownFacts): Interruption[] {
  const found: Interruption[] = [];
  for (const { fact } of interruptingFacts(facts)) {
    const current = found.at(-1)?.until === null ? found.at(-1)! : null;
    if (current?.fact.type === "match.awarded" && fact.type !== "match.awarded") continue;
    if (isInterrupting(fact)) {
      if (current !== null) current.until = fact.occurredAt;
      found.push({ fact, until: null });
    } else if (current !== null && lifts(fact, current.fact)) {
      current.until = fact.occurredAt;
    }
  }
  return found;
}

/** The interruption that is on. */
export function interruptionNow(interruptions: Interruption[]): InterruptingFact | null {
  const last = interruptions.at(-1);
  return last?.until === null ? last.fact : null;
}

/** How long play stood still between two times, counting what was over by then. */
export function stoodStill(interruptions: Interruption[], from: number, to: number): number {
  let ms = 0;
  for (const { fact, until } of interruptions) {
    if (until !== null && fact.occurredAt >= from && until <= to) ms += until - fact.occurredAt;
  }
  return ms;
}

function interruptingFacts(facts: KnownFacts): KnownFact[] {
  const types = [...INTERRUPTIONS, "match.resumed", "match.rescheduled", "period.started"] as const;
  return types.flatMap<KnownFact>((type) => standing(facts, type)).sort(byTime);
}

function isInterrupting(fact: KnownFact["fact"]): fact is InterruptingFact {
  return (INTERRUPTIONS as readonly string[]).includes(fact.type);
}

function lifts(fact: KnownFact["fact"], interruption: InterruptingFact): boolean {
  return fact.type !== "match.rescheduled" || interruption.type === "match.postponed";
}
