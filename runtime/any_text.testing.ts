/**
 * Any text that UTF-8 can hold, for property tests.
 *
 * The same characters in the same order as fast-check's unit "binary", which
 * lists all 1,112,064 of them in a map before the first text: more than a second
 * of CPU in each file that asks for one. Here a character's index is computed.
 */
import fc from "fast-check";

const SURROGATES_FROM = 0xd800;
const SURROGATES_COUNT = 0x800;
const CODE_POINT_MAX = 0x10_ffff;

const anyCharacter = fc.nat(CODE_POINT_MAX - SURROGATES_COUNT).map(
  (index) => String.fromCodePoint(index < SURROGATES_FROM ? index : index + SURROGATES_COUNT),
  indexOf,
);

export function anyText(constraints: fc.StringSharedConstraints = {}): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: anyCharacter });
}

/** So that fast-check can mix in the strings it knows to be dangerous, and shrink a text. */
function indexOf(character: unknown): number {
  if (typeof character !== "string" || [...character].length !== 1) {
    throw new Error("not a character");
  }
  const code = character.codePointAt(0)!;
  if (code < SURROGATES_FROM) return code;
  if (code < SURROGATES_FROM + SURROGATES_COUNT) throw new Error("a lone surrogate");
  return code - SURROGATES_COUNT;
}
