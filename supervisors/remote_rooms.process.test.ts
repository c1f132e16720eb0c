/**
 * A room whose owner's process is killed while it is spoken to, as a gateway sees
 * it: each post is answered once, by the owner that died or by the next, and
 * stands once, at the name that was answered.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RoomAnswer, RoomMessage } from "../actors/ports/rooms.ts";
import { decodePublication } from "../channels/publication.ts";
import { OwnerCaller } from "../channels/owner_call.ts";
import { until } from "../drills/until.ts";
import { roomChannel } from "../protocol/channel_name.ts";
import { decodePublication as decodeBody } from "../protocol/golazo_codec.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { pause, systemClock } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";
import { systemRandom } from "../runtime/random.ts";
import type { Config } from "./config.ts";
import { type Program, programs, ROOT, THIS_RUNTIME } from "./main_test_kit.ts";
import { RemoteRooms } from "./remote_rooms.ts";
import { inWords, post, ROOM } from "./rooms_test_kit.ts";
import { type SharedStores, startSharedStores } from "./shared_stores_test_kit.ts";
import { type HotStores, openHotStores } from "./stores.ts";

const POSTS = 60;
const NAMESPACE = "takeover";
const parts = { clock: systemClock, random: systemRandom, events: silentEvents };

const { start } = programs();
let shared: SharedStores;
let hot: HotStores;
let caller: OwnerCaller;
let rooms: RemoteRooms;
let fence = 0;

beforeAll(async () => {
  shared = await startSharedStores();
  hot = await openHotStores({ redisUrl: shared.redis.url, namespace: NAMESPACE } as Config, parts);
  caller = await OwnerCaller.open({ ...parts, broker: hot.broker, node: "gateway" });
  rooms = new RemoteRooms(caller);
}, 60_000);
afterAll(async () => {
  caller?.close();
  await hot?.close();
  await shared?.stop();
});

async function own(): Promise<Program> {
  const { redis, schema } = shared;
  const owner = start([redis.url, schema.url, NAMESPACE, String(++fence)], {
    runtime: THIS_RUNTIME,
    program: `${ROOT}supervisors/room_owner_child.ts`,
  });
  await owner.says(/^owns$/);
  return owner;
}

let sent = 0;

/** As a gateway's client does: the same wish again until it has an answer. */
async function say(at: number): Promise<RoomAnswer> {
  const wish = post(`c${at}`, `post ${inWords(at)}`);
  for (;;) {
    sent += 1;
    try {
      return await rooms.command(ROOM, { from: { user: `fan${at % 20}`, role: "fan" }, wish });
    } catch (error) {
      if (!(error instanceof Failure) || !error.retryable) throw error;
      await pause(systemClock, 50);
    }
  }
}

test("three times in a row: posts in flight are answered once and stand once", async () => {
  const heard: string[] = [];
  const leave = await hot.broker.subscribe(roomChannel(ROOM), (payload) => {
    const { chat } = decodeBody(decodePublication(payload).body);
    if (chat !== undefined) heard.push(chat.id);
  });
  const made: string[] = [];
  let owner = await own();
  for (let round = 0; round < 3; round++) {
    const before = made.length;
    let answered = 0;
    const saying = Array.from({ length: POSTS }, async (_, at) => {
      // Some are on their way at any moment.
      await pause(systemClock, 2 * at);
      const answer = await say(before + at);
      answered += 1;
      // In that very turn: on a busy machine a look from outside comes when all are answered.
      if (answered === POSTS / 4) owner.kill("SIGKILL");
      return answer;
    });
    await until("some were answered", () => answered >= POSTS / 4);
    await owner.exitCode;
    owner = await own();
    for (const answer of await Promise.all(saying)) {
      expect(answer).toMatchObject({ outcome: "ok", made: expect.any(String) });
      made.push((answer as { made: string }).made);
    }
  }
  expect(new Set(made).size).toBe(3 * POSTS);
  // Asked once more, the answer is the same: whoever's process gave it first.
  for (const at of [0, POSTS, 3 * POSTS - 1]) {
    expect(await say(at)).toMatchObject({ outcome: "ok", made: made[at] });
  }
  const stands: RoomMessage[] = [];
  for (let before: string | null = null;;) {
    const page = await rooms.page(ROOM, { before, limit: 100 });
    stands.unshift(...page!.messages as RoomMessage[]);
    before = page!.before;
    if (before === null) break;
  }
  expect(stands.map(({ id }) => id)).toEqual(made.toSorted());
  const texts = made.map((_, at) => `post ${inWords(at)}`).sort();
  expect(stands.map(({ text }) => text).sort()).toEqual(texts);
  expect(new Set(heard).size).toBe(heard.length);
  expect(made).toEqual(expect.arrayContaining(heard));
  leave();
  console.log(`${3 * POSTS} posts over three deaths, ${sent} times sent, ${heard.length} heard`);
  await owner.stop();
}, 90_000);
