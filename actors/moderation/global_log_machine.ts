/**
 * The two states of the global log: nothing to carry out, or a purge that has not
 * reached every room. What is to be carried out follows from the fold.
 */
import { assign, setup } from "xstate";
import { fold, type GlobalLogContext, newGlobalLog } from "./global_log_context.ts";
import type { GlobalEntry, GlobalEntryType } from "./global_log_entry.ts";

/** An entry, under its type. */
export type GlobalLogEvent = {
  [T in GlobalEntryType]: { type: T; entry: GlobalEntry };
}[GlobalEntryType];

const machineSetup = setup({
  types: { context: {} as GlobalLogContext, events: {} as GlobalLogEvent },
  actions: {
    fold: assign(({ context, event }) => fold(context, event.entry)),
    /** The loop gives this one its meaning: the entry goes to the outbox. */
    announce: () => {},
  },
  guards: { isPurging: ({ context }) => context.purges.length > 0 },
});

const anew = { target: "#idle", actions: ["fold", "announce"] } as const;

export const globalLogMachine = machineSetup.createMachine({
  id: "moderation",
  context: newGlobalLog,
  initial: "idle",
  on: { "action.taken": anew, "purge.carried": anew, "entry.quarantined": anew },
  states: {
    idle: { id: "idle", always: { guard: "isPurging", target: "purging" } },
    purging: {},
  },
});
