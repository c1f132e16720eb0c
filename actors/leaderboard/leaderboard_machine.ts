/**
 * What a shard of a leaderboard is busy with, and what it takes meanwhile.
 *
 * Its points are in its store and not in here: the machine says when to load,
 * apply and rebuild, by named actions that its actor gives a meaning, and is
 * told how that ended. An apply whose outcome nobody knows, and every rebuild,
 * end in `loading`, so the counts in memory are always those of the store. Chunks
 * are refused while the shard is rebuilt or frozen: whoever sent one keeps it.
 */
import { setup } from "xstate";

export type LeaderboardEvent =
  | { type: "store.loaded"; isFrozen: boolean }
  | { type: "board.apply" }
  | { type: "chunks.applied" }
  | { type: "outcome.lost" }
  | { type: "board.rebuild" }
  | { type: "rebuild.finished" }
  | { type: "rebuild.failed" }
  | { type: "board.freeze" }
  | { type: "board.unfreeze" };

const machineSetup = setup({
  types: { events: {} as LeaderboardEvent },
  actions: {
    load: () => {},
    apply: () => {},
    rebuild: () => {},
    recordFreeze: () => {},
    announce: () => {},
    refuse: () => {},
  },
  guards: {
    isFrozen: ({ event }) => event.type === "store.loaded" && event.isFrozen,
  },
});

const refused = { actions: "refuse" } as const;

export const leaderboardMachine = machineSetup.createMachine({
  id: "leaderboard",
  initial: "loading",
  on: {
    "board.apply": refused,
    "board.rebuild": refused,
    "board.freeze": refused,
    "board.unfreeze": refused,
  },
  states: {
    loading: {
      entry: "load",
      on: {
        "store.loaded": [
          { guard: "isFrozen", target: "frozen", actions: "announce" },
          { target: "live", actions: "announce" },
        ],
      },
    },
    live: {
      on: {
        "board.apply": "applying",
        "board.rebuild": "rebuilding",
        "board.freeze": { target: "frozen", actions: "recordFreeze" },
        "board.unfreeze": {},
        "outcome.lost": "loading",
      },
    },
    applying: {
      entry: "apply",
      on: {
        "chunks.applied": { target: "live", actions: "announce" },
        "outcome.lost": "loading",
      },
    },
    rebuilding: {
      entry: "rebuild",
      on: { "rebuild.finished": "loading", "rebuild.failed": "loading" },
    },
    frozen: {
      on: {
        "board.rebuild": "rebuilding",
        "board.freeze": {},
        "board.unfreeze": { target: "live", actions: "recordFreeze" },
        "outcome.lost": "loading",
      },
    },
  },
});
