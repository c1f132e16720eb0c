/**
 * Where the bodies of messages live, apart from the log that names them.
 *
 * A log is for good and a body is not: it is put here before the log names it,
 * and removed from here once the log says so. Removed means from every copy that
 * the store has, the hot one and the truth; whoever names it still finds nothing.
 */
export interface Bodies {
  /**
   * The same key again replaces nothing: who repeats a post repeats its body.
   * Answers what is there, which is of another try where that one was first.
   */
  put(room: string, key: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** In the order of the keys; null where there is none, or none any more. */
  get(room: string, keys: string[]): Promise<(Uint8Array | null)[]>;
  /** Resolves once they are gone; what is not there is gone. */
  remove(room: string, erasure: Erasure): Promise<void>;
}

/**
 * The hot copy: of what a room shows or holds back, and of what SQL does not
 * have yet. What nobody names any more may be taken out at any time.
 */
export interface HotBodies {
  /** Answers what is there now: of two that put the same key, the first's. */
  put(room: string, key: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** In the order of the keys. */
  get(room: string, keys: string[]): Promise<(Uint8Array | null)[]>;
  /** Resolves once they are in no file of the store. */
  remove(room: string, keys: string[]): Promise<void>;
  /** All that there are of the room. */
  keys(room: string): Promise<string[]>;
}

/** What is to be removed: each says it in the way in which it is known. */
export interface Erasure {
  /** Of the entry that asks for it; names the erasure. */
  seq: number;
  keys: string[];
  /** Messages that the room no longer has in memory: their bodies are known to the log in SQL. */
  messages: string[];
  /** Every message of `user` up to and including `upTo`. */
  purge: { user: string; upTo: string } | null;
}
