/**
 * What the chat says in words: names, reasons, counts, and what is read aloud.
 */
import type { RoomState } from "../../../protocol/golazo_codec.ts";
import { countText } from "../market_words.ts";

/**
 * What a fan can give to a message or to the room; ids of the pack of reactions.
 * Six are one row on the narrowest phone.
 */
export const REACTIONS: readonly { id: string; title: string }[] = [
  { id: "thumbs-up", title: "Thumbs up" },
  { id: "soccer-ball", title: "Goal" },
  { id: "fire", title: "Fire" },
  { id: "heart", title: "Heart" },
  { id: "joy", title: "Laughing" },
  { id: "shock", title: "Shocked" },
];

export const REPORT_REASONS: readonly { why: string; title: string }[] = [
  { why: "abuse", title: "Abuse" },
  { why: "hate", title: "Hate" },
  { why: "threat", title: "Threat" },
  { why: "spam", title: "Spam" },
  { why: "other", title: "Something else" },
];

export const CHAT_CHARS_MAX = 500;

/** Absent in older browsers: there a family of four counts more than once. */
const graphemes = "Segmenter" in Intl
  ? new Intl.Segmenter(undefined, { granularity: "grapheme" })
  : null;

/** As people count characters, and as the server does. */
export function lengthOf(text: string): number {
  return [...graphemes?.segment(text) ?? text].length;
}

export function reactionTitle(id: string): string {
  return REACTIONS.find((known) => known.id === id)?.title ?? stickerTitle(id);
}

/** `red-card` is "Red card". */
export function stickerTitle(id: string): string {
  return id.charAt(0).toUpperCase() + id.slice(1).replace(/[-_]+/g, " ");
}

/** What a message says, where it is spoken of and not shown. */
export function saidText({ text, sticker }: { text: string; sticker: string }): string {
  return text || (sticker === "" ? "Your message" : `Sticker: ${stickerTitle(sticker)}`);
}

/** So long this fan waits in slow mode after what they wrote last. */
export function slowWaitMs(state: RoomState | null, lastAt: number, now: number): number {
  return state?.mode === "slow" ? Math.max(0, lastAt + state.slowMs - now) : 0;
}

/** Why somebody cannot write as they like here; null: they can. */
export function modeText({ mode, slowMs, reason }: RoomState, waitMs: number): string | null {
  const why = reason === "" ? "" : `: ${reason}`;
  const wait = waitMs === 0 ? "" : `. You can write again in ${Math.ceil(waitMs / 1_000)} s`;
  switch (mode) {
    case "slow":
      return `Slow mode: one message every ${Math.round(slowMs / 1_000)} s${why}${wait}`;
    case "reactionsOnly":
      return `Reactions only for now: cheer below, or react to a message${why}`;
    case "locked":
      return `A moderator has locked this chat${why}`;
    case "archived":
      return "This chat is over. You can still read it";
    default:
      return null;
  }
}

export function mayWrite(state: RoomState | null): boolean {
  return state !== null && (state.mode === "open" || state.mode === "slow");
}

export function leftOutText(count: number): string {
  return `${countText(count)} more ${count === 1 ? "message" : "messages"}`;
}

/** Why a message is put off, in a word. */
export function putOffText(code: string): string {
  if (code === "slowMode") return "Slow mode";
  return code === "tooFast" || code === "tooMany" ? "Too fast" : "Busy";
}
