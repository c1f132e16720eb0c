/**
 * Which periods have begun and ended.
 *
 * Any fact of a period is evidence that it was played, so a match whose feed
 * forgets to announce the second half moves there with its first card. An
 * annulled goal is evidence too: it happened. Being before a later period ends
 * a period as well as saying so does.
 */
import { byTime, type KnownFact, type KnownFacts, standing } from "./known_fact.ts";
import { impliedStart, periodRank, placeOrder } from "./match_clock.ts";
import { type MatchTime, type Period, PERIODS, type ProviderFact } from "./match_event.ts";
import { placeInPlay } from "./timeline_order.ts";

export interface PeriodFold {
  /** Rank of the latest period with evidence, -1 before kick-off. */
  latest: number;
  /** When somebody said that each was over. */
  ended: Map<Period, number>;
  /** When each began, where that is told or follows from a minute. */
  startedAt: Map<Period, number>;
  /** Periods with evidence of their own. */
  evident: Set<Period>;
}

export function foldPeriods(facts: KnownFacts, clockRate: number): PeriodFold {
  const evidence = evidenceOf(facts);
  const startedAt = firstTimes(standing(facts, "period.started"));
  for (const [period, known] of evidence) {
    if (startedAt.has(period)) continue;
    const implied = impliedBy(known, clockRate);
    if (implied !== null) startedAt.set(period, implied);
  }
  return {
    latest: Math.max(-1, ...[...evidence.keys()].map(periodRank)),
    ended: firstTimes(standing(facts, "period.ended")),
    startedAt,
    evident: new Set(evidence.keys()),
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

/** The minute of a fact, where it has one. */
export function timeOf(fact: ProviderFact): MatchTime | null {
  if (!("minute" in fact) || fact.minute === undefined || fact.period === undefined) return null;
  return fact as MatchTime;
}

function evidenceOf(facts: KnownFacts): Map<Period, KnownFact[]> {
  const evidence = new Map<Period, KnownFact[]>();
  for (const known of facts.byKey.values()) {
    const period = periodOf(known.fact);
    if (period === null || known.status === "removed") continue;
    const others = evidence.get(period);
    if (others === undefined) evidence.set(period, [known]);
    else others.push(known);
  }
  return evidence;
}

function firstTimes(facts: KnownFact<ProviderFact & { period: Period }>[]): Map<Period, number> {
  const times = new Map<Period, number>();
  for (const { fact } of facts.sort(byTime)) {
    if (!times.has(fact.period)) times.set(fact.period, fact.occurredAt);
  }
  return times;
}

/** By the fact that lies earliest in the period, so that later ones do not move the clock. */
function impliedBy(evidence: KnownFact[], clockRate: number): number | null {
  const order = ({ fact }: KnownFact) => {
    const time = timeOf(fact);
    return time === null ? 0 : placeOrder(placeInPlay(time));
  };
  const [first] = evidence
    .filter(({ fact }) => timeOf(fact) !== null || fact.type === "shootout.kicked")
    .sort((a, b) => order(a) - order(b) || byTime(a, b));
  if (first === undefined) return null;
  const { fact } = first;
  const time = timeOf(fact);
  return time === null ? fact.occurredAt : impliedStart(time, fact.occurredAt, clockRate);
}
