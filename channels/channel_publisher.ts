/**
 * An owner's changes on their way out: encoded once, written into the channel's
 * history at their offsets, handed to the broker in the same step.
 *
 * The history takes only top + 1, so a change that is published again after a
 * restart is found to be there and goes nowhere twice. Its bytes follow from the
 * ledger alone: when a change came in is told to those who listen now and not
 * kept. Volatile changes go to the broker alone.
 */
import { claim } from "../actors/claim.ts";
import type { Broker } from "../actors/ports/broker.ts";
import type { Numbered, Publisher, PublishResult } from "../actors/ports/publisher.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import { limits } from "../runtime/limits.ts";
import { historyName } from "./channel_history.ts";
import { encodePublication, type Lane } from "./publication.ts";

/** One change as bytes: where it waits, what it replaces, what it says. */
export interface Encoded {
  lane: Lane;
  key: string;
  /** Fields of protobuf's `Publication` but `channel`. */
  body: Uint8Array;
}

export interface PublisherOptions<U> {
  stream: StreamStore;
  broker: Broker;
  channelOf(entityId: string): string;
  encode(update: U, offset: number | null): Encoded;
  /** As the history keeps it, where that is not what listeners hear. */
  encodeKept?(update: U, offset: number | null): Encoded;
}

/** No publication has offset 0: whoever hears it looks at the history and finds a new epoch. */
const LOOK_AGAIN = encodePublication({
  offset: 0,
  lane: "goal",
  key: "",
  body: new Uint8Array(),
  receivedAt: 0,
  trace: "",
});

export class ChannelPublisher<U> implements Publisher<U> {
  readonly #options: PublisherOptions<U>;

  constructor(options: PublisherOptions<U>) {
    this.#options = options;
  }

  async publish(
    entityId: string,
    fence: number,
    changes: Numbered<U>[],
  ): Promise<PublishResult> {
    const { stream, broker, channelOf } = this.#options;
    const channel = channelOf(entityId);
    const durable = changes.filter(({ offset }) => offset !== null);
    const volatile = changes.filter(({ offset }) => offset === null);
    if (durable.length > 0) {
      const { encode, encodeKept } = this.#options;
      const encoded = durable.map(({ offset, update }) => encode(update, offset));
      const kept = encodeKept === undefined
        ? encoded
        : durable.map(({ offset, update }) => encodeKept(update, offset));
      const entries = durable.map(({ offset }, at) => enveloped(kept[at]!, { offset }));
      const payloads = durable.map((change, at) => enveloped(encoded[at]!, change));
      const expectedTop = durable[0]!.offset! - 1;
      const result = await stream.append(historyName(channel), {
        fence,
        expectedTop,
        entries,
        publish: { channel, payloads },
      });
      if (result.outcome === "gap") return { outcome: "gap", top: result.top };
      if (result.outcome === "fenced") return { outcome: "fenced" };
      await this.#trim(channel, result.top, durable.length);
    }
    if (volatile.length > 0) {
      await broker.publish(
        channel,
        volatile.map((change) => {
          return enveloped(this.#options.encode(change.update, null), change);
        }),
      );
    }
    return { outcome: "published" };
  }

  async claim(entityId: string, fence: number): Promise<number | "fenced"> {
    const { stream, broker, channelOf } = this.#options;
    const channel = channelOf(entityId);
    const top = await claim(stream, historyName(channel), fence);
    // Fans may have seen what the owner before and its store have both lost.
    const isRenewed = top !== "fenced" && await stream.renew(historyName(channel), fence);
    if (isRenewed) await broker.publish(channel, [LOOK_AGAIN]);
    return top;
  }

  async reset(entityId: string, fence: number, offset: number): Promise<void> {
    const { stream, broker, channelOf } = this.#options;
    const channel = channelOf(entityId);
    const position = await stream.reset(historyName(channel), fence, offset);
    if (position !== null) await broker.publish(channel, [LOOK_AGAIN]);
  }

  /** The history is a cache: it keeps what a ring can hold, twice over. */
  async #trim(channel: string, top: number, added: number): Promise<void> {
    const keep = 2 * limits.channelRingMin;
    const isDue = Math.floor(top / keep) !== Math.floor((top - added) / keep);
    if (isDue) await this.#options.stream.trim(historyName(channel), top - keep);
  }
}

function enveloped(
  encoded: Encoded,
  { offset, receivedAt = 0, trace = "" }: Omit<Numbered<unknown>, "update">,
): Uint8Array {
  return encodePublication({ ...encoded, offset, receivedAt, trace });
}
