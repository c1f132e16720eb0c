/**
 * Which periods have begun and ended.
 *
 * Any fact of a period is evidence that it was played, so a match whose feed
 * forgets to announce the second half moves there with its first card. An
 * annulled goal is evidence too: it happened. Being before a later period ends
 * a period as well as saying so does.
 */
import { byTime, type KnownFact, ofType } from "./known_fact.ts";
import { comparePlaces, impliedStart, periodRank } from "./match_clock.ts";
import { type MatchTime, type Period, PERIODS, type ProviderFact } from "./match_event.ts";

export interface PeriodFold {
  /** Rank of the latest period with evidence, -1 before kick-off. */
  latest: number;
  /** Periods that some fact says are over. */
  ended: Map<Period, number>;
  /** When each began, where that is told or follows from a minute. */
  startedAt: Map<Period, number>;
  /** Periods with evidence of their own. */
  evident: Set<Period>;
}

export function foldPeriods(facts: KnownFact[], clockRate: number): PeriodFold {
  const real = facts.filter(({ status }) => status !== "removed");
  const evident = new Set<Period>();
  for (const { fact } of real) {
    const period = periodOf(fact);
    if (period !== null) evident.add(period);
  }
  const ended = new Map<Period, number>();
  for (const { fact } of ofType(real, "period.ended").sort(byTime)) {
    if (!ended.has(fact.period)) ended.set(fact.period, fact.occurredAt);
  }
  return {
    latest: Math.max(-1, ...[...evident].map(periodRank)),
    ended,
    startedAt: foldStarts(real, evident, clockRate),
    evident,
  };
}

export function hasBegun({ latest }: PeriodFold, period: Period): boolean {
  return latest >= periodRank(period);
}

export function isOver({ latest, ended }: PeriodFold, period: Period): boolean {
  return ended.has(period) || latest > periodRank(period);
}

/** The period that a fact shows to have been played. */
export function periodOf(fact: ProviderFact): Period | null {
  if (fact.type === "shootout.kicked") return "shootout";
  return "period" in fact ? fact.period ?? null : null;
}

/** The last period that had begun by `time`, and null before the first. */
export function periodAt({ startedAt }: PeriodFold, time: number): Period | null {
  return PERIODS.findLast((period) => (startedAt.get(period) ?? Infinity) <= time) ?? null;
}

function foldStarts(
  facts: KnownFact[],
  evident: Set<Period>,
  clockRate: number,
): Map<Period, number> {
  const starts = new Map<Period, number>();
  for (const { fact } of ofType(facts, "period.started").sort(byTime)) {
    if (!starts.has(fact.period)) starts.set(fact.period, fact.occurredAt);
  }
  for (const period of evident) {
    if (starts.has(period)) continue;
    const implied = earliestEvidence(facts, period, clockRate);
    if (implied !== null) starts.set(period, implied);
  }
  return starts;
}

/** By the fact that lies earliest in the period, so that later ones do not move the clock. */
function earliestEvidence(facts: KnownFact[], period: Period, clockRate: number): number | null {
  const timed = facts.filter(({ fact }) =>
    periodOf(fact) === period && (timeOf(fact) !== null || fact.type === "shootout.kicked")
  );
  const place = ({ fact }: KnownFact) => ({
    period,
    part: "play" as const,
    minute: timeOf(fact)?.minute ?? 0,
    stoppage: timeOf(fact)?.stoppage ?? 0,
  });
  timed.sort((a, b) => comparePlaces(place(a), place(b)) || byTime(a, b));
  const first = timed[0]?.fact;
  if (first === undefined) return null;
  const time = timeOf(first);
  return time === null ? first.occurredAt : impliedStart(time, first.occurredAt, clockRate);
}

/** The minute of a fact, where it has one. */
export function timeOf(fact: ProviderFact): MatchTime | null {
  if (!("minute" in fact) || fact.minute === undefined || fact.period === undefined) return null;
  return fact as MatchTime;
}
