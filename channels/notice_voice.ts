/**
 * Tells fans what concerns them alone, on `user:<id>`.
 *
 * Nobody's conversation rests on it: what is told is volatile, the last few are
 * kept for whoever looks later, and past what is bounded here the oldest go.
 * Notices are gathered for a moment and said together, so that one message that
 * calls five users in a busy room does not cost five writes each time.
 */
import type { CellStore } from "../actors/ports/cell.ts";
import type { RoomUpdate } from "../actors/room/room_update.ts";
import { isChannelId, userChannel } from "../protocol/channel_name.ts";
import { decodePublication as decodeBody, type NoticeInit } from "../protocol/golazo_codec.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { lastSaid, type VolatileVoice } from "./volatile_voice.ts";

export interface NoticeVoicePorts {
  voice: Pick<VolatileVoice, "say">;
  cells: CellStore;
  clock: Clock;
  events: BusinessEvents;
}

export class NoticeVoice {
  readonly #ports: NoticeVoicePorts;
  /** By user, oldest first. */
  #gathered = new Map<string, NoticeInit[]>();
  #timer: Timer | null = null;
  #saying: Promise<void> = Promise.resolve();

  constructor(ports: NoticeVoicePorts) {
    this.#ports = ports;
  }

  /** Those who cannot have a channel are not told. */
  tell(user: string, notice: NoticeInit): void {
    if (!isChannelId(user)) return;
    const known = this.#gathered.get(user);
    if (known === undefined && this.#gathered.size >= limits.noticedUsersMax) return;
    this.#gathered.set(user, [...known ?? [], notice].slice(-limits.noticesKept));
    this.#timer ??= this.#ports.clock.after(limits.noticeGatherMs, () => {
      this.#timer = null;
      this.#saying = this.#saying.then(() => this.#say());
    });
  }

  /** Resolves once what was gathered is said, or could not be. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = null;
    await (this.#saying = this.#saying.then(() => this.#say()));
  }

  async #say(): Promise<void> {
    const gathered = this.#gathered;
    this.#gathered = new Map();
    const told = [...gathered].map(([user, notices]) => this.#sayTo(user, notices));
    const failed = (await Promise.allSettled(told)).find(({ status }) => status === "rejected");
    if (failed?.status !== "rejected") return;
    this.#ports.events.warned(`Cannot tell fans what concerns them: ${reasonOf(failed.reason)}`);
  }

  async #sayTo(user: string, notices: NoticeInit[]): Promise<void> {
    const { voice, cells } = this.#ports;
    const channel = userChannel(user);
    const before = (await lastSaid(cells, channel, ["notices"]))
      .flatMap(({ body }) => decodeBody(body).notice ?? []);
    const told = [...before, ...notices].slice(-limits.noticesKept);
    await voice.say(
      channel,
      "notices",
      told.map((notice) => ({ key: keyOf(notice), lane: "event", body: { notice } })),
      notices.length,
    );
  }
}

/** The notice of a change in a room, and to whom; null: it concerns nobody alone. */
export function noticeOf(
  room: string,
  update: RoomUpdate,
  at: number,
): { user: string; notice: NoticeInit } | null {
  switch (update.kind) {
    case "mentioned": {
      const { user, id: message, by } = update;
      return user === by ? null : { user, notice: { kind: "mention", room, message, by, at } };
    }
    case "noticed": {
      const { user, what: kind, id, reason, until } = update;
      return { user, notice: { kind, room, message: id ?? "", reason, until, at } };
    }
    default:
      return null;
  }
}

/** Told twice it is the same. */
function keyOf({ kind, room, message, at }: NoticeInit): string {
  return message === "" ? `${room}/${kind}/${at}` : `${room}/${kind}/${message}`;
}
