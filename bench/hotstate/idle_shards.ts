/**
 * Shards of leaderboards that have loaded and that nobody asks, as a process of
 * its own, and what the system gives it for them.
 *
 * Each has a handful of fans, as the board of a match has before its end; who
 * they are is in Redis, not here.
 */
import { LeaderboardActor } from "../../actors/leaderboard/leaderboard_actor.ts";
import { RedisKeys } from "../../db/redis/keys.ts";
import { RedisCell } from "../../db/redis/redis_cell.ts";
import { RedisClient } from "../../db/redis/redis_client.ts";
import { RedisRanking } from "../../db/redis/redis_ranking.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { systemClock } from "../../runtime/clock.ts";
import { systemRandom } from "../../runtime/random.ts";
import { obey } from "../load_process.ts";
import { residentBytes } from "./resident_bytes.ts";

const FENCE = 7;
/** Loaded at once. */
const UNDER_WAY = 64;

const parts = { clock: systemClock, random: systemRandom, events: silentEvents };
let stores: { rankings: RedisRanking; cells: RedisCell };
const actors: LeaderboardActor[] = [];

obey({
  async open(url: string): Promise<void> {
    const keys = new RedisKeys("bench");
    const client = await RedisClient.open({ url, keys, ...parts });
    stores = { rankings: new RedisRanking(client, keys), cells: new RedisCell(client, keys) };
  },
  /** Awake from now on; answers the resident bytes of this process. */
  async wake(upTo: number): Promise<number> {
    while (actors.length < upTo) {
      const count = Math.min(UNDER_WAY, upTo - actors.length);
      const started = Array.from({ length: count }, (_, at) => wake(actors.length + at));
      actors.push(...await Promise.all(started));
    }
    return await residentBytes();
  },
});

async function wake(shard: number): Promise<LeaderboardActor> {
  const id = `idle-${shard}.0`;
  const actor = await LeaderboardActor.start({
    ...{ id, fence: FENCE, ...stores, ...parts },
    announce: () => {},
  });
  const changes = ["ana", "bea", "cem"].map((member, at) => ({ member, score: 10 * at + 5 }));
  await actor.apply({ key: "first/1/0", changes });
  return actor;
}
