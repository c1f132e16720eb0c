/**
 * The global log of moderation as the loop runs it: bans in every room, purges in
 * all of them, avatars that were taken down.
 *
 * It has one entity and speaks only when asked. What it changes is told as a
 * nudge: who needs the roll of the banned folds the log (channels/ban_roll.ts).
 */
import type { SnapshotFrom } from "xstate";
import type { ActorDefinition } from "../actor_definition.ts";
import { canonicalJson } from "./canonical_json.ts";
import type { GlobalDelivery, GlobalEntryBody } from "./global_log_entry.ts";
import { globalLogMachine } from "./global_log_machine.ts";
import { decideWish } from "./global_log_rules.ts";

export type GlobalLogSnapshot = SnapshotFrom<typeof globalLogMachine>;

/** It has changed. */
export type GlobalUpdate = "changed";

export const globalLog: ActorDefinition<
  GlobalDelivery,
  GlobalEntryBody,
  GlobalUpdate,
  typeof globalLogMachine
> = {
  kind: "moderation",
  machine: globalLogMachine,
  machineVersion: 1,
  input: () => ({}),
  event: (entry) => ({ type: entry.body.type, entry }),
  decide({ context }, delivery, now) {
    if (delivery.from !== null) return decideWish(context, delivery.from, delivery.wish, now);
    const { action, rooms } = delivery.wish;
    return context.purges.some((purge) => purge.action === action)
      ? { outcome: "accepted", entries: [{ type: "purge.carried", action, rooms }] }
      : { outcome: "duplicate" };
  },
  changes: () => [{ durable: false, update: "changed" }],
  nextDeadline: () => null,
  atDeadline: () => [],
  deliveryKey: ({ from, wish }) => `${from?.user ?? "owner"} ${canonicalJson(wish)}`,
  quarantine: (seq, reason) => ({ type: "entry.quarantined", seq, reason }),
  quarantinedSeq: (body) => body.type === "entry.quarantined" ? body.seq : null,
  isNewPhase: () => true,
};
