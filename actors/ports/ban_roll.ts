/**
 * Who is banned in every room, as each process knows it: never asked of anybody
 * else, since it is asked of every message.
 */

export interface Ban {
  /** Milliseconds since 1970; 0: without end. */
  until: number;
  reason: string;
}

export interface BanRoll {
  /** Null: they are not. */
  isBanned(user: string): Ban | null;
}

export interface HeardBans extends BanRoll {
  /** Told whenever the roll may say something else; the answer ends that. */
  hear(listener: () => void): () => void;
}

/**
 * Whether nothing is left of the account but to read without it. Who is turned
 * away for good does not come back by itself, so only a ban without end does
 * that; one that ends leaves the scores, and takes the word.
 */
export function isOutForGood(ban: Ban | null): boolean {
  return ban?.until === 0;
}
