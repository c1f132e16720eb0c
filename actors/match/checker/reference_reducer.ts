/**
 * The rules of a match a second time, to check the first by.
 *
 * Nothing here is incremental and nothing is remembered: every question scans
 * all facts again, and a correction of a correction is plain recursion. It is
 * slow, and written from the rules alone, so a mistake in the fold has to be
 * made twice, in two shapes, to stay hidden. It shares no code with the fold.
 */
import type { MatchFormat } from "../../fixture/competition_rules.ts";
import type { Fact, FactRef, Period, ReviewReason, Score, Side } from "../match_event.ts";
import type { MatchView, Phase, TimelineItem, Winner } from "../match_view.ts";
import { countShootout, type ReferenceShootout } from "./reference_shootout.ts";

/** What of a timeline line the rules decide; `score` runs along standing goals only. */
export type Line = Pick<
  TimelineItem,
  "side" | "period" | "minute" | "stoppage" | "player" | "other" | "method" | "card" | "score"
>;

/** The part of a `MatchView` that follows from the rules. */
export interface Reference {
  phase: Phase;
  review: ReviewReason | null;
  score: Score;
  played: Score;
  regular: Score;
  extraTime: Score | null;
  shootout: ReferenceShootout | null;
  winner: Winner | null;
  decidedBy: MatchView["decidedBy"];
  goals: Line[];
  cards: Line[];
  substitutions: Line[];
}

type Of<T extends Fact["type"]> = Extract<Fact, { type: T }>;

const ORDER: Period[] = [
  "firstHalf",
  "secondHalf",
  "extraTimeFirst",
  "extraTimeSecond",
  "shootout",
];

/** @param arrived accepted facts of one source and the operator, in the order of arrival */
export function reduceMatch(arrived: Fact[]): Reference {
  const facts = standingFacts(arrived);
  const all = <T extends Fact["type"]>(...types: T[]): Of<T>[] =>
    facts.filter((fact): fact is Of<T> => types.includes(fact.type as T));
  const latest = <T extends Fact["type"]>(...types: T[]): Of<T> | undefined =>
    all(...types).sort((a, b) => a.occurredAt - b.occurredAt).at(-1);

  const { format } = latest("match.scheduled")!;
  const reviews = pairReviews(all("review.opened"), all("review.closed"));
  const annulled = new Set(all("goal.annulled").map(({ target }) => key(target)));
  // Where the feed says the annulment too, that word counts, and its being voided as well.
  const spokenOf = new Set(
    arrived.flatMap((fact) => fact.type === "goal.annulled" ? [key(fact.target)] : []),
  );
  for (const { opened, closed } of reviews) {
    const goal = opened.target && key(opened.target);
    if (goal && closed?.outcome === "goalAnnulled" && !spokenOf.has(goal)) annulled.add(goal);
  }
  const retaken = new Set(all("kick.retaken").map(({ target }) => key(target)));

  const inOrder = <T extends Of<"goal.scored" | "card.shown" | "substitution.made">>(lines: T[]) =>
    lines.sort((a, b) =>
      ORDER.indexOf(a.period) - ORDER.indexOf(b.period) || a.minute - b.minute ||
      (a.stoppage ?? 0) - (b.stoppage ?? 0) || a.occurredAt - b.occurredAt ||
      // What happened in one second stays as the provider first told it.
      firstTold(a) - firstTold(b)
    );
  const firstTold = (fact: Fact) => arrived.findIndex((other) => key(other) === key(fact));
  const counted = inOrder(all("goal.scored").filter((goal) => !annulled.has(key(goal))));
  const goalsIn = (...periods: Period[]): Score =>
    tally(counted.filter(({ period }) => periods.includes(period)));
  const regular = goalsIn("firstHalf", "secondHalf");
  const inExtraTime = goalsIn("extraTimeFirst", "extraTimeSecond");
  const played = plus(regular, inExtraTime);

  const seen = (period: Period) => facts.some((fact) => periodOf(fact) === period);
  const ended = (period: Period) => all("period.ended").some((fact) => fact.period === period);
  const furthest = [...ORDER].reverse().find(seen) ?? null;
  const released = Math.max(0, ...all("kicks.released").map(({ upTo }) => upTo));
  const shootout = seen("shootout")
    ? countShootout(
      all("shootout.kicked").filter((kick) => !retaken.has(key(kick)))
        .sort((a, b) => a.occurredAt - b.occurredAt),
      released,
    )
    : null;

  const phaseOfPlay = (): Phase => {
    const ahead = aheadIn(format, played);
    switch (furthest) {
      case null:
        return "scheduled";
      case "firstHalf":
        return ended(furthest) ? "halfTime" : furthest;
      case "secondHalf":
        if (!ended(furthest)) return furthest;
        if (format.kind === "league" || ahead !== null) return "finished";
        if (format.kind === "cup") return "awaitingExtraTime";
        if (format.kind === "secondLeg" && format.extraTime !== false) return "awaitingExtraTime";
        return "awaitingShootout";
      case "extraTimeFirst":
      case "extraTimeSecond":
        if (format.kind === "cup" && format.goldenGoal && ahead !== null) return "finished";
        if (!ended(furthest)) return furthest;
        if (furthest === "extraTimeFirst") return "extraTimeHalfTime";
        return format.kind === "league" || ahead !== null ? "finished" : "awaitingShootout";
      case "shootout":
        return shootout!.winner === null ? furthest : "finished";
    }
  };
  const award = latest("match.awarded");
  const stopped = latest(
    "match.suspended",
    "match.postponed",
    "match.abandoned",
    "match.cancelled",
  );
  const since = (...types: Fact["type"][]) =>
    all(...types).some(({ occurredAt }) => occurredAt >= stopped!.occurredAt);
  const phase = (): Phase => {
    if (award) return "awarded";
    if (!stopped || since("match.resumed", "period.started")) return phaseOfPlay();
    if (stopped.type === "match.postponed" && since("match.rescheduled")) return phaseOfPlay();
    return stopped.type.slice("match.".length) as Phase;
  };
  const result = (): Pick<Reference, "winner" | "decidedBy"> => {
    if (award) return { winner: award.winner, decidedBy: "award" };
    if (phase() !== "finished") return { winner: null, decidedBy: null };
    if (furthest === "shootout") return { winner: shootout!.winner, decidedBy: "shootout" };
    const inRegulation = furthest === "firstHalf" || furthest === "secondHalf";
    return {
      winner: aheadIn(format, played) ?? "draw",
      decidedBy: inRegulation ? "regulation" : "extraTime",
    };
  };

  return {
    phase: phase(),
    review: reviews.findLast(({ closed }) => closed === undefined)?.opened.reason ?? null,
    score: award?.score ?? played,
    played,
    regular,
    extraTime: seen("extraTimeFirst") || seen("extraTimeSecond") ? inExtraTime : null,
    shootout,
    ...result(),
    goals: counted.map((goal, index) => ({
      ...lineOf(goal),
      score: tally(counted.slice(0, index + 1)),
    })),
    cards: inOrder(all("card.shown")).map(lineOf),
    substitutions: inOrder(all("substitution.made")).map(lineOf),
  };
}

/**
 * Each fact that was not voided, once, as its highest revision and its amendments
 * leave it. What a correction is about cannot be amended; it can be voided.
 */
function standingFacts(arrived: Fact[]): Fact[] {
  const told = new Map<string, Fact>();
  for (const fact of arrived) {
    const before = told.get(key(fact));
    if (before !== undefined && fact.revision <= before.revision) continue;
    // A revision is a later word, so the fact arrives with it.
    told.delete(key(fact));
    told.set(key(fact), fact);
  }
  const facts = [...told.values()];
  const voids = facts.filter((fact) => fact.type === "event.voided");
  const stands = (fact: Fact): boolean =>
    !voids.some((voiding) => key(voiding.target) === key(fact) && stands(voiding));
  const amendments = facts.filter((fact) => fact.type === "event.amended").filter(stands)
    .sort((a, b) => a.occurredAt - b.occurredAt);
  return facts.filter(stands).map((fact) =>
    amendments.reduce(
      (body, { target, changes }) => key(target) === key(fact) ? { ...body, ...changes } : body,
      fact,
    )
  );
}

interface Review {
  opened: Of<"review.opened">;
  closed?: Of<"review.closed">;
}

/** A close without a name ends the review that was opened last before it. */
function pairReviews(opened: Of<"review.opened">[], closed: Of<"review.closed">[]): Review[] {
  const byTime = (a: Fact, b: Fact) => a.occurredAt - b.occurredAt;
  const reviews: Review[] = opened.sort(byTime).map((fact) => ({ opened: fact }));
  for (const fact of closed.filter(({ review }) => review !== undefined)) {
    const named = reviews.find((review) => key(review.opened) === key(fact.review!));
    if (named) named.closed = fact;
  }
  for (const fact of closed.filter(({ review }) => review === undefined).sort(byTime)) {
    const open = reviews.findLast((review) =>
      review.closed === undefined && review.opened.occurredAt <= fact.occurredAt
    );
    if (open) open.closed = fact;
  }
  return reviews;
}

/** Who would go through, or win, if play ended with this score. */
function aheadIn(format: MatchFormat, score: Score): Side | null {
  if (format.kind !== "secondLeg") return sideOf(score.home - score.away);
  const { aggregate } = format;
  const both = plus(aggregate, score);
  const byGoals = sideOf(both.home - both.away);
  if (byGoals !== null || !format.awayGoals) return byGoals;
  return sideOf(aggregate.home - score.away);
}

function sideOf(difference: number): Side | null {
  return difference > 0 ? "home" : difference < 0 ? "away" : null;
}

function periodOf(fact: Fact): Period | undefined {
  if (fact.type === "shootout.kicked") return "shootout";
  return "period" in fact && fact.type !== "period.implied" ? fact.period : undefined;
}

function lineOf(fact: Of<"goal.scored" | "card.shown" | "substitution.made">): Line {
  const { side, period, minute, stoppage = 0 } = fact;
  const line = { side, period, minute, stoppage, method: null, card: null, score: null };
  if (fact.type === "substitution.made") {
    return { ...line, player: fact.on ?? null, other: fact.off ?? null };
  }
  const player = fact.player ?? null;
  if (fact.type === "card.shown") return { ...line, player, other: null, card: fact.card };
  return { ...line, player, other: fact.assist ?? null, method: fact.method };
}

function tally(facts: { side: Side }[]): Score {
  const of = (side: Side) => facts.filter((fact) => fact.side === side).length;
  return { home: of("home"), away: of("away") };
}

function plus(a: Score, b: Score): Score {
  return { home: a.home + b.home, away: a.away + b.away };
}

function key(ref: FactRef): string {
  return `${ref.provider}/${ref.id}`;
}
