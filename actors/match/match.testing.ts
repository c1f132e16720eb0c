/**
 * Facts for tests, every option with a default, and ways to apply them.
 *
 * A fact's time follows from its minute (a half takes 50 minutes of the wall
 * clock, half-time 15), so what a test sets is what it is about.
 */
import type { Change, Committed } from "../actor_definition.ts";
import { type Folded, foldEntries, genesis, step } from "../fold.ts";
import type { FactAnswer } from "../ports/match_owners.ts";
import { matchDefinition, type MatchEntryBody, type MatchSnapshot } from "./match_actor.ts";
import { viewOfSnapshot } from "./match_actor.ts";
import { PERIOD_MINUTES, periodOfMinute } from "./match_clock.ts";
import type {
  CardColour,
  Fact,
  FactBody,
  FactOf,
  FactRef,
  MatchEntry,
  Period,
  ProviderFact,
  ReviewOutcome,
  Side,
} from "./match_event.ts";
import type { MatchUpdate } from "./match_update.ts";
import type { MatchView } from "./match_view.ts";

export const MATCH_ID = "arg-fra-2022-12-18";
/** The provider of facts that say nothing else. */
export const FEED = "feed";
export const KICKOFF = Date.UTC(2022, 11, 18, 15);
const MINUTE_MS = 60_000;

/** Wall-clock minutes after kick-off at which each period begins. */
const BEGINS: Record<Period, number> = {
  firstHalf: 0,
  secondHalf: 65,
  extraTimeFirst: 120,
  extraTimeSecond: 140,
  shootout: 165,
};

/** Anything of a fact that a test sets otherwise. */
type Options<T extends FactBody["type"]> = Partial<FactOf<T>>;

export function fact<T extends FactBody["type"]>(
  type: T,
  id: string,
  minutes: number,
  fields: Partial<FactOf<T>>,
): FactOf<T> {
  const occurredAt = KICKOFF + minutes * MINUTE_MS;
  return { provider: FEED, id, revision: 1, occurredAt, type, ...fields } as FactOf<T>;
}

/** A fact of play, at its minute. */
function timed<T extends FactBody["type"]>(
  type: T,
  word: string,
  minute: number,
  fields: Partial<FactOf<T>>,
): FactOf<T> {
  const { period = periodOfMinute(minute)!, stoppage = 0 } = fields as {
    period?: Period;
    stoppage?: number;
  };
  const at = BEGINS[period] + minute + stoppage - PERIOD_MINUTES[period].begins;
  const time = { period, minute, ...(stoppage > 0 ? { stoppage } : {}) };
  return fact(type, `${word}-${minute}+${stoppage}`, at, { ...time, ...fields });
}

export const scheduled = (options: Options<"match.scheduled"> = {}) =>
  fact("match.scheduled", "fixture", -1440, {
    competition: "FIFA World Cup 2022",
    stage: "Final",
    kickoffAt: KICKOFF,
    home: { id: "arg", name: "Argentina", code: "ARG" },
    away: { id: "fra", name: "France", code: "FRA" },
    format: { kind: "cup" },
    ...options,
  });

export const started = (period: Period, options: Options<"period.started"> = {}) =>
  fact("period.started", `${period}-started`, BEGINS[period], { period, ...options });

export const ended = (period: Period, options: Options<"period.ended"> = {}) => {
  const { begins, ends } = PERIOD_MINUTES[period];
  const at = BEGINS[period] + (period === "shootout" ? 12 : ends - begins + 4.5);
  return fact("period.ended", `${period}-ended`, at, { period, ...options });
};

export const stoppage = (
  period: Period,
  minutes: number,
  options: Options<"stoppage.announced"> = {},
) =>
  fact("stoppage.announced", `${period}-stoppage`, BEGINS[period] + 44, {
    period,
    minutes,
    ...options,
  });

export const goal = (side: Side, minute: number, options: Options<"goal.scored"> = {}) =>
  timed("goal.scored", `goal-${side}`, minute, { side, method: "open", ...options });

export const missed = (side: Side, minute: number, options: Options<"penalty.missed"> = {}) =>
  timed("penalty.missed", `missed-${side}`, minute, { side, ...options });

export const card = (
  side: Side,
  minute: number,
  colour: CardColour = "yellow",
  options: Options<"card.shown"> = {},
) => timed("card.shown", `card-${side}`, minute, { side, card: colour, ...options });

export const substitution = (
  side: Side,
  minute: number,
  options: Options<"substitution.made"> = {},
) => timed("substitution.made", `substitution-${side}`, minute, { side, ...options });

export const reviewOpened = (minute: number, options: Options<"review.opened"> = {}) =>
  timed("review.opened", "review", minute, { reason: "goal", ...options });

export const reviewClosed = (
  minute: number,
  outcome: ReviewOutcome,
  options: Options<"review.closed"> = {},
) => timed("review.closed", "review-closed", minute, { outcome, ...options });

export const kick = (
  number: number,
  side: Side,
  scored: boolean,
  options: Options<"shootout.kicked"> = {},
) =>
  fact("shootout.kicked", `kick-${number}`, BEGINS.shootout + number * 0.75, {
    number,
    side,
    scored,
    ...options,
  });

/** Kicks from number 1, "+" scored and "-" not, taken in turn. */
export const kicks = (first: Side, results: string) =>
  [...results].map((result, index) => {
    const second = first === "home" ? "away" : "home";
    return kick(index + 1, index % 2 === 0 ? first : second, result === "+");
  });

type Correction = "goal.annulled" | "event.voided" | "kick.retaken";

export const correction = <T extends Correction>(
  type: T,
  target: FactRef,
  options: Partial<FactOf<T>> = {},
): FactOf<T> =>
  fact(type, `${type}-${target.id}`, 180, { target: refOf(target), ...options } as Partial<
    FactOf<T>
  >);

export const amended = (
  target: FactRef,
  changes: Record<string, unknown>,
  options: Options<"event.amended"> = {},
) =>
  fact("event.amended", `event.amended-${target.id}`, 180, {
    target: refOf(target),
    changes,
    ...options,
  });

/** `match.suspended` and its like, so many wall-clock minutes after kick-off. */
export const interruption = <
  T extends
    | "match.suspended"
    | "match.resumed"
    | "match.abandoned"
    | "match.postponed"
    | "match.cancelled"
    | "match.awarded"
    | "match.rescheduled",
>(type: T, minutes: number, options: Partial<FactOf<T>> = {}): FactOf<T> =>
  fact(type, `${type}-${minutes}`, minutes, options);

function refOf({ provider, id }: FactRef): FactRef {
  return { provider, id };
}

/** A match played to full time, with the goals given. */
export function fullTime(...goals: ProviderFact[]): ProviderFact[] {
  return [
    started("firstHalf"),
    ...goals.filter((goal) => "period" in goal && goal.period === "firstHalf"),
    ended("firstHalf"),
    started("secondHalf"),
    ...goals.filter((goal) => "period" in goal && goal.period === "secondHalf"),
    ended("secondHalf"),
  ];
}

/** Extra time, with the goals given. */
export function extraTime(...goals: ProviderFact[]): ProviderFact[] {
  return [
    started("extraTimeFirst"),
    ...goals.filter((goal) => "period" in goal && goal.period === "extraTimeFirst"),
    ended("extraTimeFirst"),
    started("extraTimeSecond"),
    ...goals.filter((goal) => "period" in goal && goal.period === "extraTimeSecond"),
    ended("extraTimeSecond"),
  ];
}

export interface Applied {
  view: MatchView;
  snapshot: MatchSnapshot;
  /** The ledger. */
  entries: MatchEntry[];
  /** In the order of the facts. */
  outcomes: FactAnswer[];
  /** What others heard, by entry. */
  changes: Change<MatchUpdate>[][];
}

type MatchFolded = Folded<typeof matchDefinition.machine>;

/** Decides and folds facts one by one, as the loop does, each recorded a second after it happened. */
export function applyAll(facts: Fact[], before?: Applied): Applied {
  let folded: MatchFolded = before
    ? { snapshot: before.snapshot, seq: before.entries.at(-1)?.seq ?? 0, offset: 0 }
    : genesis(matchDefinition, MATCH_ID);
  const entries = [...before?.entries ?? []];
  const outcomes: FactAnswer[] = [];
  const changes: Change<MatchUpdate>[][] = [];
  for (const [index, fact] of facts.entries()) {
    const now = fact.occurredAt + 1_000;
    const delivery = { fact, intake: index + 1, receivedAt: now };
    const decision = matchDefinition.decide(folded.snapshot, delivery, now);
    outcomes.push(decision.outcome === "accepted" ? { outcome: "accepted" } : decision);
    if (decision.outcome !== "accepted") continue;
    for (const body of decision.entries) {
      const entry: Committed<MatchEntryBody> = { seq: folded.seq + 1, recordedAt: now, body };
      const snapshotBefore = folded.snapshot;
      folded = step(matchDefinition, folded, entry).folded;
      changes.push(matchDefinition.changes(snapshotBefore, folded.snapshot, entry));
      entries.push({ seq: entry.seq, recordedAt: now, ...body });
    }
  }
  const { snapshot } = folded;
  return { view: viewOfSnapshot(snapshot), snapshot, entries, outcomes, changes };
}

/** The fold of a ledger, as a restarted owner or a reader makes it. */
export function foldMatch(entries: MatchEntry[], matchId = MATCH_ID): MatchSnapshot {
  const committed = entries.map(({ seq, recordedAt, ...body }) => ({ seq, recordedAt, body }));
  return foldEntries(matchDefinition, genesis(matchDefinition, matchId), committed).folded.snapshot;
}

/** A view without what follows from the order of arrival: the lines' names and the ledger's length. */
export function withoutArrival(view: MatchView): unknown {
  const { seq: _seq, timeline, ...rest } = view;
  return { ...rest, timeline: timeline.map(({ id: _id, ...item }) => item) };
}
