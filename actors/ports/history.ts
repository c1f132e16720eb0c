/**
 * The way of committed entries into SQL, the truth behind every "yes".
 *
 * Off the hot path: a publication never waits for it, an answer to a provider
 * always does.
 */
import type { Committed } from "../actor_definition.ts";

export interface History<B> {
  /**
   * Resolves once SQL has the entries, none being enough to shut older owners out.
   * @throws {Failure} `fenced`, `ledgerConflict`.
   */
  write(entityId: string, fence: number, entries: Committed<B>[]): Promise<void>;
  /** The highest seq that SQL has; 0 where it has none. */
  top(entityId: string): Promise<number>;
  /** Every entry after `seq`, in order. */
  after(entityId: string, seq: number): Promise<Committed<B>[]>;
  /** What this process was given to write and SQL has not confirmed, in order. */
  unconfirmed(entityId: string): Committed<B>[];
}
