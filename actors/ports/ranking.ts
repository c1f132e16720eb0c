/**
 * The fourth primitive: members with whole-number scores, in order.
 *
 * Order is by score, highest first; equal scores by member id. The store moves
 * and reads; what a rank is (ties share one) is decided by the domain.
 */

export interface RankedMember {
  member: string;
  score: number;
}

/** Changes of several members as bytes (packed_changes.ts). */
export interface PackedChanges {
  members: number;
  bytes: Uint8Array;
}

export type Changes = RankedMember[] | PackedChanges;

/** So many members went from one score to another; who was not there came from 0. */
export interface ScoreMove {
  from: number;
  to: number;
  members: number;
}

export type Applied =
  /** Moves in an order in which nobody leaves a score that nobody has. */
  | { outcome: "applied"; moves: ScoreMove[] }
  | { outcome: "applied before" }
  | { outcome: "fenced" }
  /** Nothing was done: these members' scores would be beyond `scoreMax`. */
  | { outcome: "rejected"; members: string[] };

export interface RankingStore {
  /** Changes of one apply, which nobody else can come between. */
  readonly changesMax: number;
  /** Whether an apply holds the loop of this process until it is done. */
  readonly holdsLoop: boolean;
  /**
   * Adds each change to its member's score, all or none, once per `key`:
   * a second call with the same key answers "applied before" and does nothing.
   * @param scoreMax no score of a member who is moved comes to lie beyond it, above or below 0
   */
  apply(
    ranking: string,
    key: string,
    changes: Changes,
    fence: number,
    scoreMax?: number,
  ): Promise<Applied>;
  scores(ranking: string, members: string[]): Promise<(number | null)[]>;
  /** Members from `start` (0 is the top), at most `count`. */
  page(ranking: string, start: number, count: number): Promise<RankedMember[]>;
  /** Those at most `above` before a place, whoever has it, and those at most `below` after it. */
  around(
    ranking: string,
    place: RankedMember,
    above: number,
    below: number,
  ): Promise<RankedMember[]>;
  /** How many members have each score, highest score first. */
  histogram(ranking: string): Promise<{ score: number; members: number }[]>;
  size(ranking: string): Promise<number>;
  clear(ranking: string, fence: number): Promise<"cleared" | "fenced">;
}
