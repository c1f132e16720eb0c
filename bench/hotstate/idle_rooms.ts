/**
 * Rooms of matches that are awake and in which nobody has written yet, as a
 * process of its own, and what the system gives it for them.
 *
 * Each is woken by its supervisor as the first question wakes it, with all that a
 * room has in the server: loop, publisher, desk, supervision. Ledgers, snapshots
 * and channels are in Redis; SQL is answered from here and keeps nothing.
 */
import { TextPipeline } from "../../actors/moderation/text_pipeline.ts";
import { roomDefinition } from "../../actors/room/room_actor.ts";
import { historyName } from "../../channels/channel_history.ts";
import { RedisKeys } from "../../db/redis/keys.ts";
import { RedisBodies } from "../../db/redis/redis_bodies.ts";
import { RedisBroker } from "../../db/redis/redis_broker.ts";
import { RedisCell } from "../../db/redis/redis_cell.ts";
import { RedisClient } from "../../db/redis/redis_client.ts";
import { RedisStream } from "../../db/redis/redis_stream.ts";
import type { ChatStore } from "../../db/sql/chat_store.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { systemClock } from "../../runtime/clock.ts";
import { systemRandom } from "../../runtime/random.ts";
import { Quarantine } from "../../supervisors/quarantine.ts";
import { roomStores } from "../../supervisors/room_stores.ts";
import { RoomSupervisor } from "../../supervisors/room_supervisor.ts";
import type { HotStores, SqlStores } from "../../supervisors/stores.ts";
import { obey } from "../load_process.ts";
import { residentBytes } from "./resident_bytes.ts";

const FENCE = 7;
/** Woken at once. */
const UNDER_WAY = 64;

const parts = { clock: systemClock, random: systemRandom, events: silentEvents };
let rooms: RoomSupervisor;
let awake = 0;

obey({
  async open(url: string): Promise<void> {
    const keys = new RedisKeys("bench");
    const client = await RedisClient.open({ url, keys, ...parts });
    const stream = new RedisStream(client, keys, systemRandom);
    const cells = new RedisCell(client, keys);
    const broker = new RedisBroker({ client, keys, historyOf: historyName, ...parts });
    const hot = { bodies: new RedisBodies(client, keys) } as unknown as HotStores;
    const fenceOf = () => FENCE;
    const { store, history, bodies } = roomStores(
      hot,
      { chat: forgetful } as SqlStores,
      fenceOf,
      parts,
    );
    rooms = await RoomSupervisor.start({
      ...parts,
      ...{ stream, channels: stream, cells, broker, store, history, bodies, fenceOf },
      notices: { tell: () => {} },
      quarantine: new Quarantine(),
      definition: roomDefinition("bench"),
      pipeline: new TextPipeline(),
      isBanned: () => false,
      roleOf: () => Promise.resolve("fan"),
      mayEnter: () => Promise.resolve(true),
      roomOfMatch: (matchId) =>
        Promise.resolve({ title: "Argentina – France", matchId, owner: null }),
    });
  },
  /** Awake from now on; answers the resident bytes of this process. */
  async wake(upTo: number): Promise<number> {
    while (awake < upTo) {
      const count = Math.min(UNDER_WAY, upTo - awake);
      await Promise.all(
        Array.from({ length: count }, (_, at) => rooms.pulse(`idle-${awake + at}`)),
      );
      awake += count;
    }
    return await residentBytes();
  },
});

/** What a room asks of SQL until somebody has written there. */
const forgetful = {
  appendEntries: (batches: unknown[]) =>
    Promise.resolve(batches.map(() => ({ outcome: "recorded" }))),
  entriesAfter: () => Promise.resolve([]),
  top: () => Promise.resolve(0),
  bodies: () => Promise.resolve(new Map()),
} as unknown as ChatStore;
