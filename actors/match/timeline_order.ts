/**
 * The order of a match's lines: place in play, then when it happened by the
 * provider, then the ledger. A provider's order within one minute is not
 * reliable, so nothing but the lines' order rests on it.
 */
import type { KnownFact } from "./known_fact.ts";
import { comparePlaces, type Place } from "./match_clock.ts";
import { timeOf } from "./periods.ts";

/** For facts that have a minute. */
export function byPlace(a: KnownFact, b: KnownFact): number {
  return compare(a, placeOf(a), b, placeOf(b));
}

export function compare(a: KnownFact, placeA: Place, b: KnownFact, placeB: Place): number {
  return comparePlaces(placeA, placeB) || a.fact.occurredAt - b.fact.occurredAt || a.id - b.id;
}

/** The place that a fact's own minute gives it. */
export function placeOf({ fact }: KnownFact): Place {
  const time = timeOf(fact);
  return {
    period: time?.period ?? null,
    part: "play",
    minute: time?.minute ?? 0,
    stoppage: time?.stoppage ?? 0,
  };
}
