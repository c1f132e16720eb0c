/**
 * The second primitive: one small value under a key.
 *
 * For snapshots, leases, sessions and limits. A fenced put is refused when the
 * cell was last written under a higher fence.
 */

export interface Cell {
  bytes: Uint8Array;
  fence: number;
}

export interface PutOptions {
  /** Refused when the stored fence is higher. */
  fence?: number;
  /** The cell is gone after so long. */
  expireMs?: number;
}

export type LeaseResult =
  /** Ours until `expireMs` from now; every later grant of this lease has a higher token. */
  | { outcome: "granted"; token: number }
  | { outcome: "held"; by: string };

export interface CellStore {
  get(key: string): Promise<Cell | null>;
  put(key: string, bytes: Uint8Array, options?: PutOptions): Promise<"put" | "fenced">;
  remove(key: string): Promise<void>;
  /** Adds to a counter that starts at 0 and expires `expireMs` after its first use. */
  count(key: string, by: number, expireMs?: number): Promise<number>;
  /**
   * Grants the lease to `holder`, or renews it where `holder` has it.
   * token = max(stored + 1, the store's time in ms) on a grant, unchanged on a renewal.
   */
  lease(key: string, holder: string, expireMs: number): Promise<LeaseResult>;
  release(key: string, holder: string): Promise<void>;
  /**
   * Notes that `member` is present on `roll` for `expireMs`, and answers who is,
   * sorted; by the store's own time, so members need not agree on theirs.
   */
  attend(roll: string, member: string, expireMs: number): Promise<string[]>;
  /** Takes `member` off the roll before its time. */
  depart(roll: string, member: string): Promise<void>;
}
