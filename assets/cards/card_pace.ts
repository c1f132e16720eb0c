/**
 * How often one match is painted: at once, once more at once, and then in turns.
 *
 * A goal's card must not wait and fifty corrections in a second must not make
 * fifty images, so each match has two paintings in hand and gets one back per
 * turn: what changes meanwhile is in the next one.
 */
import { limits } from "../../runtime/limits.ts";

interface Hand {
  left: number;
  /** When `left` was true, by the monotonic clock. */
  at: number;
}

export class CardPace {
  readonly #hands = new Map<string, Hand>();

  /** 0: paint it now, one painting is spent; else milliseconds until there is one. */
  take(matchId: string, now: number): number {
    const hand = this.#handOf(matchId, now);
    const delay = hand.left >= 1 ? 0 : limits.cardBurstMs - (now - hand.at);
    if (delay === 0) hand.left -= 1;
    // The least recently painted goes first; it has its hand full by then.
    this.#hands.delete(matchId);
    this.#hands.set(matchId, hand);
    if (this.#hands.size > limits.cardsWaitingMax) {
      this.#hands.delete(this.#hands.keys().next().value!);
    }
    return delay;
  }

  #handOf(matchId: string, now: number): Hand {
    const hand = this.#hands.get(matchId);
    const turns = hand === undefined ? 0 : Math.floor((now - hand.at) / limits.cardBurstMs);
    const left = hand === undefined ? limits.cardBurstMax : hand.left + turns;
    // With both in hand no time runs: the next turn begins when one is spent.
    return left >= limits.cardBurstMax
      ? { left: limits.cardBurstMax, at: now }
      : { left, at: hand!.at + turns * limits.cardBurstMs };
  }
}
