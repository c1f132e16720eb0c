/**
 * The states of a room: how much may be said in it.
 *
 * A word that can change the state begins again at `open` and walks by the
 * guards, questions on the room's mode, so the strictest one that holds wins and
 * whatever ends finds the state that is left. Everything else is noted where the
 * room is. Deadlines are in the context; nothing waits in here.
 */
import { assign, setup } from "xstate";
import { fold, newRoomContext, type RoomContext } from "./room_context.ts";
import type { RoomEntry, RoomEntryType } from "./room_entry.ts";

/** An entry, under its type. */
export type RoomEvent = { [T in RoomEntryType]: { type: T; entry: RoomEntry } }[RoomEntryType];

const machineSetup = setup({
  types: {
    context: {} as RoomContext,
    events: {} as RoomEvent,
    input: {} as { roomId: string },
  },
  actions: {
    fold: assign(({ context, event }) => fold(context, event.entry)),
    /** The loop gives this one its meaning: the entry goes to the outbox. */
    announce: () => {},
  },
  guards: {
    isArchived: ({ context }) => context.mode.archived,
    isLocked: ({ context }) => context.mode.locked,
    isRestricted: ({ context }) => context.mode.restricted,
    isSlow: ({ context }) => context.mode.slowSeconds > 0 || context.mode.calmAt !== null,
  },
});

const noted = { actions: ["fold", "announce"] } as const;
const anew = { target: "#open", actions: ["fold", "announce"] } as const;

export const roomMachine = machineSetup.createMachine({
  id: "room",
  // XState's `transition` makes an actor without input each time; an error there would be slow.
  context: ({ input }) => newRoomContext(input?.roomId ?? ""),
  initial: "open",
  on: {
    "room.opened": noted,
    "op.applied": noted,
    "message.held": noted,
    "message.shadowed": noted,
    "message.reported": noted,
    "action.taken": anew,
    "pace.slowed": anew,
    "pace.calmed": anew,
    "standings.expired": noted,
    "bodies.erased": noted,
    "entry.quarantined": anew,
  },
  states: {
    open: {
      id: "open",
      always: [
        { guard: "isArchived", target: "archived" },
        { guard: "isLocked", target: "locked" },
        { guard: "isRestricted", target: "reactionsOnly" },
        { guard: "isSlow", target: "slow" },
      ],
    },
    slow: {},
    reactionsOnly: {},
    locked: {},
    archived: {},
  },
});
