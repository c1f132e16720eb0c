/**
 * The running minute of a match, which is never sent: the state says when the
 * phase began and how fast its clock runs, and every client counts.
 *
 * Football counts the minute that is being played: one second after kick-off is
 * minute 1, and what comes after the 45th is 45+1, never 46.
 */
import type { MatchState, Phase } from "../../protocol/golazo_codec.ts";

export interface MinuteOfPlay {
  minute: number;
  /** Minutes past the end of the period; 0 within it. */
  stoppage: number;
}

/** First and last minute of the periods that have minutes. */
const PERIODS: Partial<Record<Phase, readonly [before: number, last: number]>> = {
  firstHalf: [0, 45],
  secondHalf: [45, 90],
  extraTimeFirst: [90, 105],
  extraTimeSecond: [105, 120],
};

const SHORT_NAMES: Record<Phase, string> = {
  unknownPhase: "",
  scheduled: "",
  firstHalf: "1st half",
  halfTime: "HT",
  secondHalf: "2nd half",
  awaitingExtraTime: "90’",
  extraTimeFirst: "ET",
  extraTimeHalfTime: "ET HT",
  extraTimeSecond: "ET",
  awaitingShootout: "120’",
  shootout: "Pens",
  finished: "FT",
  settled: "FT",
  suspended: "Susp.",
  postponed: "Postp.",
  abandoned: "Aband.",
  cancelled: "Canc.",
  awarded: "Awarded",
};

type ClockOf = Pick<MatchState, "phase" | "phaseStartedAt" | "running">;

/** The minute being played at `now` of the server's clock; null where no clock runs. */
export function minuteOfPlay(state: ClockOf, clockRate: number, now: number): MinuteOfPlay | null {
  const period = PERIODS[state.phase];
  if (!period || !state.running || state.phaseStartedAt === 0) return null;
  const playedMs = Math.max(0, now - state.phaseStartedAt) * Math.max(1, clockRate);
  const minute = period[0] + 1 + Math.floor(playedMs / 60_000);
  return { minute: Math.min(minute, period[1]), stoppage: Math.max(0, minute - period[1]) };
}

/** `45+2’`. */
export function minuteText({ minute, stoppage }: MinuteOfPlay): string {
  return stoppage > 0 ? `${minute}+${stoppage}’` : `${minute}’`;
}

/** What stands beside a score: `63’`, `HT`, `Pens`, `FT`, `AET`; empty before kick-off. */
export function minuteLabel(state: MatchState, clockRate: number, now: number): string {
  const minute = minuteOfPlay(state, clockRate, now);
  if (minute) return minuteText(minute);
  const isOver = state.phase === "finished" || state.phase === "settled";
  if (isOver && state.shootout) return "Pens";
  if (isOver && state.extraTime) return "AET";
  return SHORT_NAMES[state.phase];
}

/**
 * How far the server's clock is ahead of ours, from a Welcome. Its time was
 * read somewhere between the two of ours, so the error is at most half the way.
 */
export function serverClockOffset(serverTime: number, sentAt: number, heardAt: number): number {
  return Math.round(serverTime - (sentAt + heardAt) / 2);
}
