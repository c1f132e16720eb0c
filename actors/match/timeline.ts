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
import type { FactBody, Period } from "./match_event.ts";
import type { TimelineItem, TimelineKind } from "./match_view.ts";
import { periodAt, type PeriodFold, timeOf } from "./periods.ts";
import type { ReviewPair } from "./reviews.ts";
import type { ScoreFold } from "./score_fold.ts";
import { byPlace, type Placed, placed, placeInPlay } from "./timeline_order.ts";

export interface TimelineParts {
  facts: KnownFacts;
  reviews: ReviewPair[];
  periods: PeriodFold;
  interruptions: Interruption[];
  score: ScoreFold;
  clockRate: number;
}

interface Line extends Placed {
  item: Pick<TimelineItem, "kind"> & Partial<TimelineItem>;
}

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
  const lines = [...factLines(parts), ...reviewLines(parts)];
  lines.sort(byPlace);
  return lines.map(({ known, place, item }, index): TimelineItem => ({
    id: known.id,
    status: known.status,
    side: null,
    period: place.period,
    minute: place.minute,
    stoppage: place.stoppage,
    player: null,
    other: null,
    method: null,
    card: null,
    score: null,
    amended: known.amended,
    text: known.status === "standing" ? "" : withReason(known.status, known.reason),
    order: index + 1,
    ...item,
  }));
}

function factLines(parts: TimelineParts): Line[] {
  return (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((type) =>
    ofType(parts.facts, type).map((known: KnownFact): Line => ({
      ...placed(known, placeOfLine(known, parts)),
      item: { kind: KINDS[type], ...contents(known, parts.score) },
    }))
  );
}

/** What the line of a fact says beside when. */
function contents(known: KnownFact, score: ScoreFold): Partial<TimelineItem> {
  const { fact, key, status } = known;
  switch (fact.type) {
    case "goal.scored":
      return {
        side: fact.side,
        player: fact.player ?? null,
        other: fact.assist ?? null,
        method: fact.method,
        score: score.after.get(key) ?? null,
      };
    case "penalty.missed":
      return { side: fact.side, player: fact.player ?? null, ...text(status, fact.how ?? "") };
    case "card.shown":
      return { side: fact.side, player: fact.player ?? null, card: fact.card };
    case "substitution.made":
      return { side: fact.side, player: fact.on ?? null, other: fact.off ?? null };
    case "match.awarded":
      return { side: fact.winner, ...text(status, withReason("awarded", fact.reason ?? "")) };
    default: {
      const word = fact.type.slice(fact.type.indexOf(".") + 1);
      return text(status, withReason(word, "reason" in fact ? fact.reason ?? "" : ""));
    }
  }
}

/** A line that does not stand says why instead. */
function text(status: KnownFact["status"], words: string): Partial<TimelineItem> {
  return status === "standing" ? { text: words } : {};
}

function reviewLines(parts: TimelineParts): Line[] {
  const lines = parts.reviews.map(({ opened, closed }): Line => {
    const known: KnownFact = (opened ?? closed)!;
    const words = [opened?.fact.reason, closed?.fact.outcome].filter((word) => word !== undefined);
    return {
      ...placed(known, placeOfLine(known, parts)),
      item: {
        kind: "review",
        text: words.join(": "),
        amended: known.amended || (closed?.amended ?? false),
      },
    };
  });
  for (const known of ofType(parts.facts, "review.opened")) {
    if (known.status !== "removed") continue;
    lines.push({ ...placed(known, placeOfLine(known, parts)), item: { kind: "review" } });
  }
  return lines;
}

function placeOfLine({ fact }: KnownFact, parts: TimelineParts): Place {
  if (fact.type === "period.started" || fact.type === "period.ended") {
    const { begins, ends } = PERIOD_MINUTES[fact.period];
    return fact.type === "period.started"
      ? { period: fact.period, part: "start", minute: begins, stoppage: 0 }
      : { period: fact.period, part: "end", minute: ends, stoppage: 0 };
  }
  const time = timeOf(fact);
  return time === null ? placeByClock(fact.occurredAt, parts) : placeInPlay(time);
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
