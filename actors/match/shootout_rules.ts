/**
 * The shootout: five kicks a side, then pairs until one side leads.
 *
 * It is over as soon as one side has more than the other can still reach, also
 * in the middle of a pair; past five, sides are compared only when both have
 * kicked. Kicks are counted by number, so one that is missing holds up those
 * after it until it comes or its wait is over. Laws of the Game, Law 10.
 */
import type { Player, Score, Side } from "./match_event.ts";
import type { ShootoutKick } from "./match_view.ts";

const KICKS_EACH = 5;

/** A kick that stands: neither voided nor to be retaken. */
export interface StandingKick {
  number: number;
  side: Side;
  player: Player | null;
  scored: boolean;
}

export interface KickCount extends Score {
  /** Those that count, by number; what was taken after the decision does not. */
  kicks: ShootoutKick[];
  first: Side | null;
  winner: Side | null;
  /** The number of the kick to come; null when it is decided. */
  next: number | null;
  /** Numbers that are there and wait for an earlier one. */
  waiting: number[];
}

/** @param releasedTo missing numbers up to this are no longer waited for */
export function countKicks(standing: StandingKick[], releasedTo: number): KickCount {
  const byNumber = [...standing].sort((a, b) => a.number - b.number);
  const count: KickCount = {
    home: 0,
    away: 0,
    kicks: [],
    first: null,
    winner: null,
    next: 1,
    waiting: [],
  };
  const taken: Score = { home: 0, away: 0 };
  for (const kick of byNumber) {
    if (count.next === null) break;
    if (kick.number > count.next && kick.number > releasedTo) {
      count.waiting.push(kick.number);
      continue;
    }
    count.first ??= kick.number % 2 === 1 ? kick.side : otherSide(kick.side);
    taken[kick.side] += 1;
    if (kick.scored) count[kick.side] += 1;
    count.kicks.push({ ...kick, home: count.home, away: count.away });
    count.winner = winnerOf(count, taken);
    count.next = count.winner === null ? kick.number + 1 : null;
  }
  return count;
}

/** The side that the other can no longer reach, given the kicks that it has left. */
function winnerOf(score: Score, taken: Score): Side | null {
  const round = Math.max(KICKS_EACH, taken.home, taken.away);
  if (score.home > score.away + round - taken.away) return "home";
  if (score.away > score.home + round - taken.home) return "away";
  return null;
}

/** How many players of each side kick before anyone kicks again: the larger side leaves some out. */
export function kickersPerSide(playersOnPitch: Score): number {
  return Math.min(playersOnPitch.home, playersOnPitch.away);
}

/** Numbers of kicks whose taker kicked again before all others of the side had; for a report, not a refusal. */
export function kickedAgainTooEarly(kicks: ShootoutKick[], kickers: number): number[] {
  const early: number[] = [];
  for (const side of ["home", "away"] as const) {
    const round = new Set<string>();
    for (
      const [index, { number, player }] of kicks.filter((kick) => kick.side === side).entries()
    ) {
      if (index % kickers === 0) round.clear();
      const name = player?.id ?? player?.name;
      if (name === undefined) continue;
      if (round.has(name)) early.push(number);
      round.add(name);
    }
  }
  return early.sort((a, b) => a - b);
}

function otherSide(side: Side): Side {
  return side === "home" ? "away" : "home";
}
