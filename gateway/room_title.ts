/**
 * What a room may be called: by the rules of a message's text, and short, on one
 * line, as it stands on other people's screens.
 */
import { takeText } from "../actors/moderation/text_intake.ts";
import { limits } from "../runtime/limits.ts";

/** Why not; null where it may. */
export function roomTitleProblem(title: string): string | null {
  const length = [...title].length;
  if (length > limits.groupNameCharsMax) {
    return `Cannot name a room so: needed at most ${limits.groupNameCharsMax} characters`;
  }
  if (title !== title.trim()) return "Cannot name a room so: needed no blank at either end";
  const taken = takeText(title);
  return "refusal" in taken ? taken.refusal.reason : null;
}
