/**
 * What was just predicted, from whoever took it to whoever counts the crowd.
 *
 * Told twice a second as sums by match, market and pick, so a rush before
 * kick-off costs a message or two. It may be lost, or told of what a count has
 * already seen: who counts counts again when it is quiet.
 */
import type { Broker } from "../actors/ports/broker.ts";
import type { Crowd } from "../actors/prediction/crowd.ts";
import type { Market } from "../actors/prediction/market.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";

/** By match; a pick that was given up counts below zero. */
export type Tally = Record<string, Crowd>;

const CHANNEL = "tally/predictions";

export class CrowdTally {
  readonly #broker: Broker;
  readonly #clock: Clock;
  /** By match, market and pick. */
  #noted = new Map<string, Map<Market, Map<string, number>>>();
  #timer: Timer | null = null;

  constructor(broker: Broker, clock: Clock) {
    this.#broker = broker;
    this.#clock = clock;
  }

  note(match: string, market: Market, pick: string, before: string | null): void {
    const markets = this.#noted.get(match) ?? new Map<Market, Map<string, number>>();
    const picks = markets.get(market) ?? new Map<string, number>();
    this.#noted.set(match, markets.set(market, picks));
    picks.set(pick, (picks.get(pick) ?? 0) + 1);
    if (before !== null) picks.set(before, (picks.get(before) ?? 0) - 1);
    this.#timer ??= this.#clock.after(limits.crowdTallyMs, () => this.tell());
  }

  /** Now rather than in a moment: this process is about to end. */
  tell(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#noted.size === 0) return;
    const tally: Tally = Object.fromEntries(
      [...this.#noted].map(([match, markets]) => [match, crowdOf(markets)]),
    );
    this.#noted = new Map();
    const payload = new TextEncoder().encode(JSON.stringify(tally));
    this.#broker.publish(CHANNEL, [payload]).catch(() => {
      // The crowd is counted again from its rows.
    });
  }
}

/** @throws {Failure} where the broker is away. */
export function hearTallies(
  broker: Broker,
  listener: (tally: Tally) => void,
  onDoubt: () => Promise<unknown>,
): Promise<() => void> {
  const hear = (payload: Uint8Array) => listener(JSON.parse(new TextDecoder().decode(payload)));
  return broker.subscribe(CHANNEL, hear, onDoubt);
}

function crowdOf(markets: Map<Market, Map<string, number>>): Crowd {
  return Object.fromEntries(
    [...markets].map(([market, picks]) => [market, Object.fromEntries(picks)]),
  );
}
