/**
 * A match as the fold of its facts.
 *
 * Everything that is shown or asked follows from the context alone and from the
 * set of facts rather than their order, so a correction that comes late and one
 * that comes first give the same match. Each fold is made once.
 */
import { correct } from "./corrections.ts";
import { foldInterruptions, type Interruption } from "./interruptions.ts";
import { byTime, type KnownFacts, ofType, standing } from "./known_fact.ts";
import type { FactOf } from "./match_event.ts";
import type { MatchContext } from "./match_context.ts";
import type { TimelineItem } from "./match_view.ts";
import { foldPeriods, type PeriodFold } from "./periods.ts";
import type { ReviewPair } from "./reviews.ts";
import { foldScore, type ScoreFold } from "./score_fold.ts";
import { foldTimeline } from "./timeline.ts";
import { countKicks, type KickCount, type StandingKick } from "./shootout_rules.ts";

export interface MatchLedger {
  /** Null until the match is scheduled. */
  fixture: FactOf<"match.scheduled"> | null;
  facts: KnownFacts;
  reviews: ReviewPair[];
  periods: PeriodFold;
  interruptions: Interruption[];
  score: ScoreFold;
  kicks: KickCount;
  timeline: TimelineItem[];
  clockRate: number;
}

/** By what was told, which most of the match's own words leave as it was. */
const ledgers = new WeakMap<MatchContext["told"], { releasedTo: number; ledger: MatchLedger }>();

export function ledgerOf(context: MatchContext): MatchLedger {
  const { told, kicksReleasedTo: releasedTo } = context;
  const known = ledgers.get(told);
  if (known?.releasedTo === releasedTo) return known.ledger;
  const ledger = foldLedger(context);
  ledgers.set(told, { releasedTo, ledger });
  return ledger;
}

function foldLedger({ told, kicksReleasedTo }: MatchContext): MatchLedger {
  const { facts, reviews } = correct(told);
  // A match is scheduled once; what the fixture says is then corrected like any fact.
  const fixture = ofType(facts, "match.scheduled")[0]?.fact ?? null;
  const clockRate = fixture?.clockRate ?? 1;
  const parts = {
    facts,
    reviews,
    periods: foldPeriods(facts, clockRate),
    interruptions: foldInterruptions(facts),
    score: foldScore(facts),
    clockRate,
  };
  return {
    ...parts,
    fixture,
    kicks: countKicks(standingKicks(facts), kicksReleasedTo),
    timeline: foldTimeline(parts),
  };
}

/** One a number: the later counts. */
function standingKicks(facts: KnownFacts): StandingKick[] {
  const byNumber = new Map<number, StandingKick>();
  for (const { fact } of standing(facts, "shootout.kicked").sort(byTime)) {
    const { number, side, player = null, scored } = fact;
    byNumber.set(number, { number, side, player, scored });
  }
  return [...byNumber.values()];
}
