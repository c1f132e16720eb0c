/**
 * Upstream only where members are.
 *
 * A channel is opened at its source by the first who asks, once however many
 * ask meanwhile, and closed when the last has been gone for a while: a reload
 * of the page finds it warm. A small number stands for its name on every socket
 * and is given out again once the channel is closed, which is when no socket
 * has it any more.
 */
import type { ChannelSource } from "../channels/live_channel.ts";
import type { Publication } from "../channels/publication.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import { OpenChannel } from "./audience.ts";

export interface ChannelEars {
  hear(channel: OpenChannel, publication: Publication): void;
  reset(channel: OpenChannel): void;
}

interface Entry {
  channel: OpenChannel;
  /** False: there is no such channel. */
  opened: Promise<boolean>;
  linger: Timer | null;
}

export class Interest {
  readonly #source: ChannelSource;
  readonly #clock: Clock;
  readonly #ears: ChannelEars;
  readonly #entries = new Map<string, Entry>();
  /** Index + 1 is the number. */
  readonly #numbersTaken: boolean[] = [];

  constructor(source: ChannelSource, clock: Clock, ears: ChannelEars) {
    this.#source = source;
    this.#clock = clock;
    this.#ears = ears;
  }

  /** Each channel held is released once. Null: there is no such channel, nothing is held. */
  async hold(name: string): Promise<OpenChannel | null> {
    const entry = this.#entries.get(name) ?? this.#open(name);
    entry.linger?.cancel();
    entry.linger = null;
    entry.channel.holders += 1;
    try {
      return await entry.opened ? entry.channel : null;
    } catch (thrown) {
      entry.channel.holders -= 1;
      throw thrown;
    }
  }

  release(channel: OpenChannel): void {
    channel.holders -= 1;
    const entry = this.#entries.get(channel.name);
    if (channel.holders > 0 || entry?.channel !== channel) return;
    entry.linger = this.#clock.after(limits.channelLingerMs, () => this.#close(channel));
  }

  /** Those that somebody holds, or held a moment ago. */
  channels(): OpenChannel[] {
    return [...this.#entries.values()].map(({ channel }) => channel);
  }

  closeAll(): void {
    for (const { channel, linger } of [...this.#entries.values()]) {
      linger?.cancel();
      this.#close(channel);
    }
  }

  #open(name: string): Entry {
    const channel = new OpenChannel(name, this.#takeNumber());
    const entry: Entry = { channel, opened: Promise.resolve(false), linger: null };
    this.#entries.set(name, entry);
    entry.opened = this.#openUpstream(channel);
    return entry;
  }

  async #openUpstream(channel: OpenChannel): Promise<boolean> {
    try {
      channel.live = await this.#source.open(
        channel.name,
        (publication) => this.#ears.hear(channel, publication),
        () => this.#ears.reset(channel),
      );
    } finally {
      // Refused or failed: the next who asks tries anew.
      if (channel.live === null) this.#forget(channel);
    }
    // Closed while it was being opened.
    if (channel.live !== null && !this.#isKnown(channel)) channel.live.close();
    return channel.live !== null;
  }

  #close(channel: OpenChannel): void {
    this.#forget(channel);
    channel.live?.close();
  }

  #isKnown(channel: OpenChannel): boolean {
    return this.#entries.get(channel.name)?.channel === channel;
  }

  #forget(channel: OpenChannel): void {
    if (!this.#isKnown(channel)) return;
    this.#entries.delete(channel.name);
    this.#numbersTaken[channel.number - 1] = false;
  }

  /** The lowest free one: numbers below 128 cost one byte in every publication. */
  #takeNumber(): number {
    const free = this.#numbersTaken.indexOf(false);
    const index = free === -1 ? this.#numbersTaken.length : free;
    this.#numbersTaken[index] = true;
    return index + 1;
  }
}
