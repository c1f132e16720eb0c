/**
 * Owners of rooms over real stores, without the placement around them: two may
 * stand on the same stores, the one with the higher token being right.
 */
import { TextPipeline } from "../actors/moderation/text_pipeline.ts";
import type { RoomAnswer, RoomMessage, RoomWish } from "../actors/ports/rooms.ts";
import { roomDefinition } from "../actors/room/room_actor.ts";
import type { Sender } from "../actors/room/room_delivery.ts";
import { historyName } from "../channels/channel_history.ts";
import { decodePublication, type Publication } from "../channels/publication.ts";
import { roomChannel } from "../protocol/channel_name.ts";
import { type BusinessEvents, silentEvents } from "../runtime/business_events.ts";
import { systemClock } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";
import type { NoticeInit } from "../protocol/golazo_codec.ts";
import { RoomKeys } from "../gateway/room_keys.ts";
import { StewardRoll } from "../gateway/steward_roll.ts";
import { Quarantine } from "./quarantine.ts";
import { roomStores } from "./room_stores.ts";
import { RoomSupervisor } from "./room_supervisor.ts";
import type { HotStores, SqlStores } from "./stores.ts";

export const ROOM = "arg-fra-2022";
const pipeline = new TextPipeline();

export type RoomsNode = Awaited<ReturnType<typeof roomsNode>>;

export interface RoomsNodeOptions {
  hot: HotStores;
  sql: SqlStores;
  fence?: number;
  node?: string;
  clock?: typeof systemClock;
}

export async function roomsNode(
  { hot, sql, fence = 1, node = "n1", clock = systemClock }: RoomsNodeOptions,
) {
  const heard: string[] = [];
  const notices: [user: string, kind: string][] = [];
  const events: BusinessEvents = Object.assign(Object.create(silentEvents), {
    childRestarted: (id: string, reason: string) => void heard.push(`restarted ${id}: ${reason}`),
    childParked: (id: string) => void heard.push(`parked ${id}`),
    warned: (message: string) => void heard.push(message),
  });
  const parts = { clock, random: systemRandom, events };
  const { streams: stream, channels, cells, broker } = hot;
  let token: number | null = fence;
  const fenceOf = () => token;
  const { store, history, bodies } = roomStores(hot, sql, fenceOf, parts);
  const stewards = new StewardRoll(cells, clock);
  const keys = new RoomKeys({ rooms: store, cells, clock });
  const rooms = await RoomSupervisor.start({
    ...parts,
    ...{ stream, channels, cells, broker, store, history, bodies, fenceOf, pipeline },
    notices: {
      tell: (user: string, { kind = "" }: NoticeInit) => void notices.push([user, kind]),
    },
    quarantine: new Quarantine(),
    definition: roomDefinition(node),
    isBanned: (user) => user === "outlaw",
    roleOf: (user) => stewards.roleOf(user),
    mayEnter: (room, { user: subject, role }) => keys.mayEnter(room, { subject, role }),
    roomOfMatch: (id) =>
      Promise.resolve(id === ROOM ? { title: "ARG – FRA", matchId: id, owner: null } : null),
  });
  return {
    ...{ rooms, history, heard, notices, bodies, stewards, keys },
    ask: (user: string, wish: RoomWish, role: Sender["role"] = "fan"): Promise<RoomAnswer> =>
      rooms.command(ROOM, { from: { user, role }, wish }),
    /** Its leases are gone, and it does not know of anything else. */
    loseOwnership: () => void (token = null),
    async stop() {
      await rooms.stop("the test is over");
      await history.drain(5_000);
    },
  };
}

export function post(clientId: string, text: string, more: object = {}): RoomWish {
  return { kind: "post", clientId, text, sticker: null, replyTo: null, mentions: [], ...more };
}

const DIGITS = "nil one two three four five six seven eight nine".split(" ");

/** A number in words: whose posts differ by digits alone is taken to say the same again. */
export function inWords(number: number): string {
  return [...String(number)].map((digit) => DIGITS[Number(digit)]).join(" ");
}

/** All pages, oldest message first. */
export async function wholeHistory({ rooms }: RoomsNode, limit = 100) {
  const messages = [];
  for (let before: string | null = null;;) {
    const page = await rooms.page(ROOM, { before, limit });
    messages.unshift(...page!.messages);
    before = page!.before;
    if (before === null) return messages;
  }
}

export function texts(messages: { id: string }[]): string[] {
  return messages.map((one) => "gone" in one ? "(gone)" : (one as RoomMessage).text);
}

/** What the channel keeps. */
export async function keptPublications(hot: HotStores, limit = 10_000): Promise<Publication[]> {
  const entries = await hot.channels.read(historyName(roomChannel(ROOM)), 0, limit);
  return entries.map(({ bytes }) => decodePublication(bytes));
}
