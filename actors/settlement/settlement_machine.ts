/**
 * The phases of one run: `planned → chunking → verifying → settled`, or `held`
 * on the way, `superseded` by a later run, `unchanged` where there is nothing
 * to write.
 *
 * Like a match's: a word is folded and the phases look at the fold by `always`.
 * Resuming begins again at `planned` and walks back to where the run was held.
 * A run ends once: what is told after `settled`, `superseded` or `unchanged` is
 * noted and moves nothing. Nothing waits in here; the holding time is a
 * deadline that comes as `holding.ended`.
 */
import { assign, setup, type SnapshotFrom } from "xstate";
import type { Committed } from "../actor_definition.ts";
import {
  chunksLeft,
  foldWord,
  NEW_RUN,
  type SettlementContext,
  type SettlementWord,
} from "./settlement_run.ts";

/** A committed word, under its own type. */
export type SettlementEvent = {
  [T in SettlementWord["type"]]: { type: T; entry: Committed<SettlementWord> };
}[SettlementWord["type"]];

const settlementSetup = setup({
  types: {
    context: {} as SettlementContext,
    events: {} as SettlementEvent,
  },
  actions: {
    fold: assign(({ context, event }) => foldWord(context, event.entry)),
    /** The loop gives this one its meaning: the entry goes to the outbox. */
    announce: () => {},
  },
  guards: {
    isSuperseded: ({ context }) => context.supersededBy !== null,
    isHeld: ({ context }) => context.held !== null,
    isResumed: ({ context }) => context.held === null,
    isUnchanged: ({ context }) => context.plan?.isUnchanged === true,
    mayBegin: ({ context }) => context.plan !== null && context.hasHoldingEnded,
    isWritten: ({ context }) => chunksLeft(context).length === 0,
    isVerified: ({ context }) => context.isVerified,
  },
});

const noted = { actions: ["fold", "announce"] } as const;

const interrupted = [
  { guard: "isSuperseded", target: "superseded" },
  { guard: "isHeld", target: "held" },
] as const;

export const settlementMachine = settlementSetup.createMachine({
  id: "settlement",
  context: () => NEW_RUN,
  on: {
    "run.planned": noted,
    "holding.ended": noted,
    "chunk.committed": noted,
    "sums.matched": noted,
    "sums.differed": noted,
    "run.held": noted,
    "run.resumed": noted,
    "run.superseded": noted,
  },
  initial: "planned",
  states: {
    planned: {
      always: [
        ...interrupted,
        { guard: "isUnchanged", target: "unchanged" },
        { guard: "mayBegin", target: "chunking" },
      ],
    },
    chunking: { always: [...interrupted, { guard: "isWritten", target: "verifying" }] },
    verifying: { always: [...interrupted, { guard: "isVerified", target: "settled" }] },
    held: {
      always: [
        { guard: "isSuperseded", target: "superseded" },
        { guard: "isResumed", target: "planned" },
      ],
    },
    settled: {},
    superseded: {},
    unchanged: {},
  },
});

export type SettlementPhase = SnapshotFrom<typeof settlementMachine>["value"];
