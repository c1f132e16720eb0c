/**
 * The fans of every bench: a program in C that holds up to 20,000 of them, as
 * many as one process may have descriptors here.
 *
 * Times are those of its own clock, which `LoadProcess.readClock` compares with
 * ours.
 */
import type { Goal } from "../protocol/mod.ts";
import { LoadProcess } from "./load_process.ts";

const PROGRAM = new URL("native/fans.c", import.meta.url);
/** 180,000 of them at 1,000/s, thrice over. */
const ENTER_MS_MAX = 600_000;
/** In golazo.proto's order. */
const KINDS: Goal["kind"][] = ["scored", "annulled", "corrected"];

export interface EnterOptions {
  port: number;
  fans: number;
  /** What a fan understands: Golazo's protobuf, ready frames alone, or socket.io's events. */
  speech: "golazo" | "bytes" | "socketio";
  path: string;
  subprotocol?: string;
  /** Everybody follows all of them. */
  channels?: string[];
  /** Several frames a message are understood. */
  batch?: boolean;
  /** Each fan's device and instance have this and its number as their name; absent: anonymous ones. */
  device?: string;
  /** The first of the loopback addresses that they come from; absent: 127.0.0.1. */
  source?: string;
  /**
   * Between two looks at the sockets, in µs; 0: none. Several deliveries are one
   * wake-up then, as behind a network card; else a server on the same machine pays
   * for waking its fans at each write, the slower it writes the more often.
   */
  restUs?: number;
  /** Handshakes under way at a time. */
  underWay?: number;
  /** Spread over so much time; absent: at once. */
  overMs?: number;
}

export interface Entered {
  inside: number;
  ms: number;
  /** Times that somebody was told to come back later. */
  refused: number;
}

/** Publications parsed since `reset`, and when, in ms of the fans' clock. */
export interface Arrived {
  publications: number;
  p50At: number;
  p99At: number;
  lastAt: number;
}

export interface FanCount {
  publications: number;
  goals: number;
  /** Received in WebSocket frames, their headers included. */
  bytes: number;
  inside: number;
  /** Fans who answered a ping. */
  answered: number;
  /** Sockets lost that were inside. */
  gone: number;
  goodbyes: number;
  refused: number;
  /** Frames that could not be read. */
  faults: number;
  snapshots: number;
  byChannel: Record<string, number>;
}

/** What the logs of all fans of a process add up to. */
export interface FanLog {
  /** Durable publications that a fan lacks below the last that it has. */
  missed: number;
  /** Durable publications that a fan got once more. */
  duplicated: number;
  /** In the order of the fans' list: the highest offset, and the sum of each fan's last. */
  channels: { top: number; sum: number }[];
}

/** What was heard of a room; its messages say when they were posted: see native/chat.h. */
export interface ChatHeard {
  messages: number;
  /** With a message in them. */
  frames: number;
  /** As the room said itself. */
  leftOut: number;
  /** Of the fan who got least. */
  leastMessages: number;
  leastFrames: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** All deliveries of one goal. */
export interface GoalTimes {
  /** Index in the fans' list of channels. */
  channel: number;
  kind: Goal["kind"];
  minute: number;
  /** How many different fans got it. */
  fans: number;
  /** Once a delivery, by the fans' clock. */
  parsedAt: number[];
}

export class Fans extends LoadProcess {
  constructor(core?: number) {
    super("the fans", PROGRAM, core);
  }

  /** Once a process; resolves when everybody is inside and follows every channel. */
  enter(options: EnterOptions): Promise<Entered> {
    return this.ask("enter", options, ENTER_MS_MAX);
  }

  /** Follows `channels` on Golazo's own protocol. */
  follow(options: Omit<EnterOptions, "speech" | "path" | "subprotocol">): Promise<Entered> {
    const way = { speech: "golazo", path: "/ws", subprotocol: "golazo.v1.protobuf" } as const;
    return this.enter({ ...way, ...options });
  }

  /** Every so-many-th is cut off and comes back, to `port`, with its positions, until it is in. */
  reconnect(
    every: number,
    port: number,
    how: Pick<EnterOptions, "underWay" | "overMs"> = {},
  ): Promise<Entered> {
    return this.ask("reconnect", { every, port, ...how }, ENTER_MS_MAX);
  }

  /** Begins the count and the times of `arrived` anew. */
  reset(): Promise<void> {
    return this.ask("reset");
  }

  /** Resolves once so many publications came since `reset`, or with fewer after `msMax`. */
  arrived(publications: number, msMax: number): Promise<Arrived> {
    return this.ask("arrived", { publications, msMax }, msMax + 30_000);
  }

  count(): Promise<FanCount> {
    return this.ask("count");
  }

  async log(): Promise<FanLog> {
    type Log = Omit<FanLog, "channels"> & { channels: [top: number, sum: number][] };
    const { channels, ...counts } = await this.ask<Log>("log");
    return { ...counts, channels: channels.map(([top, sum]) => ({ top, sum })) };
  }

  /** TCP segments with data that those inside have received, the upgrade's included. */
  segments(): Promise<number> {
    return this.ask("segments");
  }

  /** Since the last time. */
  chat(): Promise<ChatHeard> {
    return this.ask("chat");
  }

  async goals(): Promise<GoalTimes[]> {
    type Row = [channel: number, kind: number, minute: number, fans: number, times: number[]];
    const rows = await this.ask<Row[]>("goals", null, ENTER_MS_MAX);
    return rows.map(([channel, kind, minute, fans, parsedAt]) => {
      return { channel, kind: KINDS[kind]!, minute, fans, parsedAt };
    });
  }
}
