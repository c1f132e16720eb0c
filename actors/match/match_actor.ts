/**
 * A match as the loop runs it: what a delivery means, what an entry changes and
 * when the match speaks by itself. Pure: the loop brings time, stores and
 * crashes.
 */
import type { SnapshotFrom, StateValue } from "xstate";
import type { ActorDefinition, Committed } from "../actor_definition.ts";
import type { FactDelivery } from "../ports/match_owners.ts";
import { decide } from "./match_decision.ts";
import { nextDeadline, wordsAtDeadline } from "./match_deadlines.ts";
import { factKey, type MatchEntry, type MatchEntryBody, OWNER } from "./match_event.ts";
import { matchMachine } from "./match_machine.ts";
import { changesBetween, type MatchUpdate } from "./match_update.ts";
import type { MatchView, Phase } from "./match_view.ts";
import { initialView, viewOf } from "./view_fold.ts";

export { initialView };

export type { MatchEntryBody };
export type MatchSnapshot = SnapshotFrom<typeof matchMachine>;

export const matchDefinition: ActorDefinition<
  FactDelivery,
  MatchEntryBody,
  MatchUpdate,
  typeof matchMachine
> = {
  kind: "match",
  machine: matchMachine,
  machineVersion: 1,
  input: (matchId) => ({ matchId }),
  event: (committed) => {
    const entry = entryOf(committed);
    return { type: entry.fact.type, entry };
  },
  decide: (snapshot, delivery, now) =>
    decide(snapshot.context, phaseOf(snapshot.value), delivery, now),
  changes: (before, after, committed) =>
    changesBetween(viewOfSnapshot(before), viewOfSnapshot(after), entryOf(committed)),
  nextDeadline: (snapshot) => nextDeadline(snapshot.context, phaseOf(snapshot.value)),
  atDeadline: (snapshot, now) => wordsAtDeadline(snapshot.context, phaseOf(snapshot.value), now),
  deliveryKey: ({ fact }) => `${factKey(fact)}@${fact.revision}`,
  quarantine: (seq, reason) => ({
    fact: {
      provider: OWNER,
      id: `quarantine-${seq}`,
      revision: 1,
      // Nothing happened on the field; the entry's own time says when it was noticed.
      occurredAt: 0,
      type: "entry.quarantined",
      seq,
      reason,
    },
  }),
  quarantinedSeq: ({ fact }) => fact.type === "entry.quarantined" ? fact.seq : null,
  isNewPhase: (before, after) => phaseOf(before.value) !== phaseOf(after.value),
};

/** The match that a snapshot holds, as readers are given it. */
export function viewOfSnapshot(snapshot: MatchSnapshot): MatchView {
  return viewOf(snapshot.context, phaseOf(snapshot.value));
}

/** The machine's state → the phase's name; within `live` the period is the phase. */
function phaseOf(value: StateValue): Phase {
  const { phase } = value as { phase: Phase | { live: Phase } };
  return typeof phase === "string" ? phase : phase.live;
}

function entryOf({ seq, recordedAt, body }: Committed<MatchEntryBody>): MatchEntry {
  return { seq, recordedAt, ...body };
}
