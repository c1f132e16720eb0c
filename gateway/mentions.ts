/**
 * Whom a text calls: `@name` where a word begins, each once.
 */
import { limits } from "../runtime/limits.ts";

const CALL = new RegExp(`(?<![\\w@.-])@([\\w-]{1,${limits.clientIdCharsMax}})(?![\\w-])`, "g");

/** More than may be called are not looked for: the room judges such a text by itself. */
export function mentionsIn(text: string): string[] {
  const called = new Set<string>();
  for (const [, user] of text.matchAll(CALL)) {
    called.add(user!);
    if (called.size === limits.chatMentionsMax) break;
  }
  return [...called];
}
