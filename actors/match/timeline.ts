/**
 * The lines of a match, in the order of play.
 *
 * What was annulled stays in its place, shown as such; what never happened
 * stays as removed, so whoever has seen the line is told to take it away. A
 * review is one line from its opening to its outcome. Reviews and interruptions
 * that bring no minute are placed by the clock.
 */
import { type KnownFact, type KnownFacts, ofType } from "./known_fact.ts";
import { type Interruption, stoodStill } from "./interruptions.ts";
import { clockAt, PERIOD_MINUTES, type Place } from "./match_clock.ts";
import type { FactBody, Period, ProviderFact, Score } from "./match_event.ts";
import type { TimelineItem, TimelineKind } from "./match_view.ts";
import { periodAt, type PeriodFold, timeOf } from "./periods.ts";
import type { ReviewPair } from "./reviews.ts";
import type { ScoreFold } from "./score_fold.ts";
import { remembered } from "./remembered.ts";
import { isSame } from "./same_value.ts";
import { byPlace, type Placed, placed, placeInPlay } from "./timeline_order.ts";

export interface TimelineParts {
  facts: KnownFacts;
  reviews: ReviewPair[];
  periods: PeriodFold;
  interruptions: Interruption[];
  score: ScoreFold;
  clockRate: number;
}

/** A line before it is known what stands above it. */
interface Line extends Placed {
  item: Omit<TimelineItem, "score" | "order">;
  /** As it was shown last: the very same again where neither its place nor the score moved. */
  shown: TimelineItem | null;
}

/** What a line says beside when and whether it stands. */
type Contents = Pick<TimelineItem, "kind"> & Partial<Line["item"]>;

const KINDS = {
  "goal.scored": "goal",
  "penalty.missed": "penaltyMissed",
  "card.shown": "card",
  "substitution.made": "substitution",
  "period.started": "period",
  "period.ended": "period",
  "match.suspended": "interruption",
  "match.resumed": "interruption",
  "match.abandoned": "interruption",
  "match.postponed": "interruption",
  "match.cancelled": "interruption",
  "match.awarded": "interruption",
} as const satisfies Partial<Record<FactBody["type"], TimelineKind>>;

export function foldTimeline(parts: TimelineParts): TimelineItem[] {
  const lines = [...factLines(parts), ...reviewLines(parts)].sort(byPlace);
  const { after } = parts.score;
  return lines.map((line, index) => itemOf(line, after.get(line.known.key) ?? null, index + 1));
}

function itemOf(line: Line, score: Score | null, order: number): TimelineItem {
  const { item, shown } = line;
  if (shown?.order === order && isSame(shown.score, score)) return shown;
  line.shown = { ...item, score, order };
  return line.shown;
}

/** In the order of the first tellings, which is nearly that of play and so soon sorted. */
function factLines(parts: TimelineParts): Line[] {
  const lines: Line[] = [];
  for (const known of parts.facts.byKey.values()) {
    if (!Object.hasOwn(KINDS, known.fact.type)) continue;
    lines.push(
      lineInPlay(known) ??
        lineOf(known, placeByClock(known.fact.occurredAt, parts), contents(known)),
    );
  }
  return lines;
}

/** The line of a fact that says itself where it belongs. */
const lineInPlay = remembered((known: KnownFact): Line | null => {
  const place = placeOf(known.fact);
  return place && lineOf(known, place, contents(known));
});

function lineOf(known: KnownFact, place: Place, contents: Contents): Line {
  const { id, status, amended } = known;
  const { period, minute, stoppage } = place;
  return {
    ...placed(known, place),
    item: {
      id,
      status,
      side: null,
      period,
      minute,
      stoppage,
      player: null,
      other: null,
      method: null,
      card: null,
      amended,
      text: status === "standing" ? "" : withReason(status, known.reason),
      ...contents,
    },
    shown: null,
  };
}

function contents({ fact, status }: KnownFact): Contents {
  const kind = KINDS[fact.type as keyof typeof KINDS];
  switch (fact.type) {
    case "goal.scored": {
      const { side, player = null, assist: other = null, method } = fact;
      return { kind, side, player, other, method };
    }
    case "penalty.missed":
      return {
        kind,
        side: fact.side,
        player: fact.player ?? null,
        ...text(status, fact.how ?? ""),
      };
    case "card.shown":
      return { kind, side: fact.side, player: fact.player ?? null, card: fact.card };
    case "substitution.made":
      return { kind, side: fact.side, player: fact.on ?? null, other: fact.off ?? null };
    case "match.awarded": {
      const words = withReason("awarded", fact.reason ?? "");
      return { kind, side: fact.winner, ...text(status, words) };
    }
    default: {
      const word = fact.type.slice(fact.type.indexOf(".") + 1);
      const reason = "reason" in fact ? fact.reason ?? "" : "";
      return { kind, ...text(status, withReason(word, reason)) };
    }
  }
}

/** A line that does not stand says why instead. */
function text(status: KnownFact["status"], words: string): { text?: string } {
  return status === "standing" ? { text: words } : {};
}

function reviewLines(parts: TimelineParts): Line[] {
  const placeOfReview = ({ fact }: KnownFact) =>
    placeOf(fact) ?? placeByClock(fact.occurredAt, parts);
  const lines = parts.reviews.map(({ opened, closed }): Line => {
    const known: KnownFact = (opened ?? closed)!;
    const words = [opened?.fact.reason, closed?.fact.outcome].filter((word) => word !== undefined);
    const amended = known.amended || (closed?.amended ?? false);
    return lineOf(known, placeOfReview(known), { kind: "review", text: words.join(": "), amended });
  });
  for (const known of ofType(parts.facts, "review.opened")) {
    if (known.status !== "removed") continue;
    lines.push(lineOf(known, placeOfReview(known), { kind: "review" }));
  }
  return lines;
}

/** Where a fact says that it belongs. */
function placeOf(fact: ProviderFact): Place | null {
  if (fact.type === "period.started" || fact.type === "period.ended") {
    const { begins, ends } = PERIOD_MINUTES[fact.period];
    return fact.type === "period.started"
      ? { period: fact.period, part: "start", minute: begins, stoppage: 0 }
      : { period: fact.period, part: "end", minute: ends, stoppage: 0 };
  }
  const time = timeOf(fact);
  return time && placeInPlay(time);
}

function placeByClock(time: number, parts: TimelineParts): Place {
  const { periods, interruptions, clockRate } = parts;
  const period: Period | null = periodAt(periods, time);
  if (period === null) return { period, part: "play", minute: 0, stoppage: 0 };
  if ((periods.ended.get(period) ?? Infinity) <= time) {
    return { period, part: "break", minute: PERIOD_MINUTES[period].ends, stoppage: 0 };
  }
  const startedAt = periods.startedAt.get(period)!;
  const running = time - stoodStill(interruptions, startedAt, time);
  return { period, part: "play", ...clockAt(period, startedAt, clockRate, running) };
}

function withReason(word: string, reason: string): string {
  return reason === "" ? word : `${word}: ${reason}`;
}
