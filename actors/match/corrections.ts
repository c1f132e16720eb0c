/**
 * Which of the facts told stand, and what they say after every correction.
 *
 * Depends on the set of facts, not on their order: the highest revision of a
 * fact counts, and a correction applies whenever its target is or becomes
 * known. A correction is a fact too, so it can be voided; what it did is undone
 * then. Of several amendments of one field the later counts, by when they were
 * made and else by the ledger; of several reasons the earliest is told.
 *
 * A void is without effect where following targets leads back to it. Each void
 * has one target, so those of a circle touch nothing outside it, and leaving
 * all of them out changes no other fact.
 */
import {
  byTime,
  byTimeAndName,
  type KnownFact,
  type KnownFacts,
  ofType,
  standing,
} from "./known_fact.ts";
import {
  type FactBody,
  factKey,
  type FactOf,
  type FactRef,
  type ProviderFact,
} from "./match_event.ts";
import type { Telling } from "./match_context.ts";
import { problemOf } from "./parse_fact.ts";
import { remembered, rememberedPair } from "./remembered.ts";
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
  for (const retaken of standing(facts, "kick.retaken").sort(byTimeAndName)) {
    fail(facts, retaken.fact.target, "shootout.kicked", retaken);
  }
  annulGoals(facts, reviews);
  return { facts, reviews };
}

function tellingsThatCount(told: Telling[]): KnownFacts {
  const byKey = new Map<string, KnownFact>();
  for (const telling of told) {
    if (telling.shadowed) continue;
    const known = asTold(telling);
    const before = byKey.get(known.key);
    byKey.set(known.key, before === undefined ? known : revised(before, known));
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
  const voids = [...ofType(facts, "event.voided")].sort(byTimeAndName);
  const targetOf = new Map(voids.map(({ key, fact }) => [key, keyOf(fact.target)]));
  const voidersOf = new Map<string, KnownFact[]>();
  for (const one of voids) {
    if (isCircular(one.key, targetOf)) continue;
    const target = targetOf.get(one.key)!;
    const others = voidersOf.get(target);
    if (others === undefined) voidersOf.set(target, [one]);
    else others.push(one);
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
    replace(facts, fact, removed(fact, voider));
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
  for (const amendment of standing(facts, "event.amended").sort(byTime)) {
    const target = facts.byKey.get(keyOf(amendment.fact.target));
    if (target !== undefined) replace(facts, target, amended(target, amendment));
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
  const told = new Set(ofType(facts, "goal.annulled").map(({ fact }) => keyOf(fact.target)));
  for (const annulment of standing(facts, "goal.annulled").sort(byTimeAndName)) {
    fail(facts, annulment.fact.target, "goal.scored", annulment);
  }
  for (const { opened, closed } of reviews) {
    const target = opened?.fact.target;
    if (target === undefined || closed?.fact.outcome !== "goalAnnulled") continue;
    // Once an annulment was told, it alone decides: it may have been voided since.
    if (!told.has(keyOf(target))) fail(facts, target, "goal.scored", closed);
  }
}

/** It happened and does not count. */
function fail(facts: KnownFacts, ref: FactRef, type: FactBody["type"], by: KnownFact): void {
  const target = facts.byKey.get(keyOf(ref));
  if (target?.fact.type !== type || target.status !== "standing") return;
  replace(facts, target, annulled(target, by));
}

function replace({ byKey, byType }: KnownFacts, before: KnownFact, after: KnownFact): void {
  byKey.set(before.key, after);
  const others = byType.get(before.fact.type)!;
  others[others.indexOf(before)] = after;
}

const keyOf = remembered(factKey);

/** A fact as its first telling has it. */
const asTold = remembered(({ seq, recordedAt, fact }: Telling): KnownFact => {
  const key = factKey(fact);
  return { key, id: seq, seq, recordedAt, fact, status: "standing", reason: "", amended: false };
});

const revised = rememberedPair((before: KnownFact, later: KnownFact): KnownFact => {
  const counting = later.fact.revision > before.fact.revision ? later : before;
  return { ...counting, id: before.id, amended: true };
});

const removed = rememberedPair((known: KnownFact, by: KnownFact): KnownFact => (
  { ...known, status: "removed", reason: reasonOf(by) }
));

const annulled = rememberedPair((known: KnownFact, by: KnownFact): KnownFact => (
  { ...known, status: "annulled", reason: reasonOf(by) }
));

/** Unchanged by an amendment that would make no fact of it. */
const amended = rememberedPair(
  (known: KnownFact, { fact }: KnownFact<FactOf<"event.amended">>): KnownFact => {
    const after = amendedFact(known.fact, fact.changes);
    return problemOf(after) === null ? { ...known, fact: after, amended: true } : known;
  },
);

function reasonOf({ fact }: KnownFact): string {
  if (fact.type === "review.closed") return "review";
  return "reason" in fact ? fact.reason ?? "" : "";
}
