/** What is said to whoever may not have what they want of a room. */
import type { RoomAnswer } from "../actors/ports/rooms.ts";

export type Refused = Extract<RoomAnswer, { outcome: "refused" }>;

export function refused(code: string, reason: string): Refused {
  return { outcome: "refused", code, reason };
}

/** The same where it is not there, and where it is not theirs to know of. */
export function unknownRoom(): Refused {
  return refused("unknownRoom", "Cannot find that room");
}
