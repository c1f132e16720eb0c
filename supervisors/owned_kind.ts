/**
 * A kind of entity that the owner of a partition runs, beside matches: shards
 * of leaderboards, rooms.
 *
 * Its partitions come and go together with those of the matches, so that one
 * lease and one token stand for all that a partition holds.
 */
export interface OwnedKind {
  /** What is owned now may be woken; most kinds wait until somebody asks for one. */
  gained(partition: number): Promise<void>;
  /** All of them sleep; what they still write carries an old token. */
  lost(partition: number): Promise<void>;
}
