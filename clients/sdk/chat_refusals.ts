/**
 * Why something was not taken in a room, in words for the fan who wanted it. What
 * has no words here is told as the server says it.
 */
import type { CommandAnswer } from "./command_desk.ts";

const WORDS: Record<string, string> = {
  offline: "there is no connection",
  reactionsOnly: "only reactions are let in right now",
  roomLocked: "a moderator has locked this chat",
  roomArchived: "this chat is over",
  banned: "you are banned here",
  muted: "you are muted here",
  notAllowed: "it breaks the rules of this chat",
  tooManyMentions: "it calls too many people at once",
  linkNotAllowed: "this kind of link is not let in",
  tooFast: "you are too fast, or say the same again",
  tooMany: "you are too fast: wait a moment",
  slowMode: "slow mode lets you write only now and then",
  queueFull: "too much waits for the moderators right now",
  unknownMessage: "that message is gone",
  tooOld: "that message is too long ago",
  notAuthor: "somebody else wrote it",
  reactionsFull: "that message has all the reactions it can take",
  storeAway: "the chat cannot be reached right now",
  ownerUnavailable: "the chat cannot be reached right now",
  roomUnavailable: "the chat cannot be reached right now",
  unknownRoom: "there is no chat here",
};

export function refusalWords({ code, reason }: Pick<CommandAnswer, "code" | "reason">): string {
  return WORDS[code] ?? (reason || code);
}

/** A sentence of it; empty where nothing was refused. */
export function refusalSentence(what: string, answer: CommandAnswer): string {
  const { code } = answer;
  return code === "ok" || code === "held" ? "" : `${what}: ${refusalWords(answer)}.`;
}
