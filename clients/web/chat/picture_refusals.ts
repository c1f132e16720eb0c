/** Why a fan's own picture was not taken, in words. */
import { Refusal } from "../../sdk/refusal.ts";

const WORDS: Record<string, string> = {
  notAnImage: "this file is no picture. PNG, JPEG and WebP are",
  truncated: "the file ends too early",
  tooManyPixels: "it is too large",
  bodyTooLarge: "the file is larger than 1 MB",
  animated: "moving pictures are not let in",
  polyglot: "the file holds more than a picture",
  undecodable: "this file cannot be read as a picture",
  busy: "too many change theirs right now. Try again in a moment",
  avatarsUnavailable: "pictures cannot be taken right now",
  banned: "you are banned",
};

export function pictureRefusalText(thrown: unknown): string {
  if (!(thrown instanceof Refusal)) return "Not changed: the server cannot be reached.";
  const { code, retryAfterMs, message } = thrown;
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  if (code === "tooSoon") {
    return `Not changed: you changed it a moment ago. Try again in ${seconds} s.`;
  }
  return `Not changed: ${WORDS[code] ?? message}.`;
}
