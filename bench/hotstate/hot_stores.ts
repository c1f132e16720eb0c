/**
 * The product's stores over a bench's Redis, and what an owner writes through them.
 */
import { matchDefinition } from "../../actors/match/match_actor.ts";
import { historyName } from "../../channels/channel_history.ts";
import { ChannelPublisher } from "../../channels/channel_publisher.ts";
import { encodeMatchUpdate } from "../../channels/encode_match.ts";
import { RedisKeys } from "../../db/redis/keys.ts";
import { RedisBroker } from "../../db/redis/redis_broker.ts";
import { RedisCell } from "../../db/redis/redis_cell.ts";
import { RedisClient } from "../../db/redis/redis_client.ts";
import { RedisStream } from "../../db/redis/redis_stream.ts";
import { matchChannel } from "../../protocol/channel_name.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { systemClock } from "../../runtime/clock.ts";
import { systemRandom } from "../../runtime/random.ts";

export const KIND = matchDefinition.kind;

export async function openHotStores(url: string) {
  const keys = new RedisKeys("bench");
  const parts = { keys, clock: systemClock, random: systemRandom, events: silentEvents };
  const client = await RedisClient.open({ url, ...parts });
  const stream = new RedisStream(client, keys, systemRandom);
  const broker = new RedisBroker({ client, historyOf: historyName, ...parts });
  const publisher = new ChannelPublisher({
    stream,
    broker,
    channelOf: matchChannel,
    encode: encodeMatchUpdate,
  });
  return { stream, cells: new RedisCell(client, keys), publisher };
}
