/**
 * The phases of a match and, beside them, its review.
 *
 * A fact is folded and the phases look at the fold: each leads on by `always`
 * when its guard, a question on the fold, says so. What may lead back (a
 * correction, a revision, anything that comes while nobody plays) begins again
 * at `scheduled` and walks, so the phase follows from the facts and not from
 * their order. Every fact type is named at the root: a type that no line here
 * handles is seen as unhandled. Times are in the facts; nothing waits in here.
 */
import { assign, setup } from "xstate";
import { type InterruptingFact, interruptionNow } from "./interruptions.ts";
import { fold, type MatchContext, newContext } from "./match_context.ts";
import { type FactType, type MatchEntry, type Period, PERIODS } from "./match_event.ts";
import { ledgerOf } from "./match_ledger.ts";
import {
  goesStraightToShootout,
  goesToExtraTime,
  goesToShootout,
  isGoldenGoalScored,
  isSettled,
} from "./outcome.ts";
import { hasBegun, isOver } from "./periods.ts";
import { openReview } from "./reviews.ts";

/** An accepted entry, under the type of its fact. */
export type MatchEvent = { [T in FactType]: { type: T; entry: MatchEntry } }[FactType];

interface Asked {
  context: MatchContext;
}

const begun = (period: Period) => ({ context }: Asked) =>
  hasBegun(ledgerOf(context).periods, period);
const over = (period: Period) => ({ context }: Asked) => isOver(ledgerOf(context).periods, period);
const stopped = (type: InterruptingFact["type"]) => ({ context }: Asked) =>
  interruptionNow(ledgerOf(context).interruptions)?.type === type;

/**
 * While a period runs and nothing interrupts it, a new fact can only lead on; and so can an annulled
 * goal, as a period that is played is believed whatever the score was.
 */
function isPlayOn(context: MatchContext): boolean {
  const { periods, interruptions, kicks } = ledgerOf(context);
  const last = PERIODS[periods.latest];
  return last !== undefined && !periods.ended.has(last) && kicks.winner === null &&
    interruptionNow(interruptions) === null && !isGoldenGoalScored(ledgerOf(context));
}

const machineSetup = setup({
  types: {
    context: {} as MatchContext,
    events: {} as MatchEvent,
    input: {} as { matchId: string },
  },
  actions: {
    fold: assign(({ context, event }) => fold(context, event.entry)),
    /** The loop gives this one its meaning: the entry goes to the outbox. */
    announce: () => {},
  },
  guards: {
    mayLeadBack: ({ context, event }) => event.entry.fact.revision > 1 || !isPlayOn(context),
    isSuspended: stopped("match.suspended"),
    isAbandoned: stopped("match.abandoned"),
    isPostponed: stopped("match.postponed"),
    isCancelled: stopped("match.cancelled"),
    isAwarded: stopped("match.awarded"),
    hasKickedOff: begun("firstHalf"),
    isFirstHalfOver: over("firstHalf"),
    hasSecondHalfBegun: begun("secondHalf"),
    isSecondHalfOver: over("secondHalf"),
    needsExtraTime: ({ context }) => goesToExtraTime(ledgerOf(context)),
    needsShootoutAtOnce: ({ context }) => goesStraightToShootout(ledgerOf(context)),
    hasExtraTimeBegun: begun("extraTimeFirst"),
    isGoldenGoalScored: ({ context }) => isGoldenGoalScored(ledgerOf(context)),
    isExtraTimeFirstOver: over("extraTimeFirst"),
    hasExtraTimeSecondBegun: begun("extraTimeSecond"),
    isExtraTimeSecondOver: over("extraTimeSecond"),
    needsShootout: ({ context }) => goesToShootout(ledgerOf(context)),
    hasShootoutBegun: begun("shootout"),
    isShootoutDecided: ({ context }) => ledgerOf(context).kicks.winner !== null,
    isSettled: ({ context }) => isSettled(context),
    isReviewOpen: ({ context }) => openReview(ledgerOf(context).reviews) !== null,
    isReviewClosed: ({ context }) => openReview(ledgerOf(context).reviews) === null,
  },
});

/** Changes no phase. */
const noted = { actions: ["fold", "announce"] } as const;
/** May take back what a phase rests on: the phases begin again and walk. */
const anew = { target: "#scheduled", actions: ["fold", "announce"] } as const;
/** Leads on from where the match is. */
const onward = [{ guard: "mayLeadBack", ...anew }, noted] as const;

const interrupted = [
  { guard: "isSuspended", target: "#suspended" },
  { guard: "isAbandoned", target: "#abandoned" },
  { guard: "isPostponed", target: "#postponed" },
  { guard: "isCancelled", target: "#cancelled" },
  { guard: "isAwarded", target: "#awarded" },
] as const;

export const matchMachine = machineSetup.createMachine({
  id: "match",
  // XState's `transition` makes an actor without input each time; an error there would be slow.
  context: ({ input }) => newContext(input?.matchId ?? ""),
  type: "parallel",
  on: {
    "match.scheduled": onward,
    "match.rescheduled": anew,
    "lineup.published": onward,
    "period.started": onward,
    "period.ended": onward,
    "stoppage.announced": onward,
    "goal.scored": onward,
    "penalty.missed": onward,
    "card.shown": onward,
    "substitution.made": onward,
    "review.opened": onward,
    "review.closed": onward,
    "shootout.kicked": onward,
    "kick.retaken": anew,
    "goal.annulled": onward,
    "event.amended": anew,
    "event.voided": anew,
    "match.suspended": onward,
    "match.resumed": anew,
    "match.abandoned": onward,
    "match.postponed": onward,
    "match.cancelled": onward,
    "match.awarded": onward,
    "possession.measured": onward,
    "period.implied": noted,
    "source.changed": noted,
    "feed.silenced": noted,
    "feed.resumed": noted,
    "feed.heard": noted,
    "kicks.released": noted,
    "entry.quarantined": anew,
    "match.settled": noted,
  },
  states: {
    phase: {
      initial: "scheduled",
      states: {
        scheduled: {
          id: "scheduled",
          always: [...interrupted, { guard: "hasKickedOff", target: "live" }],
        },
        live: {
          initial: "firstHalf",
          always: interrupted,
          states: {
            firstHalf: { always: { guard: "isFirstHalfOver", target: "halfTime" } },
            halfTime: { always: { guard: "hasSecondHalfBegun", target: "secondHalf" } },
            secondHalf: {
              always: [
                { guard: "needsExtraTime", target: "awaitingExtraTime" },
                { guard: "needsShootoutAtOnce", target: "awaitingShootout" },
                { guard: "isSecondHalfOver", target: "#finished" },
              ],
            },
            awaitingExtraTime: {
              always: { guard: "hasExtraTimeBegun", target: "extraTimeFirst" },
            },
            extraTimeFirst: {
              always: [
                { guard: "isGoldenGoalScored", target: "#finished" },
                { guard: "isExtraTimeFirstOver", target: "extraTimeHalfTime" },
              ],
            },
            extraTimeHalfTime: {
              always: { guard: "hasExtraTimeSecondBegun", target: "extraTimeSecond" },
            },
            extraTimeSecond: {
              always: [
                { guard: "isGoldenGoalScored", target: "#finished" },
                { guard: "needsShootout", target: "awaitingShootout" },
                { guard: "isExtraTimeSecondOver", target: "#finished" },
              ],
            },
            awaitingShootout: { always: { guard: "hasShootoutBegun", target: "#shootout" } },
          },
        },
        shootout: {
          id: "shootout",
          always: [...interrupted, { guard: "isShootoutDecided", target: "finished" }],
        },
        finished: { id: "finished", always: { guard: "isSettled", target: "settled" } },
        settled: {},
        suspended: { id: "suspended" },
        postponed: { id: "postponed" },
        abandoned: { id: "abandoned" },
        cancelled: { id: "cancelled" },
        awarded: { id: "awarded" },
      },
    },
    review: {
      initial: "none",
      states: {
        none: { always: { guard: "isReviewOpen", target: "var" } },
        var: { always: { guard: "isReviewClosed", target: "none" } },
      },
    },
  },
});
