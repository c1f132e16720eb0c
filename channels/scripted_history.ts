/**
 * A channel whose every step a test can hold back: an owner that commits,
 * appends and publishes, a history that is read, a broker that brings or loses.
 *
 * `later` is asked between any two steps, so a schedule decides what falls
 * between what. What is read is what was there at one moment; before and after
 * that moment anything may happen.
 */
import type { Broker, BrokerListener } from "../actors/ports/broker.ts";
import type { StreamEntry, StreamPosition, StreamStore } from "../actors/ports/stream.ts";
import type { ChannelSnapshot } from "./live_channel.ts";
import { encodePublication } from "./publication.ts";

export type Later = (what: string) => Promise<unknown>;

export class ScriptedHistory {
  /** The ledger's offset: a snapshot holds this much. */
  committed = 0;
  epoch = "e1";
  /** Offsets that reads of the history fail at, a number of times. */
  failures = 0;
  /** Payloads by offset; the first is offset `base` + 1. */
  #entries: Uint8Array[] = [];
  #base = 0;
  readonly #listeners = new Set<BrokerListener>();
  readonly #later: Later;

  constructor(later: Later) {
    this.#later = later;
  }

  get top(): number {
    return this.#base + this.#entries.length;
  }

  /** One durable publication, as an owner makes it; `isLost` on the way to the gateways. */
  async publish(isLost = false): Promise<void> {
    this.committed += 1;
    await this.#later("commit");
    const offset = this.top + 1;
    const payload = payloadOf(offset, `${this.epoch} ${offset}`);
    this.#entries.push(payload);
    if (!isLost) await this.#bring(payload);
  }

  async publishVolatile(): Promise<void> {
    await this.#bring(payloadOf(null, "volatile"));
  }

  /** The ledger lost `count` offsets that the channel showed: the owner begins a new epoch. */
  async takeBack(count: number): Promise<void> {
    this.committed = Math.max(0, this.top - count);
    await this.#later("take back");
    this.#base = this.committed;
    this.#entries = [];
    this.epoch = `e${Number(this.epoch.slice(1)) + 1}`;
    await this.#bring(payloadOf(0, ""));
  }

  /** Loses the newest and does not know it, as a server that died between two writes to its disk. */
  loseTail(count: number): void {
    this.#entries.splice(this.#entries.length - count);
    this.committed = this.top;
  }

  /** Forgets the oldest, as a cache may. */
  trim(upTo: number): void {
    this.#entries.splice(0, upTo - this.#base);
    this.#base = upTo;
  }

  readonly stream = {
    position: () =>
      this.#read((): StreamPosition | null => ({
        epoch: this.epoch,
        first: this.#base + 1,
        top: this.top,
      })),
    read: (_stream: string, after: number, limit: number) =>
      this.#read((): StreamEntry[] =>
        this.#entries
          .map((bytes, index) => ({ position: this.#base + 1 + index, bytes }))
          .filter(({ position }) => position > after)
          .slice(0, limit)
      ),
  } as Partial<StreamStore> as StreamStore;

  readonly broker: Broker = {
    publish: () => Promise.resolve(),
    subscribe: async (_channel, listener) => {
      await this.#later("subscribe");
      this.#listeners.add(listener);
      await this.#later("subscribed");
      return () => void this.#listeners.delete(listener);
    },
  };

  get listeners(): number {
    return this.#listeners.size;
  }

  readonly snapshot = (): Promise<ChannelSnapshot> =>
    this.#read(() => ({ offset: this.committed, fields: new Uint8Array() }));

  async #read<T>(look: () => T): Promise<T> {
    await this.#later("ask");
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error("the history is away");
    }
    const seen = look();
    await this.#later("answer");
    return seen;
  }

  async #bring(payload: Uint8Array): Promise<void> {
    await this.#later("bring");
    for (const listener of this.#listeners) listener(payload);
  }
}

function payloadOf(offset: number | null, text: string): Uint8Array {
  const body = new TextEncoder().encode(text);
  return encodePublication({ offset, lane: "goal", key: "", body, receivedAt: 0, trace: "" });
}
