/**
 * Tells facts to the rules as their owner would: decide, append, fold.
 *
 * No loop, no store, no clock but the one that is counted here; so a test sees
 * exactly what the ledger of a match would hold and what its fold shows.
 */
import { type Folded, foldEntries, genesis } from "../../fold.ts";
import { matchDefinition, type MatchEntryBody, viewOfSnapshot } from "../match_actor.ts";
import type { Fact, ProviderFact } from "../match_event.ts";
import type { MatchView, TimelineItem } from "../match_view.ts";
import { KICKOFF_AT } from "./match_plan.ts";
import type { Line, Reference } from "./reference_reducer.ts";

/** Between two arrivals; a match that is told at once is told in a few seconds. */
const ARRIVAL_EVERY_MS = 10;

export interface Told {
  folded: Folded<typeof matchDefinition.machine>;
  /** What the ledger holds, in its order; a fact's lower revisions too. */
  accepted: Fact[];
  /** Deliveries that were refused, with their codes. */
  rejected: { fact: ProviderFact; code: string }[];
  duplicates: number;
  now: number;
}

export function untold(): Told {
  const folded = genesis(matchDefinition, "checked-match");
  return { folded, accepted: [], rejected: [], duplicates: 0, now: KICKOFF_AT };
}

export function tell(before: Told, fact: ProviderFact): Told {
  const now = before.now + ARRIVAL_EVERY_MS;
  const told = { ...before, now };
  const delivery = { fact, intake: 0, receivedAt: now };
  const decision = matchDefinition.decide(before.folded.snapshot, delivery, now);
  switch (decision.outcome) {
    case "duplicate":
      return { ...told, duplicates: told.duplicates + 1 };
    case "rejected":
      return { ...told, rejected: [...told.rejected, { fact, code: decision.code }] };
    case "accepted":
      return append(told, decision.entries);
  }
}

export function tellAll(facts: ProviderFact[], from = untold()): Told {
  return facts.reduce(tell, from);
}

/** What the owner says by itself once its next deadline has passed. */
export function waitForDeadline(before: Told): Told {
  const deadline = matchDefinition.nextDeadline(before.folded.snapshot);
  if (deadline === null) return before;
  const now = Math.max(before.now, deadline);
  return append({ ...before, now }, matchDefinition.atDeadline(before.folded.snapshot, now));
}

function append(told: Told, bodies: MatchEntryBody[]): Told {
  const entries = bodies.map((body, index) => ({
    seq: told.folded.seq + 1 + index,
    recordedAt: told.now,
    body,
  }));
  const { folded } = foldEntries(matchDefinition, told.folded, entries);
  return { ...told, folded, accepted: [...told.accepted, ...bodies.map(({ fact }) => fact)] };
}

export function viewOf(told: Told): MatchView {
  return viewOfSnapshot(told.folded.snapshot);
}

/** The part of a view that the reference has an opinion of. */
export function referencePart(view: MatchView): Reference {
  const { phase, score, played, regular, extraTime, winner, decidedBy } = view;
  const standing = (kind: TimelineItem["kind"]): Line[] =>
    view.timeline.filter((item) => item.kind === kind && item.status === "standing")
      .map(({ side, period, minute, stoppage, player, other, method, card, score }) => (
        { side, period, minute, stoppage, player, other, method, card, score }
      ));
  return {
    phase,
    review: view.review?.reason ?? null,
    score,
    played,
    regular,
    extraTime,
    shootout: view.shootout && {
      home: view.shootout.home,
      away: view.shootout.away,
      winner: view.shootout.winner,
      kicks: view.shootout.kicks.map(({ number, side, scored, home, away }) => (
        { number, side, scored, home, away }
      )),
    },
    winner,
    decidedBy,
    goals: standing("goal"),
    cards: standing("card"),
    substitutions: standing("substitution"),
  };
}

/** A view without what names the ledger's order: entry numbers. */
export function withoutSeqs(view: MatchView): MatchView {
  return { ...view, seq: 0, timeline: view.timeline.map((item) => ({ ...item, id: 0 })) };
}
