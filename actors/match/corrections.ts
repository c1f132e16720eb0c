/**
 * Which of the facts told stand, and what they say after every correction.
 *
 * Depends on the set of facts, not on their order: the highest revision of a
 * fact counts, and a correction applies whenever its target is or becomes
 * known. A correction is a fact too, so it can be voided; what it did is undone
 * then. Only amendments of the same field by several facts need an order, and
 * take the ledger's.
 *
 * A void is without effect where following targets leads back to it. Each void
 * has one target, so those of a circle touch nothing outside it, and leaving
 * all of them out changes no other fact.
 */
import { type KnownFact, type KnownFacts, ofType, standing } from "./known_fact.ts";
import {
  type FactBody,
  factKey,
  type FactOf,
  type FactRef,
  type ProviderFact,
} from "./match_event.ts";
import type { Telling } from "./match_context.ts";
import { problemOf } from "./parse_fact.ts";
import { pairReviews, type ReviewPair } from "./reviews.ts";

export interface Corrected {
  facts: KnownFacts;
  reviews: ReviewPair[];
}

const CORRECTIONS: readonly FactBody["type"][] = [
  "goal.annulled",
  "event.amended",
  "event.voided",
  "kick.retaken",
];

export function isCorrection(type: string): boolean {
  return (CORRECTIONS as readonly string[]).includes(type);
}

export function correct(told: Telling[]): Corrected {
  const facts = tellingsThatCount(told);
  voidFacts(facts);
  amendFacts(facts);
  const reviews = pairReviews(facts);
  for (const { fact } of standing(facts, "kick.retaken")) {
    fail(facts, fact.target, "shootout.kicked", fact.reason ?? "");
  }
  annulGoals(facts, reviews);
  return { facts, reviews };
}

function tellingsThatCount(told: Telling[]): KnownFacts {
  const byKey = new Map<string, KnownFact>();
  for (const { seq, recordedAt, shadowed, fact } of told) {
    if (shadowed) continue;
    const key = factKey(fact);
    const before = byKey.get(key);
    if (before === undefined) {
      const status = "standing";
      byKey.set(key, { key, id: seq, seq, recordedAt, fact, status, reason: "", amended: false });
      continue;
    }
    before.amended = true;
    if (fact.revision > before.fact.revision) Object.assign(before, { seq, recordedAt, fact });
  }
  const byType = new Map<string, KnownFact[]>();
  for (const known of byKey.values()) {
    const others = byType.get(known.fact.type);
    if (others === undefined) byType.set(known.fact.type, [known]);
    else others.push(known);
  }
  return { byKey, byType };
}

function voidFacts(facts: KnownFacts): void {
  const voids = ofType(facts, "event.voided");
  const targetOf = new Map(voids.map(({ key, fact }) => [key, factKey(fact.target)]));
  const voidersOf = new Map<string, KnownFact<FactOf<"event.voided">>[]>();
  for (const one of voids) {
    if (isCircular(one.key, targetOf)) continue;
    const target = factKey(one.fact.target);
    voidersOf.set(target, [...(voidersOf.get(target) ?? []), one]);
  }
  const decided = new Map<string, boolean>();
  const stands = (key: string): boolean => {
    const before = decided.get(key);
    if (before !== undefined) return before;
    const does = !(voidersOf.get(key) ?? []).some((one) => stands(one.key));
    decided.set(key, does);
    return does;
  };
  for (const [target, voiders] of voidersOf) {
    const fact = facts.byKey.get(target);
    const voider = voiders.find(({ key }) => stands(key));
    // A fixture is cancelled or abandoned; it cannot turn out never to have been.
    if (fact === undefined || voider === undefined || fact.fact.type === "match.scheduled") {
      continue;
    }
    fact.status = "removed";
    fact.reason = voider.fact.reason ?? "";
  }
}

function isCircular(key: string, targetOf: Map<string, string>): boolean {
  const seen = new Set<string>();
  for (let at = targetOf.get(key); at !== undefined; at = targetOf.get(at)) {
    if (at === key) return true;
    if (seen.has(at)) return false;
    seen.add(at);
  }
  return false;
}

function amendFacts(facts: KnownFacts): void {
  for (const { fact } of standing(facts, "event.amended").sort((a, b) => a.seq - b.seq)) {
    const target = facts.byKey.get(factKey(fact.target));
    const amended = target && amendedFact(target.fact, fact.changes);
    if (!target || !amended || problemOf(amended) !== null) continue;
    target.fact = amended;
    target.amended = true;
  }
}

/**
 * A fact with some fields replaced. Of a correction only the reason can be
 * replaced: what it corrects must not depend on other corrections.
 */
export function amendedFact(fact: ProviderFact, changes: Record<string, unknown>): ProviderFact {
  const fields = isCorrection(fact.type) ? pick(changes, "reason") : changes;
  return { ...fact, ...fields } as ProviderFact;
}

function pick(fields: Record<string, unknown>, name: string): Record<string, unknown> {
  return Object.hasOwn(fields, name) ? { [name]: fields[name] } : {};
}

/** By their annulment, or by a review's outcome where the feed leaves the annulment out. */
function annulGoals(facts: KnownFacts, reviews: ReviewPair[]): void {
  const told = new Set(ofType(facts, "goal.annulled").map(({ fact }) => factKey(fact.target)));
  for (const { fact } of standing(facts, "goal.annulled")) {
    fail(facts, fact.target, "goal.scored", fact.reason ?? "");
  }
  for (const { opened, closed } of reviews) {
    const target = opened?.fact.target;
    if (target === undefined || closed?.fact.outcome !== "goalAnnulled") continue;
    // Once an annulment was told, it alone decides: it may have been voided since.
    if (!told.has(factKey(target))) fail(facts, target, "goal.scored", "review");
  }
}

/** It happened and does not count. */
function fail(
  facts: KnownFacts,
  ref: FactRef,
  type: FactBody["type"],
  reason: string,
): void {
  const target = facts.byKey.get(factKey(ref));
  if (target?.fact.type !== type || target.status !== "standing") return;
  target.status = "annulled";
  target.reason = reason;
}
