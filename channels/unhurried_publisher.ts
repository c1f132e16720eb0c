/**
 * A match's publisher that lets a change leave before anything follows from it.
 *
 * The kernel wakes whoever reads on this machine, such as a proxy in front of the
 * gateways, beside the thread that wrote, and that one keeps its core while it
 * works: the rest of a goal's work came before its frame, by 2 ms in one goal of
 * ten. So the loop rests once a change is out. Then its owner folds it, SQL has it,
 * and who follows the match without owning it is nudged.
 */
import type { Publisher } from "../actors/ports/publisher.ts";
import { socketTurn } from "../runtime/turn.ts";
import type { MatchSignal } from "./match_signal.ts";

export function unhurried<U>(
  publisher: Publisher<U>,
  signal: Pick<MatchSignal, "changed">,
): Publisher<U> {
  return {
    async publish(matchId, fence, changes) {
      const result = await publisher.publish(matchId, fence, changes);
      if (changes.some(({ offset }) => offset !== null)) {
        await socketTurn();
        signal.changed(matchId);
      }
      return result;
    },
    claim: (matchId, fence) => publisher.claim(matchId, fence),
    reset: (matchId, fence, offset) => publisher.reset(matchId, fence, offset),
  };
}
