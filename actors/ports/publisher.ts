/**
 * Where an owner's changes go: encoded once, into the channel's history and out
 * to whoever listens. Offsets are the owner's; the history takes only top + 1,
 * so publishing the same change twice is harmless.
 */

/** One change with its place: durable ones carry an offset, volatile ones null. */
export interface Numbered<U> {
  offset: number | null;
  update: U;
  /** When the delivery behind it came in, for the hop histograms; milliseconds since 1970. */
  receivedAt?: number;
  trace?: string;
}

export type PublishResult =
  | { outcome: "published" }
  /** The history lacks earlier offsets after `top`: send them again, from the fold. */
  | { outcome: "gap"; top: number }
  | { outcome: "fenced" };

export interface Publisher<U> {
  publish(entityId: string, fence: number, changes: Numbered<U>[]): Promise<PublishResult>;
  /** Shuts older owners out; answers the last offset that the history holds, 0 where none. */
  claim(entityId: string, fence: number): Promise<number | "fenced">;
  /** Forgets the history: a new epoch goes on after `offset`, and clients resync. */
  reset(entityId: string, fence: number, offset: number): Promise<void>;
}
