/**
 * The order of a match's lines: place in play, then when it happened by the
 * provider, then the provider's own order, which is that of the first tellings.
 * A provider's order within one minute is not reliable, so nothing but the
 * lines' order rests on it.
 */
import { byLifting, type KnownFact } from "./known_fact.ts";
import { type Place, placeOrder } from "./match_clock.ts";
import type { MatchTime } from "./match_event.ts";
import { remembered } from "./remembered.ts";

export interface Placed<K extends KnownFact = KnownFact> {
  known: K;
  place: Place;
  order: number;
}

type InPlay = KnownFact<KnownFact["fact"] & MatchTime>;

export function placed<K extends KnownFact>(known: K, place: Place): Placed<K> {
  return { known, place, order: placeOrder(place) };
}

export function byPlace(a: Placed, b: Placed): number {
  return a.order - b.order || a.known.fact.occurredAt - b.known.fact.occurredAt ||
    byLifting(a.known, b.known) || a.known.id - b.known.id;
}

/** Facts that have a minute, in the order of play. */
export function inOrderOfPlay<K extends InPlay>(facts: K[]): K[] {
  return facts.map(placedInPlay).sort(byPlace).map(({ known }) => known as K);
}

export function placeInPlay({ period, minute, stoppage = 0 }: MatchTime): Place {
  return { period, part: "play", minute, stoppage };
}

const placedInPlay = remembered((known: InPlay) => placed(known, placeInPlay(known.fact)));
