/**
 * What a group may be called.
 *
 * Its name stands beside fans' names on other people's screens: one line, no
 * signs that turn or hide text, none that a page or a log could take for its own.
 */
import { limits } from "../../runtime/limits.ts";

/** Controls, line ends, what is not seen or turns text around, surrogates alone. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/u;
const RESERVED = /[<>&"`\\{}|]/;
/** An accent or two is writing; more is a wall. */
const PILED = /\p{M}{4,}/u;

/** Why a group may not have the name; null where it may. */
export function groupNameRefusal(name: string): string | null {
  const length = [...name].length;
  if (length === 0 || length > limits.groupNameCharsMax) {
    return `needed 1 to ${limits.groupNameCharsMax} characters, found ${length}`;
  }
  if (name !== name.trim()) return "needed no blank at either end";
  if (UNSEEN.test(name)) return "needed characters that are seen, found a control or a hidden one";
  if (PILED.test(name)) return "needed at most three marks on a letter";
  const [reserved] = RESERVED.exec(name) ?? [];
  return reserved === undefined ? null : `needed none of < > & " \` \\ { } |, found ${reserved}`;
}
