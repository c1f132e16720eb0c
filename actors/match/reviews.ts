/**
 * Which closing belongs to which review.
 *
 * A closing that names its review closes that one. One that names none closes
 * the latest review opened before it that nothing else closed. A closing whose
 * review is unknown stays by itself until the review comes.
 */
import { byTime, type KnownFact, type KnownFacts, standing } from "./known_fact.ts";
import { factKey, type FactOf } from "./match_event.ts";

export type OpenedReview = KnownFact<FactOf<"review.opened">>;
export type ClosedReview = KnownFact<FactOf<"review.closed">>;

/** At least one of the two is there. */
export interface ReviewPair {
  opened: OpenedReview | null;
  closed: ClosedReview | null;
}

/** In the order of their openings, then the closings that have none. */
export function pairReviews(facts: KnownFacts): ReviewPair[] {
  const opened = standing(facts, "review.opened").sort(byTime);
  const closings = standing(facts, "review.closed").sort(byTime);
  const closedBy = new Map<string, ClosedReview>();
  const alone: ReviewPair[] = [];
  const named = closings.filter(({ fact }) => fact.review !== undefined);
  const unnamed = closings.filter(({ fact }) => fact.review === undefined);
  for (const closed of named) {
    const key = factKey(closed.fact.review!);
    if (opened.some((review) => review.key === key)) closedBy.set(key, closed);
    else alone.push({ opened: null, closed });
  }
  for (const closed of unnamed) {
    const review = opened.findLast(({ key, fact }) =>
      fact.occurredAt <= closed.fact.occurredAt && !closedBy.has(key)
    );
    if (review) closedBy.set(review.key, closed);
    else alone.push({ opened: null, closed });
  }
  const pairs = opened.map((review) => ({
    opened: review,
    closed: closedBy.get(review.key) ?? null,
  }));
  return [...pairs, ...alone];
}

/** The review that is on, the latest where a feed overlaps two. */
export function openReview(pairs: ReviewPair[]): OpenedReview | null {
  return pairs.findLast(({ opened, closed }) => opened !== null && closed === null)?.opened ?? null;
}
