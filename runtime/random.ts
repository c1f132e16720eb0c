/**
 * The only source of randomness.
 *
 * The system's random is cryptographic, since ids and jitter share it and an id
 * must not be guessable; the seeded one repeats itself, so that a failing drill
 * or property can be run again from its printed seed.
 */

export interface Random {
  /** Uniform in [0, 1). */
  fraction(): number;
  /** `count` random bytes. */
  bytes(count: number): Uint8Array<ArrayBuffer>;
}

export const systemRandom: Random = {
  fraction: () => Math.random(),
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};

/** Repeatable random from a seed (mulberry32, public domain, by Tommy Ettinger). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    fraction: next,
    bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(next() * 256)),
  };
}

const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

/** A random id of `length` characters [0-9a-z]: 12 of them hold 62 bits. */
export function randomId(random: Random, length = 12): string {
  let id = "";
  for (const byte of random.bytes(length)) id += ALPHABET[byte % ALPHABET.length];
  return id;
}

/** `ms` moved by up to ± `share` of itself: 200 ± 20 % keeps a herd from stepping together. */
export function jitter(random: Random, ms: number, share = 0.2): number {
  return Math.round(ms * (1 - share + 2 * share * random.fraction()));
}
