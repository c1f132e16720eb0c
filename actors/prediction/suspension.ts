/**
 * When what fans see of a match cannot be relied on yet.
 *
 * As bookmakers do: nobody knows at a goal, a red card or a penalty whether it
 * will stand, nor during a review how that ends. The crowd is shown as suspended
 * until then; what may be picked is another matter and long locked.
 */
import type { MatchView, TimelineItem } from "../match/match_view.ts";

export type SuspendedBy = "goal" | "redCard" | "penalty";

/** What of the latest changes makes everybody wait; null where nothing does. */
export function suspendedBy(before: MatchView, after: MatchView): SuspendedBy | null {
  const known = new Map(before.timeline.map((item) => [item.id, item.status]));
  for (const item of after.timeline.toReversed()) {
    const why = known.get(item.id) === item.status ? null : weightOf(item);
    if (why !== null) return why;
  }
  return null;
}

/** Null: nobody has to wait for it. */
export function weightOf({ kind, method, card }: TimelineItem): SuspendedBy | null {
  if (kind === "penaltyMissed" || method === "penalty") return "penalty";
  if (kind === "goal") return "goal";
  return kind === "card" && card !== "yellow" ? "redCard" : null;
}
