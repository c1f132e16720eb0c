/**
 * A board over a bench's Redis: what owners, writers and readers connect with.
 */
import { RedisKeys } from "../../db/redis/keys.ts";
import { RedisBroker } from "../../db/redis/redis_broker.ts";
import { RedisClient } from "../../db/redis/redis_client.ts";
import { OwnerCaller } from "../../channels/owner_call.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { systemClock } from "../../runtime/clock.ts";
import { systemRandom } from "../../runtime/random.ts";
import { RemoteBoards } from "../../supervisors/remote_boards.ts";
import { NAMESPACE } from "./board_load.ts";

export async function connect(url: string) {
  const keys = new RedisKeys(NAMESPACE);
  const parts = { keys, clock: systemClock, random: systemRandom, events: silentEvents };
  const client = await RedisClient.open({ url, ...parts });
  const broker = new RedisBroker({ client, historyOf: (name) => `channel/${name}`, ...parts });
  return { client, broker, ...parts };
}

/** The boards as every process sees them that owns none of their shards. */
export async function connectBoards(url: string, node: string) {
  const { client, broker, clock } = await connect(url);
  const caller = await OwnerCaller.open({ broker, clock, node });
  return {
    client,
    boards: new RemoteBoards(caller),
    close() {
      caller.close();
      broker.close();
      client.close();
    },
  };
}
