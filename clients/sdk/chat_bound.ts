/**
 * How much of a conversation is held: the newest 200 messages and, while somebody
 * reads what was said before, as many of the oldest.
 *
 * What is over is taken where nobody looks: from the past while it is not read,
 * else from between the two, where it is counted as left out. So the page of a
 * fan who scrolls back for an hour in a fast room stays as large as it was.
 */
import type { ChatMessage, ReactionCount } from "../../protocol/golazo_codec.ts";
import { clientLimits } from "./client_limits.ts";

/** What of a picture grows. */
interface Conversation {
  messages: readonly ChatMessage[];
  reactions: ReadonlyMap<string, readonly ReactionCount[]>;
  leftOut: ReadonlyMap<string, number>;
  before: string | null;
  isPastKept: boolean;
}

export function bounded<Picture extends Conversation>(picture: Picture): Picture {
  const { messages, isPastKept } = picture;
  const { chatMessagesMax, chatPastMax } = clientLimits;
  const from = isPastKept ? chatPastMax : 0;
  const over = messages.length - chatMessagesMax - from;
  if (over <= 0) return withoutStrays(picture);
  const cut = new Set(messages.slice(from, from + over).map(({ id }) => id));
  if (isPastKept) return withoutStrays(without(picture, ({ id }) => cut.has(id), true));
  const kept = messages.slice(over);
  return withoutStrays({ ...picture, messages: kept, before: kept[0]!.id });
}

/** What was left out after one that goes was left out after the one before it. */
export function without<Picture extends Conversation>(
  picture: Picture,
  isGone: (message: ChatMessage) => boolean,
  isCounted = false,
): Picture {
  const leftOut = new Map(picture.leftOut);
  const messages: ChatMessage[] = [];
  for (const message of picture.messages) {
    if (!isGone(message)) {
      messages.push(message);
      continue;
    }
    const more = (leftOut.get(message.id) ?? 0) + Number(isCounted);
    leftOut.delete(message.id);
    const before = messages[messages.length - 1]?.id ?? "";
    if (more > 0) leftOut.set(before, (leftOut.get(before) ?? 0) + more);
  }
  return { ...picture, messages, leftOut };
}

/** Only of what is shown are reactions and gaps kept. */
function withoutStrays<Picture extends Conversation>(picture: Picture): Picture {
  const first = picture.messages[0]?.id ?? "";
  const isKept = ([id]: readonly [string, unknown]) => id === "" || id >= first;
  return {
    ...picture,
    reactions: new Map([...picture.reactions].filter(isKept)),
    leftOut: new Map([...picture.leftOut].filter(isKept)),
  };
}
