/**
 * A page of a room's conversation by HTTP: what was said before what the socket
 * tells. What was removed is not in it.
 */
import type { ChatMessage, ReactionCount } from "../../protocol/golazo_codec.ts";
import { clientLimits } from "./client_limits.ts";
import type { ClientPlatform } from "./client_platform.ts";
import { refusalOf } from "./refusal.ts";

export interface RoomPage {
  /** Oldest first. */
  messages: ChatMessage[];
  /** By message. */
  reactions: ReadonlyMap<string, readonly ReactionCount[]>;
  /** Where to go on towards the past; null: here is nothing older. */
  before: string | null;
}

type SaidJson =
  & Omit<ChatMessage, "replyTo" | "sticker" | "badge">
  & { replyTo: string | null; sticker: string | null; badge: ChatMessage["badge"] | null }
  & { reactions: Record<string, number> };

/** `before` empty: the newest. @throws {Refusal} by the server, or as the platform does. */
export async function roomPage(
  platform: Pick<ClientPlatform, "request">,
  room: string,
  { before, limit, token }: { before: string; limit: number; token: string },
): Promise<RoomPage> {
  const from = before === "" ? "" : `&before=${before}`;
  const path = `/api/rooms/${room}/messages?limit=${limit}${from}`;
  const answer = await platform.request({ method: "GET", path, token });
  if (answer.status !== 200) throw refusalOf(answer);
  const page = answer.value as { messages: (SaidJson | { gone: true })[]; before: string | null };
  const said = page.messages.filter((one): one is SaidJson => !("gone" in one));
  const messages = said.map(({ reactions: _, ...one }) => {
    const { replyTo, sticker, badge } = one;
    return {
      ...one,
      ...{ replyTo: replyTo ?? "", sticker: sticker ?? "", badge: badge ?? "noBadge" as const },
    };
  });
  const reactions = new Map(said.map(({ id, reactions }) => [id, countsOf(reactions)] as const));
  return { messages, reactions, before: page.before };
}

function countsOf(fans: Record<string, number>): ReactionCount[] {
  const counts = Object.entries(fans).map(([reaction, fans]) => ({ reaction, fans }));
  return counts.slice(0, clientLimits.chatReactionsMax);
}

/**
 * Right after the message of this id: a page before it ends with that message.
 * Ids are `<milliseconds>-<counter>-<node>`, numbers in base 36, and sort as text.
 */
export function after(id: string): string {
  const [ms = "", counter = ""] = id.split("-");
  return `${ms}-${(parseInt(counter, 36) + 1).toString(36).padStart(counter.length, "0")}-0`;
}
