/**
 * Where the bodies of messages live, apart from the log that names them.
 *
 * A log is for good and a body is not: it is put here before the log names it,
 * and removed from here once the log says so. Removed means from every copy that
 * the store has, the hot one and the truth; whoever names it still finds nothing.
 */
export interface Bodies {
  /** The same key again replaces nothing: who repeats a post repeats its body. */
  put(room: string, key: string, bytes: Uint8Array): Promise<void>;
  /** In the order of the keys; null where there is none, or none any more. */
  get(room: string, keys: string[]): Promise<(Uint8Array | null)[]>;
  /** Resolves once they are gone; what is not there is gone. */
  remove(room: string, erasure: Erasure): Promise<void>;
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
