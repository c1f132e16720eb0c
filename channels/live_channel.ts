/**
 * A channel as a gateway hears it, and who opens one.
 *
 * Whoever comes is caught up in one synchronous step, with what was missed or with
 * the whole; what is published after that step, and only that, it hears. How this
 * is kept, and at what cost, each kind of channel says itself.
 */
import type { ChannelPosition } from "./channel_history.ts";
import type { Publication } from "./publication.ts";

export type { ChannelPosition };

/** What a subscriber is told before the stream goes on. */
export type CatchUp =
  /** Exactly what was missed, oldest first. */
  | { recovered: true; position: ChannelPosition; publications: Publication[] }
  /** The whole: encoded fields of `Subscribed` from `publications` on (the snapshot member). */
  | {
    recovered: false;
    position: ChannelPosition;
    snapshot: Uint8Array;
    /** The latest volatile values, of a channel that has no snapshot. */
    publications?: Publication[];
  };

/** The whole of a channel at an offset, encoded. */
export interface ChannelSnapshot {
  offset: number;
  /** A member of `Subscribed.snapshot`. */
  fields: Uint8Array;
}

export interface LiveChannel {
  readonly name: string;
  readonly position: ChannelPosition;
  /**
   * Calls `join` synchronously with what the subscriber lacks; every publication
   * that `listener` hears after that call is new to the subscriber, every one
   * before it is not.
   * @throws {Failure} `snapshotUnavailable` (retryable)
   */
  catchUp(since: ChannelPosition | null, join: (caughtUp: CatchUp) => void): Promise<void>;
  /** Ends the upstream subscription. */
  close(): void;
}

export interface ChannelSource {
  /**
   * Null: there is no such channel. `listener` hears every publication once, in
   * order of offset; `onReset` means that members must be caught up anew.
   */
  open(
    channel: string,
    listener: (publication: Publication) => void,
    onReset: () => void,
  ): Promise<LiveChannel | null>;
}
