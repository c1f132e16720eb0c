/**
 * A fact as it counts after every correction, and questions to all of them.
 */
import type { FactBody, FactOf, ProviderFact } from "./match_event.ts";
import type { TimelineStatus } from "./match_view.ts";

export interface KnownFact<F extends ProviderFact = ProviderFact> {
  readonly key: string;
  /** Seq of its first telling: its name in the timeline. */
  readonly id: number;
  /** Seq of the telling that counts. */
  readonly seq: number;
  readonly recordedAt: number;
  /** With its amendments. */
  readonly fact: F;
  readonly status: TimelineStatus;
  /** Why it does not stand. */
  readonly reason: string;
  /** Said otherwise before. */
  readonly amended: boolean;
}

/** The facts of a match, in the order in which they were first told. */
export interface KnownFacts {
  byKey: Map<string, KnownFact>;
  byType: Map<string, KnownFact[]>;
}

/** Those that stand. */
export function standing<T extends FactBody["type"]>(
  facts: KnownFacts,
  type: T,
): KnownFact<FactOf<T>>[] {
  return ofType(facts, type).filter(({ status }) => status === "standing");
}

/** Those that happened, an annulled goal too. */
export function real<T extends FactBody["type"]>(
  facts: KnownFacts,
  type: T,
): KnownFact<FactOf<T>>[] {
  return ofType(facts, type).filter(({ status }) => status !== "removed");
}

export function ofType<T extends FactBody["type"]>(
  facts: KnownFacts,
  type: T,
): KnownFact<FactOf<T>>[] {
  return (facts.byType.get(type) ?? []) as KnownFact<FactOf<T>>[];
}

/** The standing fact of a type that happened last. */
export function latest<T extends FactBody["type"]>(facts: KnownFacts, type: T): FactOf<T> | null {
  let last: KnownFact<FactOf<T>> | null = null;
  for (const known of ofType(facts, type)) {
    if (known.status !== "standing") continue;
    if (last === null || byTime(last, known) < 0) last = known;
  }
  return last?.fact ?? null;
}

/** By when it happened, then what goes on after what stops; else the ledger's order decides. */
export function byTime(a: KnownFact, b: KnownFact): number {
  return a.fact.occurredAt - b.fact.occurredAt || byLifting(a, b) || a.seq - b.seq;
}

/** By when it happened, then by name: where not even equal times may let arrival decide. */
export function byTimeAndName(a: KnownFact, b: KnownFact): number {
  return a.fact.occurredAt - b.fact.occurredAt || (a.key < b.key ? -1 : 1);
}

/** Feeds announce a stop and its end in one second; then the stop came first. */
export function byLifting(a: KnownFact, b: KnownFact): number {
  return Number(LIFTING.has(a.fact.type)) - Number(LIFTING.has(b.fact.type));
}

const LIFTING: ReadonlySet<string> = new Set([
  "match.resumed",
  "match.rescheduled",
  "period.started",
]);
