/**
 * The fold of a match and the phase of its machine → what readers are given.
 *
 * One view a context and phase, however many ask; a view is never changed, so
 * two views can be compared to say what an entry changed.
 */
import { countShadows } from "./disagreements.ts";
import { interruptionNow, stoodStill } from "./interruptions.ts";
import { byTime, type KnownFacts, latest, standing } from "./known_fact.ts";
import type { LineupPlayer, Period, Side, Team } from "./match_event.ts";
import { type MatchContext, newContext } from "./match_context.ts";
import { ledgerOf, type MatchLedger } from "./match_ledger.ts";
import type { MatchView, Phase, ShootoutView } from "./match_view.ts";
import { formatOf, hasExtraTime, winnerOf } from "./outcome.ts";
import { openReview } from "./reviews.ts";
import { kickedAgainTooEarly, kickersPerSide } from "./shootout_rules.ts";

const PLAYERS_EACH = 11;
const NOBODY: Team = { id: "", name: "" };
const RUNNING: readonly Phase[] = [
  "firstHalf",
  "secondHalf",
  "extraTimeFirst",
  "extraTimeSecond",
];
/** The period whose end began a phase in which nobody plays. */
const AFTER: Partial<Record<Phase, Period>> = {
  halfTime: "firstHalf",
  awaitingExtraTime: "secondHalf",
  extraTimeHalfTime: "extraTimeFirst",
};

const views = new WeakMap<MatchContext, MatchView>();

/** A match of which nothing is known yet. */
export function initialView(matchId: string): MatchView {
  return viewOf(newContext(matchId), "scheduled");
}

export function viewOf(context: MatchContext, phase: Phase): MatchView {
  const known = views.get(context);
  if (known?.phase === phase) return known;
  const view = foldView(context, phase);
  views.set(context, view);
  return view;
}

function foldView(context: MatchContext, phase: Phase): MatchView {
  const ledger = ledgerOf(context);
  const { fixture, facts, score, reviews } = ledger;
  const award = phase === "awarded" ? latest(facts, "match.awarded") : null;
  const review = openReview(reviews);
  const possession = latest(facts, "possession.measured");
  return {
    id: context.matchId,
    competition: fixture?.competition ?? "",
    stage: fixture?.stage ?? "",
    home: fixture?.home ?? NOBODY,
    away: fixture?.away ?? NOBODY,
    format: formatOf(ledger),
    venue: fixture?.venue ?? null,
    clockRate: ledger.clockRate,
    kickoffAt: kickoffOf(ledger),
    phase,
    phaseStartedAt: phaseStart(ledger, phase),
    running: RUNNING.includes(phase),
    stoppageAnnounced: stoppageOf(facts, phase),
    review: review && { reason: review.fact.reason, since: review.fact.occurredAt },
    score: award?.score ?? score.played,
    played: score.played,
    regular: score.regular,
    extraTime: hasExtraTime(ledger) ? score.extraTime : null,
    shootout: shootoutOf(ledger),
    ...decision(ledger, phase, award?.winner ?? null),
    timeline: ledger.timeline,
    lineups: { home: lineupOf(facts, "home"), away: lineupOf(facts, "away") },
    possession: possession && { home: possession.home, away: possession.away },
    feedSilentSince: context.feedSilentSince,
    source: context.source,
    ...countShadows(context.told, facts),
    note: noteOf(ledger),
    seq: context.seq,
  };
}

export function kickoffOf({ fixture, facts }: MatchLedger): number {
  return latest(facts, "match.rescheduled")?.kickoffAt ?? fixture?.kickoffAt ?? 0;
}

/** For a running period: when the clock began, moved by the time that play stood still. */
function phaseStart(ledger: MatchLedger, phase: Phase): number | null {
  const { periods, interruptions, kicks } = ledger;
  const ended = (period: Period) => periods.ended.get(period) ?? null;
  switch (phase) {
    case "scheduled":
      return null;
    case "firstHalf":
    case "secondHalf":
    case "extraTimeFirst":
    case "extraTimeSecond":
    case "shootout": {
      const startedAt = periods.startedAt.get(phase);
      if (startedAt === undefined) return null;
      return startedAt + stoodStill(interruptions, startedAt, Infinity);
    }
    case "halfTime":
    case "awaitingExtraTime":
    case "extraTimeHalfTime":
      return ended(AFTER[phase]!);
    case "awaitingShootout":
      return ended(hasExtraTime(ledger) ? "extraTimeSecond" : "secondHalf");
    case "finished":
    case "settled":
      if (kicks.winner !== null) return ended("shootout");
      return ended(hasExtraTime(ledger) ? "extraTimeSecond" : "secondHalf");
    case "suspended":
    case "postponed":
    case "abandoned":
    case "cancelled":
    case "awarded":
      return interruptionNow(interruptions)?.occurredAt ?? null;
  }
}

/** Time added may be raised and is never cut. */
function stoppageOf(facts: KnownFacts, phase: Phase): number {
  const announced = standing(facts, "stoppage.announced")
    .filter(({ fact }) => fact.period === phase)
    .map(({ fact }) => fact.minutes);
  return Math.max(0, ...announced);
}

function shootoutOf({ periods, kicks: count, facts }: MatchLedger): ShootoutView | null {
  if (!periods.evident.has("shootout")) return null;
  const { home, away, kicks, first, winner } = count;
  const kickers = kickersPerSide({
    home: PLAYERS_EACH - dismissed(facts, "home"),
    away: PLAYERS_EACH - dismissed(facts, "away"),
  });
  const kickedTooEarly = kickedAgainTooEarly(kicks, kickers);
  return { home, away, kicks, first, winner, kickersPerSide: kickers, kickedTooEarly };
}

/** Players sent off the pitch; a substitute on the bench leaves the side as strong as it was. */
function dismissed(facts: KnownFacts, side: Side): number {
  return standing(facts, "card.shown").filter(({ fact }) =>
    fact.side === side && fact.card !== "yellow" && fact.onPitch !== false
  ).length;
}

function decision(
  ledger: MatchLedger,
  phase: Phase,
  awardedTo: Side | null,
): Pick<MatchView, "winner" | "decidedBy"> {
  if (awardedTo !== null) return { winner: awardedTo, decidedBy: "award" };
  if (phase !== "finished" && phase !== "settled") return { winner: null, decidedBy: null };
  const winner = winnerOf(ledger);
  if (ledger.kicks.winner !== null) return { winner, decidedBy: "shootout" };
  return { winner, decidedBy: hasExtraTime(ledger) ? "extraTime" : "regulation" };
}

export function lineupOf(facts: KnownFacts, side: Side): LineupPlayer[] {
  const published = standing(facts, "lineup.published").filter(({ fact }) => fact.side === side);
  return published.sort(byTime).at(-1)?.fact.players ?? [];
}

function noteOf({ interruptions }: MatchLedger): string {
  const fact = interruptionNow(interruptions);
  return fact !== null && "reason" in fact ? fact.reason ?? "" : "";
}
