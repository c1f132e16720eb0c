/**
 * What a whole room feels: reactions to the room itself, counted for a second
 * and told as the few most given.
 *
 * Nobody's in particular and nowhere recorded: a tap is a count, counts of
 * several gateways are sums, and what is not told is forgotten.
 */
import { limits } from "../../runtime/limits.ts";

export interface ReactionCount {
  reaction: string;
  count: number;
}

export class ReactionTally {
  readonly #counts = new Map<string, number>();

  /** Kinds past the bound are not counted: no pack has so many. */
  add(reaction: string, count = 1): void {
    const before = this.#counts.get(reaction);
    if (before === undefined && this.#counts.size >= limits.roomReactionKindsMax) return;
    this.#counts.set(reaction, (before ?? 0) + count);
  }

  /** The most given since the last time, most first, and begins anew. */
  take(): ReactionCount[] {
    const counts = [...this.#counts].map(([reaction, count]) => ({ reaction, count }));
    this.#counts.clear();
    return counts
      .sort((a, b) => b.count - a.count || (a.reaction < b.reaction ? -1 : 1))
      .slice(0, limits.roomReactionsTop);
  }
}
