/**
 * How much one sender may say in a room: messages in a time, the same message
 * again, shouting. Pure: what was said lately comes in and goes out, with no
 * text in it, only fingerprints, so whoever owns the room can keep and move it.
 *
 * A sender who goes on being refused is shadowed: what they write is shown to
 * nobody else, and they are told nothing that a script could learn from.
 */
import { limits } from "../../runtime/limits.ts";

/** What a sender said within the flood window, oldest first. */
export interface SenderPace {
  said: { at: number; fingerprint: number; isLoud: boolean }[];
  /** When messages were refused for pace. */
  refusedAt: number[];
}

export type FloodFinding = "flood.rate" | "flood.repeat" | "flood.caps" | "flood.persistent";

export interface FloodVerdict {
  finding: FloodFinding | undefined;
  pace: SenderPace;
}

export const quietSender: SenderPace = { said: [], refusedAt: [] };

/** `written` is the text's matching form: `GOAL!` and `goal` are the same. */
export function judgePace(
  pace: SenderPace,
  at: number,
  text: string,
  written: string,
): FloodVerdict {
  const since = at - limits.chatFloodWindowMs;
  const said = pace.said.filter((message) => message.at > since);
  const refusedAt = pace.refusedAt.filter((time) => time > since);
  const message = { at, fingerprint: fingerprint(written || text), isLoud: isLoud(text) };
  const same = said.filter((earlier) => earlier.fingerprint === message.fingerprint).length;
  const loud = said.filter((earlier) => earlier.isLoud).length;
  let finding: FloodFinding | undefined;
  if (said.length >= limits.chatFloodMessagesMax) finding = "flood.rate";
  else if (same >= limits.chatSameMessagesMax) finding = "flood.repeat";
  else if (message.isLoud && loud >= limits.chatLoudMessagesMax) finding = "flood.caps";
  if (finding === undefined) return { finding, pace: { said: [...said, message], refusedAt } };
  // Past the bound nothing more is learned from counting on.
  const refused = [...refusedAt, at].slice(-limits.chatRefusedMax);
  if (refused.length >= limits.chatRefusedMax) finding = "flood.persistent";
  return { finding, pace: { said, refusedAt: refused } };
}

/** Mostly capitals over several words: `GOOOOAL` alone is joy. */
export function isLoud(text: string): boolean {
  if (text.length < limits.chatLoudCharsMin) return false;
  let capitals = 0;
  let small = 0;
  for (const character of text) {
    const lower = character.toLowerCase();
    if (lower === character.toUpperCase()) continue;
    if (lower === character) small += 1;
    else capitals += 1;
  }
  return capitals >= limits.chatLoudCharsMin && capitals >= small * 4;
}

/** FNV-1a, 32 bits: two texts of one sender within seconds do not meet by chance. */
function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
