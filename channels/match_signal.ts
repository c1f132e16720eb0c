/**
 * "Something of this match has changed", to whoever follows matches that it
 * does not own: settlement, crowds, share cards.
 *
 * A nudge and nothing more: it carries the match's id, may be lost, and comes
 * once for several changes at once. Who hears it reads the match; who must not
 * miss a change looks at all matches from time to time as well.
 */
import type { Broker } from "../actors/ports/broker.ts";

const CHANNEL = "signal/matches";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class MatchSignal {
  readonly #broker: Broker;
  readonly #waiting = new Set<string>();

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  /** Told with what else changes in this turn; nobody waits for it. */
  changed(matchId: string): void {
    this.#waiting.add(matchId);
    if (this.#waiting.size === 1) queueMicrotask(() => this.#tell());
  }

  /** @throws {Failure} where the broker is away. */
  hear(listener: (matchId: string) => void, onDoubt?: () => Promise<unknown>): Promise<() => void> {
    return this.#broker.subscribe(CHANNEL, (payload) => listener(decoder.decode(payload)), onDoubt);
  }

  #tell(): void {
    const payloads = [...this.#waiting].map((matchId) => encoder.encode(matchId));
    this.#waiting.clear();
    // A lost nudge is made up for by whoever looks from time to time.
    this.#broker.publish(CHANNEL, payloads).catch(() => {});
  }
}
