/**
 * Takes what was removed out of publications that are kept.
 *
 * A removed post keeps its offset and says nothing any more, so positions stay
 * what they were and nobody who comes back is given what was removed.
 */
import { encodePublication as encodeBody } from "../protocol/golazo_codec.ts";
import { removes } from "./chat_key.ts";
import type { Publication } from "./publication.ts";

export function isRemoval({ lane, offset, key }: Publication): boolean {
  return lane === "moderation" && offset !== null && key !== "";
}

/** The publication as the removal leaves it: the same object where it is not meant. */
export function withoutRemoved(removal: Publication, other: Publication): Publication {
  const { offset, key } = other;
  if (offset === null || key === "" || other.lane === "moderation") return other;
  if (!removes(removal.key, key)) return other;
  return { ...other, body: encodeBody({ offset }) };
}
