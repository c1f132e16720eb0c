/**
 * When a room speaks without being asked: it is calm again, somebody's mute or
 * ban is over, tombstones are old enough or too many.
 *
 * Deadlines are absolute and follow from the context, so a restored room has the
 * same ones.
 */
import { limits } from "../../runtime/limits.ts";
import { msOf, type Stamp, stampBefore, tick } from "./hybrid_clock.ts";
import type { RoomContext } from "./room_context.ts";
import type { RoomEntryBody } from "./room_entry.ts";
import { expiredAt, nextExpiry } from "./standings.ts";

/** Milliseconds since 1970; null: nothing to wait for. */
export function nextDeadline(context: RoomContext): number | null {
  const due = [context.mode.calmAt, nextExpiry(context.standings), collectionDue(context)];
  const times = due.filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}

/** The room's own words that are due at `now`. */
export function wordsAtDeadline(context: RoomContext, now: number, node: string): RoomEntryBody[] {
  const words: RoomEntryBody[] = [];
  const { calmAt } = context.mode;
  if (calmAt !== null && calmAt <= now) words.push({ type: "pace.calmed" });
  const users = expiredAt(context.standings, now);
  if (users.length > 0) words.push({ type: "standings.expired", users, at: now });
  const collectAt = collectionDue(context);
  if (collectAt !== null && collectAt <= now) {
    const { deleted } = context.set;
    const old = stampBefore(now - limits.roomTombstoneMsMax);
    // Half of them, or the next would be due with the next deletion.
    const excess = deleted.length > limits.roomTombstonesMax
      ? deleted[Math.floor(deleted.length / 2)]!
      : old;
    const upTo = old > excess ? old : excess;
    const op = { kind: "collect", stamp: tick(context.stamp, now, node), by: "", upTo } as const;
    words.push({ type: "op.applied", op, said: null });
  }
  return words;
}

function collectionDue({ set: { deleted, purges } }: RoomContext): number | null {
  const oldest = [deleted[0], ...Object.values(purges)].filter((one): one is Stamp =>
    one !== undefined
  );
  if (oldest.length === 0) return null;
  const first = msOf(oldest.reduce((low, stamp) => low < stamp ? low : stamp));
  if (deleted.length > limits.roomTombstonesMax) return first;
  // A millisecond later it is before what is old enough.
  return first + limits.roomTombstoneMsMax + 1;
}
