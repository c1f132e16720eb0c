/**
 * A fact as it counts after every correction, and questions to all of them.
 */
import type { FactBody, FactOf, ProviderFact } from "./match_event.ts";
import type { TimelineStatus } from "./match_view.ts";

export interface KnownFact<F extends ProviderFact = ProviderFact> {
  key: string;
  /** Seq of its first telling: its name in the timeline. */
  id: number;
  /** Seq of the telling that counts. */
  seq: number;
  recordedAt: number;
  /** With its amendments. */
  fact: F;
  status: TimelineStatus;
  /** Why it does not stand. */
  reason: string;
  /** Said otherwise before. */
  amended: boolean;
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
  return standing(facts, type).sort(byTime).at(-1)?.fact ?? null;
}

/** By when it happened; the ledger decides between equal times. */
export function byTime(a: KnownFact, b: KnownFact): number {
  return a.fact.occurredAt - b.fact.occurredAt || a.seq - b.seq;
}
