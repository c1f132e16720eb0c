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

export interface RankingStore {
  /**
   * Adds each change to its member's score, all or none, once per `key`:
   * a second call with the same key answers "applied before" and does nothing.
   */
  apply(
    ranking: string,
    key: string,
    changes: RankedMember[],
    fence: number,
  ): Promise<"applied" | "applied before" | "fenced">;
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
