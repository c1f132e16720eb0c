/**
 * A whole gateway with rooms behind it: the real door, the real room actor, in
 * one process on embedded stores. A token is `ana:fan`: who, and what.
 */
import type { Ban } from "../../actors/ports/ban_roll.ts";
import type { Sender } from "../../actors/room/room_delivery.ts";
import { ChannelSources } from "../../channels/channel_source.ts";
import { MatchReader } from "../../channels/match_reader.ts";
import { RoomStage } from "../../channels/room_test_kit.ts";
import type { Clock } from "../../runtime/clock.ts";
import { seededRandom } from "../../runtime/random.ts";
import type { Pass, VerifyToken } from "../auth/pass.ts";
import { ChatAllowance } from "../chat_allowance.ts";
import { ChatDesk } from "../chat_desk.ts";
import { chatDesks } from "../chat_frames.ts";
import { type Gateway, openGateway } from "../gateway.ts";
import { roomMessageRoutes } from "../http/room_message_routes.ts";
import { type PublicRoom, roomRoutes } from "../http/room_routes.ts";
import { RoomKeys } from "../room_keys.ts";
import { StewardRoll } from "../steward_roll.ts";
import { Fan, type FanOptions } from "./fan.ts";
import { eventsInto, loneSeats } from "./test_gateway.ts";
import { until } from "./until.ts";

export interface ChatHouseOptions {
  clock?: Clock;
  /** False: nobody is told to wait. */
  isBounded?: boolean;
}

export class ChatHouse implements AsyncDisposable {
  readonly rooms: RoomStage;
  readonly bans = new Map<string, Ban>();
  readonly events: string[] = [];
  readonly allowance: ChatAllowance;
  gateway!: Gateway;
  #wishes = 0;

  private constructor(clock?: Clock) {
    this.rooms = new RoomStage(clock);
    this.allowance = new ChatAllowance(this.rooms.cells, this.rooms.clock);
  }

  static async open({ clock, isBounded = true }: ChatHouseOptions = {}): Promise<ChatHouse> {
    const house = new ChatHouse(clock);
    const { rooms, bans } = house;
    const { cells, broker } = rooms;
    const events = eventsInto(house.events);
    const random = seededRandom(7);
    const roll = { isBanned: (user: string) => bans.get(user) ?? null, hear: () => () => {} };
    const shared = { rooms, clock: rooms.clock, events, random, cells };
    const keys = new RoomKeys(shared);
    const allowance = isBounded
      ? house.allowance
      : { take: () => Promise.resolve(null), takeFrom: () => null };
    const stewards = new StewardRoll(cells, rooms.clock);
    const desk = new ChatDesk({
      ...{ ...shared, keys, allowance, stewards },
      global: { command: () => Promise.resolve({ outcome: "ok", made: "action 1" }) },
      bans: roll,
    });
    const madePublic: PublicRoom[] = [];
    const routes = { ...shared, keys, desk, allowance, verifyToken };
    const matches = new MatchReader({
      ...{ stream: rooms.stream, cells, channels: rooms.channels, matchesMax: 1, events },
      isStale: () => Promise.resolve(false),
    });
    house.gateway = await openGateway({
      ...shared,
      settings: {
        ...{ host: "127.0.0.1", port: 0, reusePort: false, development: true },
        ...{ origins: [], trustedProxies: [] },
        page: { folder: "/nowhere", buildCommand: "deno task web" },
      },
      source: new ChannelSources({ stream: rooms.channels, broker, cells, matches, rooms }),
      matchPages: { list: () => Promise.reject(), match: () => Promise.resolve(null) },
      verifyToken,
      revocations: { isRevoked: () => false, hear: () => () => {} },
      bans: roll,
      greeted: (actor) => void stewards.note(actor),
      desks: chatDesks(desk, random),
      mayHear: (channel, actor) => keys.mayHear(channel, actor),
      seats: loneSeats,
      strain: { lagMs: () => 0, memoryBytes: () => 0 },
      routes: [
        ...roomRoutes({
          ...routes,
          publicRooms: () => Promise.resolve(madePublic),
          madePublic: (room) => Promise.resolve(void madePublic.push(room)),
        }),
        ...roomMessageRoutes(routes),
      ],
    });
    return house;
  }

  /** `who`: `ana:fan`; empty: anonymous. */
  enter(who: string, options: FanOptions = {}): Promise<Fan> {
    return Fan.enter(this.gateway.port, { token: who, deviceId: `d-${++this.#wishes}` }, options);
  }

  async ask(who: string, method: string, path: string, body?: unknown) {
    const response = await fetch(`${this.gateway.address}${path}`, {
      method,
      headers: who === "" ? {} : { authorization: `Bearer ${who}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const { status, headers } = response;
    return { status, headers, text, json: text === "" ? {} : JSON.parse(text) };
  }

  /** Straight to the room's owner, past every gateway; answers the code. */
  async said(room: string, who: string, text = "hola"): Promise<string> {
    const [user, role] = who.split(":") as [string, Sender["role"]];
    const answer = await this.rooms.command(room, {
      from: { user, role },
      wish: {
        ...{ kind: "post", clientId: this.clientId(), text },
        ...{ sticker: null, replyTo: null, mentions: [] },
      },
    });
    if (answer.outcome !== "ok") throw new Error(JSON.stringify(answer));
    return answer.made!;
  }

  clientId(): string {
    return `c${++this.#wishes}`;
  }

  refusals(): string[] {
    return this.events.filter((line) => line.startsWith("requestRefused"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway.stop(100);
    await this.rooms[Symbol.asyncDispose]();
  }
}

/** The reply to the frame with that id. */
export async function replyTo(fan: Fan, id: number) {
  return await until(() => fan.all("reply").find((reply) => reply.id === id), `reply ${id}`);
}

const verifyToken: VerifyToken = (token) => {
  const [subject = "", role = ""] = token.split(":");
  return Promise.resolve(
    role === "" ? { refused: "malformed" } : { subject, role: role as Pass["role"] },
  );
};
