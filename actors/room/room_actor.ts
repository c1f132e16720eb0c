/**
 * A room as the loop runs it: what a delivery means, what an entry changes and
 * when the room speaks by itself. Pure: the loop brings time, stores and
 * crashes, room_posts.ts the bodies.
 */
import type { SnapshotFrom } from "xstate";
import { limits } from "../../runtime/limits.ts";
import type { ActorDefinition } from "../actor_definition.ts";
import type { RoomState } from "../moderation/permission_rules.ts";
import { decideAction, decideUndo } from "./action_decision.ts";
import {
  decideDeleteOwn,
  decideEdit,
  decidePost,
  decideReact,
  decideReport,
} from "./message_decision.ts";
import { decideOwners } from "./owner_decision.ts";
import { type Answered, type Asked, unknownRoom } from "./room_answers.ts";
import { deliveryKey, type FanCommand, type RoomDelivery } from "./room_delivery.ts";
import { nextDeadline, wordsAtDeadline } from "./room_deadlines.ts";
import type { RoomEntryBody } from "./room_entry.ts";
import { roomMachine } from "./room_machine.ts";
import { changesBetween, type RoomUpdate } from "./room_update.ts";

export type RoomSnapshot = SnapshotFrom<typeof roomMachine>;
export type RoomDefinition = ActorDefinition<
  RoomDelivery,
  RoomEntryBody,
  RoomUpdate,
  typeof roomMachine
>;

/** `node` is in the stamps that this process gives: 1 to 16 characters [0-9a-z]. */
export function roomDefinition(node: string): RoomDefinition {
  return {
    kind: "room",
    machine: roomMachine,
    machineVersion: 1,
    input: (roomId) => ({ roomId }),
    event: (entry) => ({ type: entry.body.type, entry }),
    decide(snapshot, delivery, now) {
      const { context } = snapshot;
      if (delivery.from === null) return decideOwners(context, delivery.command, now);
      const { room } = context;
      if (room === null) return unknownRoom();
      const state = stateOf(snapshot);
      return decideFans({ context, room, state, from: delivery.from, now, node }, delivery.command);
    },
    changes: (before, after, { body }) => changesBetween(before.context, after.context, body),
    nextDeadline: ({ context }) => nextDeadline(context),
    atDeadline: ({ context }, now) => wordsAtDeadline(context, now, node),
    deliveryKey,
    quarantine: (seq, reason) => ({ type: "entry.quarantined", seq, reason }),
    quarantinedSeq: (body) => body.type === "entry.quarantined" ? body.seq : null,
    commitMax: limits.roomCommitMax,
    ledgerKept: limits.roomLedgerKept,
    snapshotPace: {
      entriesMax: limits.roomSnapshotEntriesMax,
      ageMsMax: limits.roomSnapshotAgeMsMax,
    },
    isNewPhase: (before, after) => stateOf(before) !== stateOf(after),
  };
}

export function stateOf({ value }: RoomSnapshot): RoomState {
  return value as RoomState;
}

function decideFans(asked: Asked, command: FanCommand): Answered {
  switch (command.kind) {
    case "post":
      return decidePost(asked, command);
    case "edit":
      return decideEdit(asked, command);
    case "deleteOwn":
      return decideDeleteOwn(asked, command);
    case "react":
      return decideReact(asked, command);
    case "report":
      return decideReport(asked, command);
    case "moderate":
      return decideAction(asked, command);
    case "undo":
      return decideUndo(asked, command);
  }
}
