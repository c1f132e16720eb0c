/**
 * Whom an action of a moderator is about, so that nobody acts on a superior
 * through what that superior wrote: the user who is named, the author of the
 * message, and of an undo the one whom the action was about.
 */
import { isAbout } from "../actors/moderation/moderation_action.ts";
import type { ModerationKind } from "../actors/moderation/permission_rules.ts";
import type { RoomWish } from "../actors/ports/rooms.ts";
import { authorOf } from "../actors/room/action_decision.ts";
import { messagesOf, type RoomView } from "./room_reading.ts";

type Judged = Extract<RoomWish, { kind: "moderate" | "undo" }>;

/** Null: nobody, or nobody knows any more. */
export async function userConcerned(view: RoomView, wish: Judged): Promise<string | null> {
  const done = wish.kind === "moderate"
    ? wish.request
    : view.context.actions.find(({ number }) => number === wish.action);
  return done === undefined ? null : await concernedBy(view, done);
}

async function concernedBy(
  view: RoomView,
  { kind, target }: { kind: ModerationKind; target: string },
): Promise<string | null> {
  const about = isAbout(kind);
  if (about !== "message") return about === "user" ? target : null;
  const known = authorOf(view.context, target);
  if (known !== undefined) return known.user;
  // A moderator does not wait for SQL: what it cannot say now is not known.
  const [older] = await messagesOf(view, [target]).catch(() => [null]);
  return older?.user ?? null;
}
