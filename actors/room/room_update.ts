/**
 * What changed in a room, for everyone downstream.
 *
 * Messages are named, not quoted: whoever encodes an update looks up the body
 * (room_posts.ts), and finds none once it was removed. So nothing that is made
 * of updates and kept can keep what was taken back.
 */
import type { Change } from "../actor_definition.ts";
import type { ModerationKind } from "../moderation/permission_rules.ts";
import type { Badge, BodyRef, ChatOp } from "./chat_op.ts";
import { targetOf } from "./chat_op.ts";
import type { Stamp } from "./hybrid_clock.ts";
import { isDeleted, type Message, pinned, purgedTo, slotOf, visible } from "./op_set.ts";
import { ownValue } from "./own_value.ts";
import type { RoomContext, RoomMode } from "./room_context.ts";
import type { RoomEntryBody } from "./room_entry.ts";
import { faceOf, type RoomFace } from "./room_face.ts";

/** A message as it is now, whole but for its text. */
export interface SaidUpdate {
  /** Posted: new, or let in again, where `id` says. Durable. */
  kind: "posted" | "edited";
  id: Stamp;
  by: string;
  badge: Badge | null;
  replyTo: Stamp | null;
  mentions: string[];
  body: BodyRef;
}

/** Who did it stays with the moderators. */
export interface Noticed {
  kind: "noticed";
  user: string;
  what: "held" | "approved" | "rejected" | "warned" | "muted" | "unmuted" | "banned" | "unbanned";
  /** Null: it is about the user. */
  id: Stamp | null;
  reason: string;
  /** Of a mute or a ban; 0: without end. */
  until: number;
}

export type RoomUpdate =
  | SaidUpdate
  /** Deleted, or held until somebody has looked: not to be seen any more. Durable. */
  | { kind: "removed"; id: Stamp }
  /** All of the user's messages up to there. Durable. */
  | { kind: "purged"; user: string; upTo: Stamp }
  /** What is pinned, or how the room may be used, is another now. Durable. */
  | { kind: "pinned" | "mode"; face: RoomFace }
  /** Null: may speak; 0: banned without end. Durable. */
  | { kind: "standing"; user: string; mutedUntil: number | null; bannedUntil: number | null }
  /** Volatile: how many users gave each reaction to a message. */
  | { kind: "reactions"; id: Stamp; counts: Record<string, number> }
  /** Volatile, for `user:<id>`. */
  | { kind: "mentioned"; user: string; id: Stamp; by: string }
  /** Volatile, for `user:<id>`: what became of a message of theirs, or of them. */
  | Noticed
  /** Volatile, for moderators: what waits for them. */
  | { kind: "queue"; held: number; reported: number };

/** How urgent each is, in the words of channels/publication.ts. */
export const ROOM_LANES = {
  removed: "moderation",
  purged: "moderation",
  standing: "moderation",
  mode: "moderation",
  pinned: "moderation",
  posted: "chat",
  edited: "chat",
  mentioned: "chat",
  noticed: "chat",
  reactions: "stats",
  queue: "stats",
} as const satisfies Record<RoomUpdate["kind"], string>;

const VOLATILE: readonly RoomUpdate["kind"][] = ["reactions", "mentioned", "noticed", "queue"];

/** What others hear when an entry turns `before` into `after`: what is taken away first. */
export function changesBetween(
  before: RoomContext,
  after: RoomContext,
  body: RoomEntryBody,
): Change<RoomUpdate>[] {
  const ops = body.type === "op.applied" ? [body.op] : body.type === "action.taken" ? body.ops : [];
  const users = body.type === "standings.expired"
    ? body.users
    : body.type === "action.taken"
    ? [body.row.target]
    : [];
  const updates = [
    ...ops.flatMap((op) => conversation(before, after, op)),
    ...users.flatMap((user) => standing(before, after, user)),
    ...noticed(before, body),
    ...mode(before, after),
    ...queue(before, after),
  ];
  return updates.map((update) => ({ durable: !VOLATILE.includes(update.kind), update }));
}

function conversation(before: RoomContext, after: RoomContext, op: ChatOp): RoomUpdate[] {
  if (op.kind === "collect") return [];
  if (op.kind === "purgeUser") {
    const { user, upTo } = op;
    const isNew = purgedTo(before.set, user) < upTo && purgedTo(after.set, user) === upTo;
    return isNew ? [{ kind: "purged", user, upTo }, ...pins(before, after)] : [];
  }
  const id = targetOf(op)!;
  const [was, is] = [visible(before.set, id), visible(after.set, id)];
  const isNewlyDeleted = !isDeleted(before.set, id) && isDeleted(after.set, id);
  if (isNewlyDeleted || (was !== null && is === null)) {
    return [{ kind: "removed", id }, ...pins(before, after)];
  }
  if (is === null) return pins(before, after);
  const updates: RoomUpdate[] = [];
  const { key, digest, mentions } = is.body!.value;
  if (was?.body?.stamp !== is.body!.stamp) {
    const { badge, replyTo } = is;
    const kind = was === null ? "posted" : "edited";
    updates.push({ kind, id, by: is.by!, badge, replyTo, mentions, body: { key, digest } });
  }
  const known = was?.body?.value.mentions ?? [];
  for (const user of new Set(mentions)) {
    if (!known.includes(user)) updates.push({ kind: "mentioned", user, id, by: is.by! });
  }
  if (was !== null && was.reactions !== is.reactions) {
    updates.push({ kind: "reactions", id, counts: reactionCounts(is) });
  }
  return [...updates, ...pins(before, after)];
}

/** How many users gave each reaction, most first. */
export function reactionCounts({ reactions }: Message): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { value } of Object.values(reactions)) {
    if (value !== null) counts[value] = (ownValue(counts, value) ?? 0) + 1;
  }
  return Object.fromEntries(
    Object.entries(counts).sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1)),
  );
}

function pins(before: RoomContext, after: RoomContext): RoomUpdate[] {
  const isSame = pinned(before.set).join() === pinned(after.set).join();
  return isSame ? [] : [{ kind: "pinned", face: faceOf(after) }];
}

function standing(before: RoomContext, after: RoomContext, user: string): RoomUpdate[] {
  const of = ({ standings: { mutes, bans } }: RoomContext) => ({
    mutedUntil: ownValue(mutes, user) ?? null,
    bannedUntil: ownValue(bans, user) ?? null,
  });
  const [was, is] = [of(before), of(after)];
  const isSame = was.mutedUntil === is.mutedUntil && was.bannedUntil === is.bannedUntil;
  return isSame ? [] : [{ kind: "standing", user, ...is }];
}

const NOTICES = {
  ...{ hold: "held", approve: "approved", reject: "rejected" },
  ...{ warn: "warned", mute: "muted", ban: "banned" },
  ...{ unmute: "unmuted", unban: "unbanned" },
} as const satisfies Partial<Record<ModerationKind, Noticed["what"]>>;

function noticed({ held, set }: RoomContext, body: RoomEntryBody): Noticed[] {
  if (body.type === "message.held") {
    const { id, by: user } = body.item;
    return [{ kind: "noticed", user, what: "held", id, reason: "", until: 0 }];
  }
  if (body.type !== "action.taken") return [];
  const { kind, target, reason, before, after } = body.row;
  const what = ownValue<Noticed["what"]>(NOTICES, kind);
  // A report that led to nothing is not its author's to know.
  if (what === undefined || before === "reported") return [];
  if (kind !== "hold" && kind !== "approve" && kind !== "reject") {
    const until = kind === "warn" ? 0 : Number(after);
    return [{ kind: "noticed", user: target, what, id: null, reason, until }];
  }
  const slot = slotOf(set, target);
  const user = held.find(({ id }) => id === target)?.by ??
    (slot === undefined || "gone" in slot ? null : slot.by);
  const id = kind === "approve" ? String(after) : target;
  return user === null ? [] : [{ kind: "noticed", user, what, id, reason, until: 0 }];
}

/** A room that was just opened shows itself too: that is what its channel begins with. */
function mode(before: RoomContext, after: RoomContext): RoomUpdate[] {
  const names = Object.keys(after.mode) as (keyof RoomMode)[];
  const isOther = names.some((name) => before.mode[name] !== after.mode[name]);
  const isNew = before.room === null && after.room !== null;
  return isOther || isNew ? [{ kind: "mode", face: faceOf(after) }] : [];
}

function queue(before: RoomContext, after: RoomContext): RoomUpdate[] {
  const of = ({ held, reports }: RoomContext) => ({
    held: held.filter(({ status }) => status === "waiting").length,
    reported: reports.length,
  });
  const [was, is] = [of(before), of(after)];
  return was.held === is.held && was.reported === is.reported ? [] : [{ kind: "queue", ...is }];
}
