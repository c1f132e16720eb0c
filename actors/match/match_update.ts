/**
 * What changed in a match, for everyone downstream: channels, rooms,
 * predictions, history.
 *
 * Two views are compared, so whatever moved is told, whichever correction moved
 * it. The order inside one entry is the order of urgency: goal, state, kick,
 * then the timeline's lines, so a goal is on the wire before its scorer is
 * encoded. A goal alone sends no state: whoever reads it adds what the score
 * gained to extra time where that is on, else to the 90 minutes, and gets the
 * rest of the state where that sum would be wrong.
 */
import type { Change } from "../actor_definition.ts";
import type { LineupPlayer, MatchEntry, Score, Side } from "./match_event.ts";
import type { MatchView, ShootoutKick, TimelineItem } from "./match_view.ts";
import { isSame } from "./same_value.ts";

export type MatchUpdate =
  /** The score changed. Durable, lane one. */
  | {
    kind: "goal";
    what: "scored" | "annulled" | "corrected";
    side: Side;
    home: number;
    away: number;
    minute: number;
    stoppage: number;
  }
  /** Anything of the state but score alone: phase, review, stoppage, silence, shootout corrected, … Durable, lane one. */
  | { kind: "state"; view: MatchView }
  /** One shootout kick. Durable, lane one. */
  | { kind: "kick"; kick: ShootoutKick }
  /** A timeline line is new or reads otherwise. Durable. */
  | { kind: "item"; item: TimelineItem }
  | { kind: "lineup"; side: Side; players: LineupPlayer[] }
  /** Volatile: the latest is enough. */
  | { kind: "possession"; home: number; away: number };

const SIDES = ["home", "away"] as const;
/** What makes a new state by itself; score and shootout are asked separately. */
const STATE_FIELDS = [
  "phase",
  "phaseStartedAt",
  "running",
  "stoppageAnnounced",
  "review",
  "winner",
  "decidedBy",
  "kickoffAt",
  "feedSilentSince",
  "note",
  "clockRate",
  "competition",
  "stage",
  "home",
  "away",
  "format",
  "venue",
] as const satisfies (keyof MatchView)[];

/** What others hear when `entry` turns `before` into `after`, in the order of urgency. */
export function changesBetween(
  before: MatchView,
  after: MatchView,
  entry: MatchEntry,
): Change<MatchUpdate>[] {
  const updates: MatchUpdate[] = goals(before, after, entry);
  const kick = appendedKick(before, after);
  const isStateNew = STATE_FIELDS.some((field) => !isSame(before[field], after[field])) ||
    !isSplitAsRead(before, after) ||
    (kick === null && !isSame(before.shootout, after.shootout));
  if (isStateNew) updates.push({ kind: "state", view: after });
  if (kick !== null) updates.push({ kind: "kick", kick });
  updates.push(...items(before.timeline, after.timeline));
  for (const side of SIDES) {
    const players = after.lineups[side];
    if (!isSame(before.lineups[side], players)) updates.push({ kind: "lineup", side, players });
  }
  const changes = updates.map((update) => ({ durable: true, update }));
  if (after.possession !== null && !isSame(before.possession, after.possession)) {
    changes.push({ durable: false, update: { kind: "possession", ...after.possession } });
  }
  return changes;
}

function goals(before: MatchView, after: MatchView, entry: MatchEntry): MatchUpdate[] {
  const { home, away } = after.score;
  return SIDES.filter((side) => before.score[side] !== after.score[side]).map((side) => {
    const rose = after.score[side] > before.score[side];
    const line = changedGoal(before, after, side, rose);
    const isNew = rose && entry.fact.type === "goal.scored" && line?.id === entry.seq;
    const what = isNew ? "scored" : rose ? "corrected" : "annulled";
    const { minute = 0, stoppage = 0 } = line ?? {};
    return { kind: "goal", what, side, home, away, minute, stoppage };
  });
}

/** The line of the goal that began or ceased to count for a side. */
function changedGoal(
  before: MatchView,
  after: MatchView,
  side: Side,
  rose: boolean,
): TimelineItem | undefined {
  const [has, lacks] = rose ? [after, before] : [before, after];
  const counted = new Set(standingGoals(lacks, side).map(({ id }) => id));
  return standingGoals(has, side).find(({ id }) => !counted.has(id));
}

function standingGoals({ timeline }: MatchView, side: Side): TimelineItem[] {
  return timeline.filter((item) =>
    item.kind === "goal" && item.status === "standing" && item.side === side
  );
}

/** Whether a reader who knows `before` and hears the new score alone has the parts right. */
function isSplitAsRead(before: MatchView, after: MatchView): boolean {
  if (!isSame(after.score, after.played)) {
    return isSame(before.played, after.played) && isSame(before.score, after.score);
  }
  if (before.extraTime === null) {
    return after.extraTime === null && isSame(after.regular, after.score);
  }
  return isSame(before.regular, after.regular) &&
    isSame(after.extraTime, minus(after.score, before.regular));
}

function minus(score: Score, part: Score): Score {
  return { home: score.home - part.home, away: score.away - part.away };
}

/** The one kick by which `after` has more than `before`; null where it differs otherwise. */
function appendedKick(before: MatchView, after: MatchView): ShootoutKick | null {
  const known = before.shootout?.kicks ?? [];
  const kicks = after.shootout?.kicks ?? [];
  const isAppended = kicks.length === known.length + 1 && isSame(kicks.slice(0, -1), known);
  return isAppended ? kicks.at(-1)! : null;
}

function items(before: TimelineItem[], after: TimelineItem[]): MatchUpdate[] {
  // Nearly all are where they were and the very same.
  const known = new Map(
    before.filter((item, index) => item !== after[index]).map((item) => [item.id, item]),
  );
  const updates: MatchUpdate[] = [];
  for (const item of after.filter((item, index) => item !== before[index])) {
    if (!isSame(known.get(item.id), item)) updates.push({ kind: "item", item });
    known.delete(item.id);
  }
  // A review's closing that found its opening is a part of that line now.
  for (const item of known.values()) {
    if (item.status === "removed") continue;
    updates.push({ kind: "item", item: { ...item, status: "removed" } });
  }
  return updates;
}
