/**
 * Notices what the broker lost.
 *
 * Publications are heard at most once. So every second or two the positions in
 * the store are read again, and where one is not what it was the last time, the
 * channel's listeners look at the history themselves. They compare better than
 * the beacon could: they know what they have. A look that fails is owed until
 * one succeeds, so after an outage everybody has looked once.
 */
import type { Clock, Timer } from "../../runtime/clock.ts";
import { limits } from "../../runtime/limits.ts";
import { jitter, type Random } from "../../runtime/random.ts";

export interface BeaconOptions {
  clock: Clock;
  random: Random;
  /** Channels whose listeners can look. */
  channels(): string[];
  /** Epoch and top of a channel's history as one word. */
  position(channel: string): Promise<string>;
  /** Resolves once the channel's listeners have looked at its history. */
  look(channel: string): Promise<unknown>;
}

export class PositionBeacon {
  readonly #options: BeaconOptions;
  /** As last read, of channels that had listeners then. */
  #known = new Map<string, string>();
  readonly #owed = new Set<string>();
  #timer: Timer | null = null;

  constructor(options: BeaconOptions) {
    this.#options = options;
    this.#arm();
  }

  /** Listeners of these may have missed something: they look now, or as soon as they can. */
  doubt(channels: string[]): void {
    for (const channel of channels) void this.#look(channel);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #arm(): void {
    const { clock, random } = this.#options;
    this.#timer = clock.after(jitter(random, limits.redisBeaconMs), async () => {
      await this.#round();
      if (this.#timer !== null) this.#arm();
    });
  }

  async #round(): Promise<void> {
    const known = new Map<string, string>();
    const channels = this.#options.channels();
    const isOwed = (channel: string) => this.#owed.has(channel);
    await Promise.all(channels.map(async (channel) => {
      const before = this.#known.get(channel);
      const position = await this.#options.position(channel).catch(() => before);
      if (position !== undefined) known.set(channel, position);
      if (position !== before || isOwed(channel)) await this.#look(channel);
    }));
    this.#known = known;
    for (const channel of this.#owed) if (!channels.includes(channel)) this.#owed.delete(channel);
  }

  async #look(channel: string): Promise<void> {
    this.#owed.delete(channel);
    await this.#options.look(channel).catch(() => this.#owed.add(channel));
  }
}
