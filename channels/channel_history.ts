/**
 * The history of a channel: its last durable publications by offset.
 *
 * A cache of what follows from the ledger, shared by every gateway. Its epoch
 * changes when it was lost; then a client's position means nothing any more.
 */
import type { StreamPosition, StreamStore } from "../actors/ports/stream.ts";
import { limits } from "../runtime/limits.ts";
import { decodePublication, type Publication } from "./publication.ts";

export interface ChannelPosition {
  epoch: string;
  offset: number;
}

/** Name of the stream behind a channel. */
export function historyName(channel: string): string {
  return `channel/${channel}`;
}

export class ChannelHistory {
  readonly #stream: StreamStore;
  readonly #name: string;

  constructor(stream: StreamStore, channel: string) {
    this.#stream = stream;
    this.#name = historyName(channel);
  }

  /** Null: nothing was ever published there. */
  position(): Promise<StreamPosition | null> {
    return this.#stream.position(this.#name);
  }

  /** Publications after a position without a hole, or "gap" where the oldest or the epoch is gone. */
  async after({ epoch, offset }: ChannelPosition): Promise<Publication[] | "gap"> {
    const entries = await this.#stream.read(this.#name, offset, limits.channelRingMin + 1);
    if (entries.length > limits.channelRingMin) return "gap";
    if (entries.length > 0 && entries[0]!.position !== offset + 1) return "gap";
    // An epoch never comes back: where it is the same now, what was read is of it.
    if ((await this.position())?.epoch !== epoch) return "gap";
    return entries.map(({ bytes }) => decodePublication(bytes));
  }
}
