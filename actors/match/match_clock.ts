/**
 * The minute of a match: its label, its place in the order of play, and the
 * clock that a fan sees.
 *
 * Time added is shown beside the last minute of its period (45+2) and never
 * rolls over: the second half starts at 46 whatever the first one took. Minutes
 * are football's: the first one is 1.
 */
import { type MatchTime, type Period, PERIODS } from "./match_event.ts";

const MINUTE_MS = 60_000;

interface PeriodMinutes {
  /** The minute that has been played when it begins. */
  begins: number;
  /** Its last minute; what follows is added to this one. */
  ends: number;
}

export const PERIOD_MINUTES: Record<Period, PeriodMinutes> = {
  firstHalf: { begins: 0, ends: 45 },
  secondHalf: { begins: 45, ends: 90 },
  extraTimeFirst: { begins: 90, ends: 105 },
  extraTimeSecond: { begins: 105, ends: 120 },
  shootout: { begins: 120, ends: 120 },
};

/** Place among the periods, from 0. */
export function periodRank(period: Period): number {
  return PERIODS.indexOf(period);
}

/** The period that a minute without stoppage belongs to; null past 120, where it must be told. */
export function periodOfMinute(minute: number): Period | null {
  if (minute > PERIOD_MINUTES.extraTimeSecond.ends) return null;
  return PERIODS.find((period) => minute <= PERIOD_MINUTES[period].ends) ?? null;
}

/** "46", "45+2" */
export function minuteLabel(minute: number, stoppage: number): string {
  return stoppage > 0 ? `${minute}+${stoppage}` : String(minute);
}

/** Where something stands in the order of play. */
export interface Place {
  /** Null: before the first period. */
  period: Period | null;
  /** Around a period: its start, what happens in it, its end, what comes before the next one. */
  part: "start" | "play" | "end" | "break";
  minute: number;
  stoppage: number;
}

const PARTS = ["start", "play", "end", "break"];

/** Grows with period, part, minute and stoppage: what places are sorted by. */
export function placeOrder({ period, part, minute, stoppage }: Place): number {
  const stage = (period === null ? 0 : periodRank(period) + 1) * PARTS.length + PARTS.indexOf(part);
  // Minutes are under 1,000; the stoppage of a match that nobody ended may be days.
  return (stage * 1_000 + minute) * 1_000_000 + stoppage;
}

/** What the clock of a running period shows at `now`; `startedAt` in milliseconds since 1970. */
export function clockAt(
  period: Period,
  startedAt: number,
  clockRate: number,
  now: number,
): { minute: number; stoppage: number } {
  const { begins, ends } = PERIOD_MINUTES[period];
  const played = Math.max(0, Math.floor((now - startedAt) * clockRate / MINUTE_MS));
  const minute = begins + played + 1;
  return { minute: Math.min(minute, ends), stoppage: Math.max(0, minute - ends) };
}

/** When a period must have begun for `time` to be at `occurredAt`; at the latest. */
export function impliedStart(time: MatchTime, occurredAt: number, clockRate: number): number {
  const { begins } = PERIOD_MINUTES[time.period];
  const played = Math.max(0, time.minute + (time.stoppage ?? 0) - begins - 1);
  return Math.round(occurredAt - played * MINUTE_MS / clockRate);
}
