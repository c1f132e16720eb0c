/**
 * What just happened and is shown loudly for a short while.
 *
 * A moment is the change between two pictures, so a goal that a reconnect
 * brought late is still a moment, and a page that opens shows none.
 */
import type { Publication, Score, Side } from "../../protocol/golazo_codec.ts";
import type { MatchPicture } from "../sdk/mod.ts";

export interface Moment {
  kind: "goal" | "annulled" | "corrected" | "reviewed";
  side: Side;
  /** The score before it. */
  before: Score;
  /** By the clock that is handed in. */
  at: number;
}

const LASTS_MS: Record<Moment["kind"], number> = {
  goal: 8_000,
  annulled: 12_000,
  corrected: 8_000,
  reviewed: 12_000,
};

export function momentOf(
  before: MatchPicture,
  { goal, state }: Publication,
  at: number,
): Moment | null {
  const score = before.state.score ?? { home: 0, away: 0 };
  if (goal) {
    const kind = goal.kind === "scored" ? "goal" : goal.kind;
    return { kind, side: goal.side, before: score, at };
  }
  if (state && !state.review && before.state.review) {
    return { kind: "reviewed", side: "unknownSide", before: score, at };
  }
  return null;
}

export function isFresh(moment: Moment, now: number): boolean {
  return now - moment.at < LASTS_MS[moment.kind];
}
