/**
 * A client on a scripted platform, and the frames that its server says, for the
 * tests of both.
 */
import type { ServerFrameInit, SubscribedInit } from "../../protocol/golazo_codec.ts";
import type { ChannelEvent } from "./channel_book.ts";
import { type ClientOptions, GolazoClient } from "./golazo_client.ts";
import { ScriptedPlatform } from "./scripted_platform.ts";

export const CHANNEL = "match:arg-fra";

export const welcome = (serverTime = 0): ServerFrameInit => ({
  welcome: { serverTime, pingEveryMs: 25_000, pongWithinMs: 10_000 },
});
export const subscribed = (change: SubscribedInit = {}): ServerFrameInit => ({
  subscribed: {
    id: 1,
    channel: CHANNEL,
    number: 3,
    epoch: "e1",
    offset: 10,
    match: { id: "arg-fra", state: { phase: "firstHalf" } },
    ...change,
  },
});
export const goal = (offset: number, home: number, channel = 3): ServerFrameInit => ({
  publication: { channel, offset, goal: { side: "home", home } },
});

export function start(options: Partial<ClientOptions> = {}) {
  const platform = new ScriptedPlatform();
  const client = new GolazoClient({ url: "wss://golazo.test/ws", platform, ...options });
  const events: ChannelEvent[] = [];
  const states: string[] = [];
  client.onState(({ status }) => states.push(status));
  const leave = client.subscribe(CHANNEL, (event) => events.push(event));
  client.connect();
  return { platform, client, events, states, leave };
}

export function startLive(options: Partial<ClientOptions> = {}) {
  const started = start(options);
  started.platform.socket.open();
  started.platform.socket.receive(welcome(), subscribed());
  return started;
}

export const scores = (events: ChannelEvent[]) =>
  events.map((event) => event.kind === "publication" ? event.publication.goal?.home : event.kind);
