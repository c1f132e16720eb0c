/**
 * The wishes of clients that a room has granted, so that one that is sent again
 * is known, with what it made.
 *
 * Asked at every post, so what is full is indexed once and never copied again:
 * only the newest few are looked through one by one.
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
  const saidLately = [...context.saidLately, `${key} ${made}`];
  return saidLately.length < CHUNK
    ? { ...context, saidLately }
    : { ...context, said: [...context.said, saidLately].slice(-CHUNKS_MAX), saidLately: [] };
}

/** What a client's wish made; null where the wish is not known. */
export function saidId({ said, saidLately }: SaidWishes, key: string): string | null {
  const line = saidLately.find((one) => one.startsWith(key));
  if (line !== undefined) return line.slice(key.length + 1);
  for (const chunk of said) {
    const made = indexed(chunk).get(key);
    if (made !== undefined) return made;
  }
  return null;
}

const indexed = remembered((chunk: string[]) =>
  new Map(chunk.map((line) => {
    const end = line.indexOf(" ");
    return [line.slice(0, end), line.slice(end + 1)];
  }))
);
