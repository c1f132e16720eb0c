/**
 * What operators see and do, over the parts that know it.
 */
import type { OperatorDesk } from "../gateway/http/operator_routes.ts";
import type { Feed, Owners } from "./wiring.ts";
import { partitionOf } from "../actors/ports/partition.ts";

/** `supervisors` lists the whole tree. */
export function operatorDesk(
  { matches, deadLetters }: Owners,
  { delivery }: Feed,
  supervisors: () => object[],
): OperatorDesk {
  return {
    supervisors: () => Promise.resolve(supervisors()),
    async deadLetters() {
      const letters = await deadLetters.list();
      return letters.map(({ match, ...letter }) => ({ ...letter, actor: `match/${match}` }));
    },
    async replay(id) {
      const letter = await deadLetters.get(id);
      if (letter === null) return "unknown";
      const { fact, trace } = letter.delivery;
      const again = { ...fact, revision: fact.revision + 1 };
      const received = { fact: again, receivedAt: letter.keptAt, trace };
      const [answer] = await delivery.deliver(letter.match, [received]);
      if (answer?.outcome === "rejected" && answer.code !== "deadLettered") return "rejected";
      await deadLetters.discard(id);
      return "replayed";
    },
    parked() {
      const parked = matches.status().filter(({ state }) => state === "parked");
      return Promise.resolve(parked.map(({ id, lastReason, ...status }) => ({
        ...status,
        id,
        reason: lastReason ?? "",
        since: matches.parkedSince(id),
      })));
    },
    unpark(id) {
      return Promise.resolve(matches.unpark(id) === "unparked" ? "unparked" : "unknown");
    },
    owners() {
      const owners = matches.status().map(({ id, state }) => ({
        id,
        state,
        partition: partitionOf(id.slice(id.indexOf("/") + 1)),
      }));
      return Promise.resolve(owners);
    },
  };
}
