/**
 * A fact as it counts after every correction, and questions to a list of them.
 */
import type { FactBody, FactOf, ProviderFact } from "./match_event.ts";
import type { TimelineStatus } from "./match_view.ts";

/** A fact as it counts now. */
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

/** The facts of a type that stand. */
export function standing<T extends FactBody["type"]>(
  facts: KnownFact[],
  type: T,
): KnownFact<FactOf<T>>[] {
  return ofType(facts, type).filter(({ status }) => status === "standing");
}

export function ofType<T extends FactBody["type"]>(
  facts: KnownFact[],
  type: T,
): KnownFact<FactOf<T>>[] {
  return facts.filter(({ fact }) => fact.type === type) as KnownFact<FactOf<T>>[];
}

/** By when it happened; the ledger decides between equal times. */
export function byTime(a: KnownFact, b: KnownFact): number {
  return a.fact.occurredAt - b.fact.occurredAt || a.seq - b.seq;
}
