/**
 * What operators see and do, over the parts that know it.
 */
import type { OperatorDesk } from "../gateway/http/operator_routes.ts";
import type { TreeOptions } from "./built.ts";
import { partitionOf } from "../actors/ports/partition.ts";

export function operatorDesk({ built, status }: TreeOptions): OperatorDesk {
  const { deadLetters, feed, owners, leaderboards, roomSupervisor: rooms } = built;
  const ownMatches = () => owners?.matches.status() ?? [];
  const ownShards = () => leaderboards?.status() ?? [];
  const ownRooms = () => rooms?.status() ?? [];
  return {
    supervisors: () => Promise.resolve(status()),
    async deadLetters() {
      const letters = await deadLetters.list();
      return letters.map(({ match, ...letter }) => ({ ...letter, actor: `match/${match}` }));
    },
    async replay(id) {
      const letter = await deadLetters.get(id);
      if (letter === null || feed === undefined) return "unknown";
      const { fact, trace } = letter.delivery;
      const again = { ...fact, revision: fact.revision + 1 };
      const received = { fact: again, receivedAt: letter.keptAt, trace };
      const [answer] = await feed.delivery.deliver(letter.match, [received]);
      if (answer?.outcome === "rejected" && answer.code !== "deadLettered") return "rejected";
      await deadLetters.discard(id);
      return "replayed";
    },
    parked() {
      const settlements = built.settlements?.status() ?? [];
      const parked = [...ownMatches(), ...ownShards(), ...ownRooms(), ...settlements].filter((
        { state },
      ) => state === "parked");
      return Promise.resolve(parked.map(({ id, lastReason, ...status }) => ({
        ...status,
        id,
        reason: lastReason ?? "",
        since: owners?.matches.parkedSince(id) || leaderboards?.parkedSince(id) ||
          rooms?.parkedSince(id) || 0,
      })));
    },
    unpark(id) {
      const isUnparked = [owners?.matches, leaderboards, rooms, built.settlements].some((kind) =>
        kind?.unpark(id) === "unparked"
      );
      return Promise.resolve(isUnparked ? "unparked" : "unknown");
    },
    owners() {
      return Promise.resolve(
        ownMatches().map(({ id, state }) => {
          const matchId = id.slice(id.indexOf("/") + 1);
          return {
            id,
            state,
            partition: partitionOf(matchId),
            token: built.placement?.tokenOf(matchId) ?? null,
          };
        }),
      );
    },
  };
}
