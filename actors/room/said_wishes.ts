/**
 * The wishes of clients that a room has granted, so that one that is sent again
 * is known, with what it made.
 *
 * Asked several times at every post, so both are indexed: what is full once, the
 * newest few as they come.
 */
import { limits } from "../../runtime/limits.ts";

/** `key made`, newest last: a message's name, or `action 7`. */
export interface SaidWishes {
  /** By the hundred, the oldest first. */
  said: string[][];
  saidLately: string[];
}

const CHUNK = 128;
const CHUNKS_MAX = limits.roomSaidMax / CHUNK;
/** With those that the list has forgotten since: then they are indexed anew. */
const KEYS_MAX = 2 * limits.roomSaidMax;

export function withSaid<C extends SaidWishes>(context: C, key: string | null, made: string): C {
  if (key === null) return context;
  const { said, saidLately: before } = context;
  const saidLately = [...before, `${key} ${made}`];
  if (saidLately.length === CHUNK) {
    return { ...context, said: withChunk(said, saidLately), saidLately: [] };
  }
  const index = indexOfLately(before);
  index.set(key, before.length);
  lately.set(saidLately, index);
  return { ...context, saidLately };
}

/** What a client's wish made; null where the wish is not known. */
export function saidId({ said, saidLately }: SaidWishes, key: string): string | null {
  const at = indexOfLately(saidLately).get(key);
  // Whoever asks of a list that others went on from finds their wishes in the index, too.
  const isTheirs = at !== undefined && saidLately[at]?.startsWith(`${key} `) !== true;
  const line = isTheirs
    ? saidLately.find((one) => one.startsWith(`${key} `))
    : at === undefined
    ? undefined
    : saidLately[at];
  const known = line ?? lineOf(said, key);
  return known === undefined ? null : known.slice(key.length + 1);
}

/** Places by key, of a list and of all that it grew from and into. */
const lately = new WeakMap<string[], Map<string, number>>();

function indexOfLately(list: string[]): Map<string, number> {
  let index = lately.get(list);
  if (index === undefined) {
    index = new Map(list.map((line, at) => [keyOf(line), at]));
    lately.set(list, index);
  }
  return index;
}

/** Keys of a list and of all that it grew from and into: who is not among them is in none. */
const keysOf = new WeakMap<string[][], Set<string>>();

/** Every hundred posts; what was indexed of the list goes on with the longer one. */
function withChunk(said: string[][], chunk: string[]): string[][] {
  const longer = [...said, chunk].slice(-CHUNKS_MAX);
  const keys = keysOf.get(said);
  if (keys !== undefined && keys.size < KEYS_MAX) {
    for (const line of chunk) keys.add(keyOf(line));
    keysOf.set(longer, keys);
  }
  return longer;
}

function lineOf(said: string[][], key: string): string | undefined {
  let keys = keysOf.get(said);
  if (keys === undefined) {
    keys = new Set(said.flat().map(keyOf));
    keysOf.set(said, keys);
  }
  if (!keys.has(key)) return undefined;
  const start = `${key} `;
  for (const chunk of said.toReversed()) {
    const line = chunk.find((one) => one.startsWith(start));
    if (line !== undefined) return line;
  }
  return undefined;
}

function keyOf(line: string): string {
  return line.slice(0, line.indexOf(" "));
}
