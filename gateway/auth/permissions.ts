/**
 * Who may do what, as one table.
 *
 * Every frame of a client that reads or acts is looked up here before anything
 * else is done for it; the actors decide again, by what they know of a room or
 * a match. A frame that is about the connection itself is anybody's.
 */
import type { ClientFrameName } from "../../protocol/frames.ts";
import { parseChannel } from "../../protocol/channel_name.ts";
import type { ClientFrame, ReplyInit } from "../../protocol/golazo_codec.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import type { Role } from "./pass.ts";

/** A feeder is a machine: it reads, and its facts come by other doors. */
const EVERYBODY: readonly Role[] = ["anonymous", "fan", "moderator", "operator", "feeder"];
const PEOPLE: readonly Role[] = ["fan", "moderator", "operator"];

export const PERMISSIONS = {
  subscribe: EVERYBODY,
  track: EVERYBODY,
  predict: PEOPLE,
  chatSend: PEOPLE,
  react: PEOPLE,
  /** In a room of their own fans moderate too, and anybody may report. */
  moderate: PEOPLE,
} satisfies Partial<Record<ClientFrameName, readonly Role[]>>;

/** The parts of a session that permissions are about. */
export interface Actor {
  subject: string;
  role: Role;
}

/** The Reply to a frame that the actor may not send; null where it may. */
export function forbidden(
  { subject, role }: Actor,
  name: ClientFrameName,
  frame: ClientFrame,
  events: BusinessEvents,
): ReplyInit | null {
  const roles: readonly Role[] | undefined = (PERMISSIONS as Record<string, readonly Role[]>)[name];
  const reason = roles !== undefined && !roles.includes(role)
    ? `Cannot ${name}: needed ${wordsOf(roles)}, found ${role}`
    : name === "subscribe" && isAnothers(frame.subscribe!.channel, subject)
    ? `Cannot subscribe: needed the user whose channel it is, found ${role}`
    : null;
  if (reason === null) return null;
  const code = role === "anonymous" && name !== "subscribe" ? "signIn" : "forbidden";
  events.requestRefused("socket", code);
  return { id: (frame[name] as { id?: number }).id ?? 0, code, reason };
}

/** A user's own channel is private, to moderators and operators too. */
function isAnothers(channel: string, subject: string): boolean {
  const name = parseChannel(channel);
  return name?.kind === "user" && name.id !== subject;
}

function wordsOf(roles: readonly Role[]): string {
  return `${roles.slice(0, -1).join(", ")} or ${roles.at(-1)}`;
}
