/**
 * The first of four primitives: an append-only stream of bytes with positions.
 *
 * One writer at a time appends under its fence and the top that it expects, so
 * positions have no gap and a stale owner is refused by the store itself.
 * Many writers may `push` where order is whatever arrival gave (the intake).
 * Positions start at 1; an empty stream has top 0.
 */

export interface StreamEntry {
  position: number;
  bytes: Uint8Array;
}

export interface Append {
  /** The writer's token; a store refuses one lower than it has seen for this stream. */
  fence: number;
  /** The position after which the entries go. */
  expectedTop: number;
  entries: Uint8Array[];
  /** Published to the broker in the same step, after the append, in order. */
  publish?: { channel: string; payloads: Uint8Array[] };
}

export type AppendResult =
  | { outcome: "appended"; top: number; epoch: string }
  /** The stream already holds these positions: the caller was here before. */
  | { outcome: "ahead"; top: number; epoch: string }
  /** The stream's top is below what was expected: entries are missing. */
  | { outcome: "gap"; top: number; epoch: string }
  /** A newer owner has written: stop. */
  | { outcome: "fenced"; fence: number };

export interface PushOptions {
  /**
   * Outlives the process at once, and a power cut from the next append on: for
   * what nobody is promised before then.
   */
  relaxed?: boolean;
}

export interface StreamPosition {
  /** Changes when the store lost or was made to forget what the stream held. */
  epoch: string;
  /** Oldest position still held; top + 1 when nothing is. */
  first: number;
  top: number;
}

export interface StreamStore {
  append(stream: string, append: Append): Promise<AppendResult>;
  /** Appends from any writer; answers the positions given. */
  push(stream: string, entries: Uint8Array[], options?: PushOptions): Promise<number[]>;
  /** Entries after `after`, oldest first, at most `limit`. */
  read(stream: string, after: number, limit: number): Promise<StreamEntry[]>;
  position(stream: string): Promise<StreamPosition | null>;
  /** Takes single entries out, for a stream used as a queue. */
  remove(stream: string, positions: number[]): Promise<void>;
  /** Forgets entries up to and including `upTo`; the top stays. */
  trim(stream: string, upTo: number): Promise<void>;
  /** Forgets the stream; the next append begins a new epoch at `startAt` + 1. */
  reset(stream: string, fence: number, startAt: number): Promise<StreamPosition | null>;
  /**
   * Forgets the stream's entries, not its top, where the store itself began anew since this was
   * last asked of the stream: what it held last may be lost, and nobody left to tell. Answers
   * whether it did; a writer whose fence is old changes nothing.
   */
  renew(stream: string, fence: number): Promise<boolean>;
  /** Names of the streams that begin with `prefix`, sorted. */
  names(prefix: string): Promise<string[]>;
}
