/**
 * What a delivered fact means for a match: taken, known already, or refused.
 *
 * Refused is only what no order of arrival could make right: everything that is
 * merely early is taken and waits in the fold. A provider that is not the
 * source is heard without being believed; who the source is changes by an
 * operator's word, or when the source is silent and another speaks.
 */
import { limits } from "../../runtime/limits.ts";
import type { Decision } from "../actor_definition.ts";
import type { FactDelivery } from "../ports/match_owners.ts";
import { amendedFact, isCorrection } from "./corrections.ts";
import { ofType } from "./known_fact.ts";
import { fold, type MatchContext } from "./match_context.ts";
import { ownerFact } from "./match_deadlines.ts";
import {
  type Fact,
  factKey,
  type MatchEntryBody,
  OPERATOR,
  type OwnerFact,
  type OwnerFactBody,
  PERIODS,
  type ProviderFact,
} from "./match_event.ts";
import { ledgerOf } from "./match_ledger.ts";
import type { Phase } from "./match_view.ts";
import { isOwnerType, problemOf } from "./parse_fact.ts";
import { periodRank } from "./match_clock.ts";
import { periodOf } from "./periods.ts";

/** Where a match can be settled: played to its end, or not to be played any more. */
const ENDS: readonly Phase[] = ["finished", "settled", "abandoned", "cancelled", "awarded"];

type Refusal = { outcome: "rejected"; code: string; reason: string };

export function decide(
  context: MatchContext,
  phase: Phase,
  { fact, trace }: FactDelivery,
  now: number,
): Decision<MatchEntryBody> {
  if (isOwners(fact)) return decideOwners(context, phase, fact);
  const told = context.told.filter(({ fact: { id, provider } }) =>
    id === fact.id && provider === fact.provider
  );
  if (told.some((telling) => telling.fact.revision === fact.revision)) {
    return { outcome: "duplicate" };
  }
  if (context.told.length >= limits.matchFactsMax) {
    return rejected("matchFull", `a match holds ${limits.matchFactsMax} facts: it has them all`);
  }
  if (ledgerOf(context).fixture === null && fact.type !== "match.scheduled") {
    return rejected("unknownMatch", `the match must be scheduled first: found ${fact.type}`);
  }
  const words = sourceWords(context, fact);
  const wasShadowed = told.length > 0 && told.every(({ shadowed }) => shadowed);
  const shadowed = wasShadowed || isAside(context, fact, words);
  const refusal = shadowed ? null : refusalOf(context, fact);
  if (refusal !== null) return refusal;
  const implied = shadowed ? [] : impliedPeriod(context, fact, now);
  const owners = [...implied, ...words].map((body, index): MatchEntryBody => ({
    fact: ownerFact(body, context.seq + 1 + index, now),
  }));
  const entry: MatchEntryBody = {
    fact,
    ...(shadowed ? { shadowed } : {}),
    ...(trace === undefined ? {} : { trace }),
  };
  return { outcome: "accepted", entries: [...owners, entry] };
}

function isOwners(fact: Fact): fact is OwnerFact {
  return isOwnerType(fact.type);
}

/** Words of the owner's own household: its settlement, its feed, an operator's choice of source. */
function decideOwners(
  context: MatchContext,
  phase: Phase,
  fact: OwnerFact,
): Decision<MatchEntryBody> {
  const taken: Decision<MatchEntryBody> = { outcome: "accepted", entries: [{ fact }] };
  if (ledgerOf(context).fixture === null) {
    return rejected("unknownMatch", `the match must be scheduled first: found ${fact.type}`);
  }
  switch (fact.type) {
    case "feed.heard":
      return taken;
    case "source.changed":
      return fact.source === context.source ? { outcome: "duplicate" } : taken;
    case "match.settled":
      if (fact.ledgerSeq <= (context.settledSeq ?? 0)) return { outcome: "duplicate" };
      if (fact.ledgerSeq > context.seq) {
        const reason = `a settlement must be of the ledger up to ${context.seq}: ` +
          `found ${fact.ledgerSeq}`;
        return rejected("unknownSeq", reason);
      }
      return ENDS.includes(phase)
        ? taken
        : rejected("notFinished", `a match must be finished to be settled: it is ${phase}`);
    default:
      return rejected("ownerOnly", `${fact.type} is said by the match itself only`);
  }
}

/** What is to be said of the source before the fact. */
function sourceWords(context: MatchContext, { type, provider }: ProviderFact): OwnerFactBody[] {
  if (provider === OPERATOR || type === "match.scheduled") return [];
  const { source, feedSilentSince } = context;
  const words: OwnerFactBody[] = [];
  if (source === null) {
    words.push({ type: "source.changed", source: provider, because: "first" });
  } else if (source !== provider && feedSilentSince !== null) {
    words.push({ type: "source.changed", source: provider, because: "silence" });
  } else if (source !== provider) return words;
  if (feedSilentSince !== null) words.push({ type: "feed.resumed" });
  return words;
}

/** Whether the fact is kept without being believed. */
function isAside(context: MatchContext, fact: ProviderFact, words: OwnerFactBody[]): boolean {
  if (fact.type === "match.scheduled") {
    const { fixture } = ledgerOf(context);
    return fixture !== null && factKey(fixture) !== factKey(fact);
  }
  if (fact.provider === OPERATOR || fact.provider === context.source) return false;
  return !words.some(({ type }) => type === "source.changed");
}

/** What no order of arrival could make right. */
function refusalOf(context: MatchContext, fact: ProviderFact): Refusal | null {
  if (fact.type === "shootout.kicked") return lateKick(context, fact);
  if (!("target" in fact) || fact.target === undefined || !isCorrection(fact.type)) return null;
  const key = factKey(fact.target);
  const target = ledgerOf(context).facts.byKey.get(key)?.fact;
  if (target === undefined) return null;
  const needed = NEEDED_TARGETS[fact.type];
  if (needed !== undefined && target.type !== needed) {
    return rejected("wrongTarget", `${fact.type} must name a ${needed}: ${key} is ${target.type}`);
  }
  if (fact.type === "event.voided" && target.type === "match.scheduled") {
    return rejected("wrongTarget", "a fixture cannot be voided: say match.cancelled");
  }
  if (fact.type !== "event.amended") return null;
  if (isCorrection(target.type) && Object.keys(fact.changes).some((name) => name !== "reason")) {
    const reason = `only the reason of a correction can be amended: ${key} is ${target.type}`;
    return rejected("malformed", reason);
  }
  const problem = problemOf(amendedFact(target, fact.changes));
  return problem && rejected("malformed", `changes.${problem.path} ${problem.reason}`);
}

const NEEDED_TARGETS: Partial<Record<ProviderFact["type"], ProviderFact["type"]>> = {
  "goal.annulled": "goal.scored",
  "kick.retaken": "shootout.kicked",
};

/** After the decision no kick follows; one that is missing or taken again has a number of before. */
function lateKick(
  context: MatchContext,
  fact: Extract<ProviderFact, { type: "shootout.kicked" }>,
): Refusal | null {
  const { kicks, facts } = ledgerOf(context);
  const isRevision = facts.byKey.has(factKey(fact));
  if (kicks.winner === null || isRevision) return null;
  const numbers = ofType(facts, "shootout.kicked").map(({ fact: { number } }) => number);
  if (fact.number <= Math.max(...numbers)) return null;
  const last = kicks.kicks.at(-1)!.number;
  return rejected(
    "shootoutDecided",
    `a kick must come before the decision, which was number ${last}: found ${fact.number}`,
  );
}

/** The period that the fact moves the match to before anybody announced it. */
function impliedPeriod(context: MatchContext, fact: ProviderFact, now: number): OwnerFactBody[] {
  const period = periodOf(fact);
  if (period === null || fact.type === "period.started" || fact.type === "period.ended") return [];
  if (periodRank(period) <= ledgerOf(context).periods.latest) return [];
  // Folded to see, since a correction that came first may already have taken the fact back.
  const entry = { seq: context.seq + 1, recordedAt: now, fact };
  const { latest, startedAt } = ledgerOf(fold(context, entry)).periods;
  if (PERIODS[latest] !== period) return [];
  const { provider, id } = fact;
  return [{
    type: "period.implied",
    period,
    startedAt: startedAt.get(period) ?? fact.occurredAt,
    because: { provider, id },
  }];
}

function rejected(code: string, reason: string): Refusal {
  return { outcome: "rejected", code, reason: `Cannot take the fact as ${reason}` };
}
