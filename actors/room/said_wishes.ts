/**
 * The wishes of clients that a room has granted, so that one that is sent again
 * is known, with what it made.
 *
 * Asked several times at every post, so both are indexed: what is full once, the
 * newest few as they come.
 */
import { limits } from "../../runtime/limits.ts";
import { remembered } from "../match/remembered.ts";

/** `key made`, newest last: a message's name, or `action 7`. */
export interface SaidWishes {
  /** By the hundred, the oldest first. */
  said: string[][];
  saidLately: string[];
}

const CHUNK = 128;
const CHUNKS_MAX = limits.roomSaidMax / CHUNK;

export function withSaid<C extends SaidWishes>(context: C, key: string | null, made: string): C {
  if (key === null) return context;
  const { said, saidLately: before } = context;
  const saidLately = [...before, `${key} ${made}`];
  if (saidLately.length === CHUNK) {
    return { ...context, said: [...said, saidLately].slice(-CHUNKS_MAX), saidLately: [] };
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
  const known = line ?? indexed(said).get(key);
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

/** Lines by key; another list every hundred posts. */
const indexed = remembered((said: string[][]) => {
  const lines = new Map<string, string>();
  for (const line of said.flat()) {
    const key = keyOf(line);
    if (!lines.has(key)) lines.set(key, line);
  }
  return lines;
});

function keyOf(line: string): string {
  return line.slice(0, line.indexOf(" "));
}
