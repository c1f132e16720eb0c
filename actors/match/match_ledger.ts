/**
 * A match as the fold of its facts.
 *
 * Everything that is shown or asked follows from the context alone and from the
 * set of facts rather than their order, so a correction that comes late and one
 * that comes first give the same match. Each fold is made once a context.
 */
import { correct } from "./corrections.ts";
import { foldInterruptions, type Interruption } from "./interruptions.ts";
import { type KnownFacts, ofType, standing } from "./known_fact.ts";
import type { FactOf } from "./match_event.ts";
import type { MatchContext } from "./match_context.ts";
import { foldPeriods, type PeriodFold } from "./periods.ts";
import type { ReviewPair } from "./reviews.ts";
import { foldScore, type ScoreFold } from "./score_fold.ts";
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
  clockRate: number;
}

const ledgers = new WeakMap<MatchContext, MatchLedger>();

export function ledgerOf(context: MatchContext): MatchLedger {
  const known = ledgers.get(context);
  if (known !== undefined) return known;
  const ledger = foldLedger(context);
  ledgers.set(context, ledger);
  return ledger;
}

function foldLedger({ told, kicksReleasedTo }: MatchContext): MatchLedger {
  const { facts, reviews } = correct(told);
  // A match is scheduled once; what the fixture says is then corrected like any fact.
  const fixture = ofType(facts, "match.scheduled")[0]?.fact ?? null;
  const clockRate = fixture?.clockRate ?? 1;
  return {
    fixture,
    facts,
    reviews,
    periods: foldPeriods(facts, clockRate),
    interruptions: foldInterruptions(facts),
    score: foldScore(facts),
    kicks: countKicks(standingKicks(facts), kicksReleasedTo),
    clockRate,
  };
}

/** One a number: the later telling counts. */
function standingKicks(facts: KnownFacts): StandingKick[] {
  const byNumber = new Map<number, StandingKick>();
  for (const { fact } of standing(facts, "shootout.kicked").sort((a, b) => a.seq - b.seq)) {
    const { number, side, player = null, scored } = fact;
    byNumber.set(number, { number, side, player, scored });
  }
  return [...byNumber.values()];
}
