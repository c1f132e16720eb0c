/**
 * What a room is told by its owner's own household: that it exists, what its
 * match does, what was removed, what its owner in another region decided.
 */
import { limits } from "../../runtime/limits.ts";
import { isSame } from "../match/same_value.ts";
import { isCausal } from "./chat_op.ts";
import { isFromFuture, msOf } from "./hybrid_clock.ts";
import { apply } from "./op_set.ts";
import { slowUntil } from "./pace_rules.ts";
import { accepted, type Answered, rejected, unknownRoom } from "./room_answers.ts";
import type { RoomContext } from "./room_context.ts";
import type { OwnerCommand } from "./room_delivery.ts";

export function decideOwners(context: RoomContext, command: OwnerCommand, now: number): Answered {
  if (command.kind === "open") {
    if (context.room !== null) return { outcome: "duplicate" };
    return accepted({ type: "room.opened", room: command.room });
  }
  if (context.room === null) return unknownRoom();
  switch (command.kind) {
    case "pace": {
      const { moment, at, matchSeq, isFirstLook } = command;
      const { calmAt } = context.mode;
      if (isFirstLook && matchSeq <= context.pacedSeq) return { outcome: "duplicate" };
      if (moment === "reviewClosed" && calmAt === null) return { outcome: "duplicate" };
      const until = slowUntil(moment, calmAt, at);
      if (until === calmAt || until <= now) return { outcome: "duplicate" };
      return accepted({ type: "pace.slowed", because: moment, until, matchSeq });
    }
    case "erased": {
      const seqs = command.seqs.filter((seq) => context.erasing.some((one) => one.seq === seq));
      return seqs.length === 0
        ? { outcome: "duplicate" }
        : accepted({ type: "bodies.erased", seqs });
    }
    case "foreign": {
      const { op } = command;
      if (!isCausal(op)) return rejected("malformed", "take an op that speaks of what is to come");
      if (isFromFuture(op.stamp, now)) {
        const found = `${msOf(op.stamp) - now} ms ahead`;
        return rejected(
          "fromFuture",
          `take an op from further ahead than ${limits.chatSkewMsMax} ms: found ${found}`,
        );
      }
      return isSame(apply(context.set, op).set, context.set)
        ? { outcome: "duplicate" }
        : accepted({ type: "op.applied", op, said: null });
    }
  }
}
