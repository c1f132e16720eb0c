/**
 * The questions that matches put to SQL, the truth behind every "yes".
 *
 * Named questions rather than a fifth primitive: what SQL is good at (one
 * transaction over many rows, guarded by a fence) cannot be said in bytes and
 * positions.
 */
import type { MatchEntry } from "../match/match_event.ts";

/** Entries of one ledger, in order of seq and without gaps, from the owner of its partition. */
export interface EntryBatch<E = MatchEntry> {
  /** Whose ledger: a match, a room. */
  entity: string;
  /** 0 to 63; carries the fence. */
  partition: number;
  fence: number;
  entries: E[];
}

export type BatchOutcome =
  /** SQL has every entry of the batch, now or since before. */
  | { outcome: "recorded" }
  /** A newer owner of the partition has written: stop. */
  | { outcome: "fenced" }
  /** SQL holds another fact at `seq`; nothing of the batch was written. */
  | { outcome: "conflict"; seq: number }
  /** SQL has no entry before `seq`; nothing of the batch was written. */
  | { outcome: "gap"; seq: number };

export interface MatchRecords {
  /**
   * Records the batches in one transaction, judging each by itself: one that is
   * refused leaves the others as they are. The same entries again are `recorded`.
   * Answers in the order of the batches.
   * @throws {Failure} retryable where SQL is away; whether anything was written is then unknown.
   */
  appendEntries(batches: EntryBatch[]): Promise<BatchOutcome[]>;
  /** Entries after `seq`, oldest first, at most `limit`. */
  entriesAfter(matchId: string, seq: number, limit: number): Promise<MatchEntry[]>;
  /** The last seq that SQL holds; 0 where it holds nothing. */
  top(matchId: string): Promise<number>;
  /** Every match that has an entry, sorted. */
  matchIds(): Promise<string[]>;
}
