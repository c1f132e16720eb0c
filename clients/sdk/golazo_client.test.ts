import { describe, expect, test } from "vitest";
import type { ServerFrameInit, SubscribedInit } from "../../protocol/golazo_codec.ts";
import type { ChannelEvent } from "./channel_book.ts";
import { GolazoClient } from "./golazo_client.ts";
import { ScriptedPlatform } from "./scripted_platform.ts";

const CHANNEL = "match:arg-fra";

const welcome = (serverTime = 0): ServerFrameInit => ({
  welcome: { serverTime, pingEveryMs: 25_000, pongWithinMs: 10_000 },
});
const subscribed = (change: SubscribedInit = {}): ServerFrameInit => ({
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
const goal = (offset: number, home: number, channel = 3): ServerFrameInit => ({
  publication: { channel, offset, goal: { side: "home", home } },
});

function start() {
  const platform = new ScriptedPlatform();
  const client = new GolazoClient({ url: "wss://golazo.test/ws", platform });
  const events: ChannelEvent[] = [];
  const states: string[] = [];
  client.onState(({ status }) => states.push(status));
  const leave = client.subscribe(CHANNEL, (event) => events.push(event));
  client.connect();
  return { platform, client, events, states, leave };
}

function startLive() {
  const started = start();
  started.platform.socket.open();
  started.platform.socket.receive(welcome(), subscribed());
  return started;
}

const scores = (events: ChannelEvent[]) =>
  events.map((event) => event.kind === "publication" ? event.publication.goal?.home : event.kind);

describe("GolazoClient connecting", () => {
  test("says Hello and its subscriptions in one flight", () => {
    const { platform } = start();
    expect(platform.urls).toEqual(["wss://golazo.test/ws golazo.v1.protobuf"]);
    expect(platform.socket.sent).toEqual([]);
    platform.socket.open();
    const [hello, subscribe] = platform.socket.sent;
    expect(hello?.hello).toMatchObject({ token: "", attempt: 1, batch: true, lite: false });
    expect(hello?.hello?.deviceId).toBe(platform.stored.get("golazo.device"));
    expect(hello?.hello?.instanceId).toMatch(/^[0-9a-v]{16}$/);
    expect(subscribe?.subscribe)
      .toEqual({ id: 1, channel: CHANNEL, epoch: "", offset: 0, lite: false });
  });

  test("is live only once every channel is answered", () => {
    const { platform, client, states } = start();
    platform.socket.open();
    platform.socket.receive(welcome());
    expect(client.state.status).toBe("connecting");
    platform.socket.receive(subscribed());
    expect(states).toEqual(["live"]);
  });

  test("tells the server's time", () => {
    const { platform, client } = start();
    platform.socket.open();
    platform.socket.receive(welcome(platform.now() + 90_000));
    platform.advance(1_000);
    expect(client.serverNow()).toBe(platform.now() + 90_000);
  });

  test("gives up a handshake without an answer after 10 s and tries again", () => {
    const { platform, client } = start();
    platform.socket.open();
    platform.socket.receive(welcome());
    platform.advance(9_999);
    expect(platform.socket.isClosed).toBe(false);
    platform.advance(1);
    expect(platform.socket.isClosed).toBe(true);
    platform.advance(1_000);
    expect(platform.sockets).toHaveLength(2);
    expect(client.state.status).toBe("connecting");
  });

  test("keeps the device's id and counts its connects", () => {
    const { platform } = startLive();
    const { deviceId } = platform.socket.sent[0]!.hello!;
    platform.socket.drop();
    platform.advance(1_000);
    platform.socket.open();
    expect(platform.socket.sent[0]?.hello).toMatchObject({ deviceId, attempt: 2 });
  });
});

describe("GolazoClient channels", () => {
  test("hands on a snapshot and then each publication once", () => {
    const { platform, events } = startLive();
    platform.socket.receive(goal(11, 1), goal(11, 1), goal(10, 9), goal(12, 2));
    platform.socket.receive(goal(12, 2));
    expect(scores(events)).toEqual(["snapshot", 1, 2]);
  });

  test("takes a gap for what was skipped on purpose", () => {
    const { platform, events, client } = startLive();
    platform.socket.receive(goal(40, 1));
    expect(scores(events)).toEqual(["snapshot", 1]);
    expect(client.state.status).toBe("live");
  });

  test("never holds back a volatile publication", () => {
    const { platform, events } = startLive();
    const possession = { publication: { channel: 3, possession: { home: 51, away: 49 } } };
    platform.socket.receive(possession, possession);
    expect(events).toHaveLength(3);
  });

  test("ignores numbers of another socket", () => {
    const { platform, events } = startLive();
    platform.socket.drop();
    platform.advance(1_000);
    platform.socket.open();
    platform.socket.receive(welcome(), goal(11, 1, 3));
    expect(scores(events)).toEqual(["snapshot"]);
  });

  test("asks for exactly what it missed", () => {
    const { platform, events, client } = startLive();
    platform.socket.receive(goal(11, 1), goal(14, 2));
    platform.socket.drop();
    expect(client.state.status).toBe("stale");
    platform.advance(1_000);
    platform.socket.open();
    expect(platform.socket.sent[1]?.subscribe).toMatchObject({ epoch: "e1", offset: 14 });
    const missed = [goal(14, 2), goal(15, 3), goal(16, 4)].map(({ publication }) => publication!);
    platform.socket.receive(
      welcome(),
      subscribed({
        recovered: true,
        match: undefined,
        offset: 17,
        number: 5,
        publications: missed,
      }),
    );
    platform.socket.receive(goal(17, 9, 5), goal(18, 5, 5));
    expect(scores(events)).toEqual(["snapshot", 1, 2, 3, 4, 5]);
    expect(client.state.status).toBe("live");
  });

  test("starts over at a new epoch, whatever its offsets", () => {
    const { platform, events } = startLive();
    platform.socket.drop();
    platform.advance(1_000);
    platform.socket.open();
    platform.socket.receive(welcome(), subscribed({ epoch: "e2", offset: 2 }), goal(3, 1));
    expect(scores(events)).toEqual(["snapshot", "snapshot", 1]);
    platform.socket.drop();
    platform.advance(2_000);
    platform.socket.open();
    expect(platform.socket.sent[1]?.subscribe).toMatchObject({ epoch: "e2", offset: 3 });
  });

  test("tells a refusal and does not ask again", () => {
    const { platform, events, client } = start();
    platform.socket.open();
    platform.socket.receive(welcome(), { reply: { id: 1, code: "unknownChannel", reason: "no" } });
    expect(events).toEqual([{ kind: "refused", code: "unknownChannel", reason: "no" }]);
    expect(client.state.status).toBe("live");
    platform.socket.drop();
    platform.advance(1_000);
    platform.socket.open();
    expect(platform.socket.sent).toHaveLength(1);
  });

  test("asks again where the server says when", () => {
    const { platform } = start();
    platform.socket.open();
    platform.socket.receive(welcome(), { reply: { id: 1, code: "busy", retryAfterMs: 3_000 } });
    platform.advance(2_999);
    expect(platform.socket.sent).toHaveLength(2);
    platform.advance(1);
    expect(platform.socket.sent[2]?.subscribe).toMatchObject({ id: 2, channel: CHANNEL });
  });

  test("tracks again where the server says when", () => {
    const { platform, client } = startLive();
    client.track(["bra-ger", "esp-ned"], () => {});
    platform.socket.receive({ reply: { id: 2, code: "unavailable", retryAfterMs: 2_000 } });
    platform.advance(2_000);
    expect(platform.socket.sent.slice(3).map(({ track }) => track?.matches))
      .toEqual([["bra-ger", "esp-ned"]]);
  });

  test("unsubscribes, and may then subscribe anew", () => {
    const { platform, client, events, leave } = startLive();
    expect(() => client.subscribe(CHANNEL, () => {})).toThrow("twice");
    leave();
    expect(platform.socket.sent[2]?.unsubscribe).toEqual({ id: 2, channel: CHANNEL });
    platform.socket.receive(goal(11, 1));
    expect(scores(events)).toEqual(["snapshot"]);
    client.subscribe(CHANNEL, () => {}, { lite: true });
    expect(platform.socket.sent[3]?.subscribe).toMatchObject({ epoch: "", offset: 0, lite: true });
  });
});

describe("GolazoClient tracking", () => {
  const tracked = (match: string, number: number) =>
    subscribed({ channel: `match:${match}`, number });

  test("tells each match's events and asks for the set again on a new socket", () => {
    const { platform, client } = startLive();
    const seen: string[] = [];
    client.track(["bra-ger", "esp-ned"], (match, event) => seen.push(`${match} ${event.kind}`));
    expect(platform.socket.sent[2]?.track).toEqual({ id: 2, matches: ["bra-ger", "esp-ned"] });
    platform.socket.receive(tracked("bra-ger", 8), tracked("esp-ned", 9), goal(11, 1, 9));
    expect(seen).toEqual(["bra-ger snapshot", "esp-ned snapshot", "esp-ned publication"]);
    platform.socket.drop();
    platform.advance(1_000);
    platform.socket.open();
    expect(platform.socket.sent[2]?.track?.matches).toEqual(["bra-ger", "esp-ned"]);
  });

  test("gives way to a subscription in full, and takes over again after it", () => {
    const { platform, client } = startLive();
    const seen: string[] = [];
    client.track(["bra-ger", "esp-ned"], (match) => seen.push(match));
    platform.socket.receive(tracked("bra-ger", 8), tracked("esp-ned", 9));
    const leave = client.subscribe("match:bra-ger", () => seen.push("in full"));
    expect(platform.socket.sent.at(-1)?.subscribe).toMatchObject({ epoch: "", lite: false });
    platform.socket.receive(goal(11, 1, 8), tracked("bra-ger", 10), goal(11, 1, 10));
    expect(seen).toEqual(["bra-ger", "esp-ned", "in full", "in full"]);
    leave();
    expect(
      platform.socket.sent.slice(-2).map(({ unsubscribe, track }) =>
        unsubscribe?.channel ?? track?.matches
      ),
    ).toEqual(["match:bra-ger", ["bra-ger", "esp-ned"]]);
    platform.socket.receive(tracked("bra-ger", 11), goal(12, 2, 11), goal(11, 1, 9));
    expect(seen.slice(4)).toEqual(["bra-ger", "bra-ger", "esp-ned"]);
  });

  test("is live though a match is unknown or stayed in the set", () => {
    const { platform, client } = start();
    client.track(["bra-ger", "no-such"], () => {});
    platform.socket.open();
    platform.socket.receive(welcome(), subscribed(), tracked("bra-ger", 8));
    client.track(["bra-ger", "no-such", "esp-ned"], () => {});
    platform.socket.receive({ reply: { id: 2, code: "unknownMatch" } }, tracked("esp-ned", 9));
    expect(client.state.status).toBe("connecting");
    platform.socket.receive({ reply: { id: 3, code: "unknownMatch" } });
    expect(client.state.status).toBe("live");
  });

  test("still hears a match that stays in the set without a new answer", () => {
    const { platform, client } = startLive();
    const seen: string[] = [];
    client.track(["bra-ger"], () => seen.push("first"));
    platform.socket.receive(tracked("bra-ger", 8));
    client.track(["bra-ger", "esp-ned"], (match) => seen.push(match));
    platform.socket.receive(goal(11, 1, 8));
    expect(seen).toEqual(["first", "bra-ger"]);
  });
});

describe("GolazoClient staying alive", () => {
  test("answers a ping with its nonce", () => {
    const { platform } = startLive();
    platform.socket.receive({ ping: { nonce: 77 } });
    expect(platform.socket.sent.at(-1)?.pong).toEqual({ nonce: 77 });
  });

  test("takes silence past ping and pong for a dead connection", () => {
    const { platform, client } = startLive();
    platform.advance(20_000);
    platform.socket.receive({ ping: { nonce: 1 } });
    const heardAt = platform.now();
    platform.advance(34_999);
    expect(client.state.status).toBe("live");
    platform.advance(1);
    expect(platform.socket.isClosed).toBe(true);
    expect(client.state).toEqual({ status: "stale", since: heardAt });
    platform.advance(1_000);
    expect(platform.sockets).toHaveLength(2);
  });

  test("does not hear a socket that it gave up", () => {
    const { platform, events, client } = startLive();
    const [first] = platform.sockets;
    platform.advance(35_000);
    first!.receive(goal(11, 1));
    first!.drop(4501);
    expect(scores(events)).toEqual(["snapshot"]);
    expect(client.state.status).toBe("stale");
  });

  test("backs off longer with every failure and starts over after a stable time", () => {
    const { platform } = startLive();
    platform.nextFraction = 0.999_99;
    for (const delayMs of [1_000, 2_000, 4_000]) {
      const opened = platform.sockets.length;
      platform.socket.drop();
      platform.advance(delayMs - 1);
      expect(platform.sockets).toHaveLength(opened);
      platform.advance(1);
      expect(platform.sockets).toHaveLength(opened + 1);
    }
    platform.socket.open();
    platform.socket.receive(welcome(), subscribed());
    platform.advance(10_000);
    platform.socket.drop();
    platform.advance(1_000);
    expect(platform.sockets).toHaveLength(5);
  });

  test("comes back when the Goodbye says, even if the user returns before", () => {
    const { platform } = startLive();
    platform.socket.receive({ goodbye: { reason: "draining", retryAfterMs: 7_300, code: 4014 } });
    platform.socket.drop(4014);
    platform.attention.wake();
    platform.advance(7_299);
    expect(platform.sockets).toHaveLength(1);
    platform.advance(1);
    expect(platform.sockets).toHaveLength(2);
  });

  test.each([4008, 4013, 4499, 1001, 1006])("comes back after %i", (code) => {
    const { platform, client } = startLive();
    platform.socket.drop(code);
    expect(client.state.status).toBe("stale");
    platform.advance(1_000);
    expect(platform.sockets).toHaveLength(2);
  });

  test.each([4500, 4501, 4505, 4999])("ends for good after %i", (code) => {
    const { platform, client } = startLive();
    platform.socket.drop(code);
    expect(client.state).toMatchObject({ status: "closed", code });
    platform.attention.wake();
    platform.advance(120_000);
    expect(platform.sockets).toHaveLength(1);
  });

  test("takes the reason and a final code from the Goodbye where the socket has none", () => {
    const { platform, client } = startLive();
    platform.socket.receive({ goodbye: { reason: "replaced", code: 4501 } });
    platform.socket.drop(1006);
    expect(client.state).toEqual({ status: "closed", code: 4501, reason: "replaced" });
  });

  test("leaves a server whose bytes it cannot read and comes back", () => {
    const { platform, client } = startLive();
    platform.socket.receiveBytes(Uint8Array.of(0x0a, 0xff, 0x01));
    expect(platform.socket.isClosed).toBe(true);
    expect(client.state.status).toBe("stale");
    platform.advance(1_000);
    expect(platform.sockets).toHaveLength(2);
  });

  test("rests without network and is back within 300 ms of its return", () => {
    const { platform, client } = startLive();
    platform.attention.rest();
    expect(platform.socket.isClosed).toBe(true);
    expect(client.state.status).toBe("stale");
    platform.advance(60_000);
    expect(platform.sockets).toHaveLength(1);
    platform.attention.wake();
    platform.advance(300);
    expect(platform.sockets).toHaveLength(2);
  });

  test("keeps a socket that is well when the user returns, and replaces a quiet one", () => {
    const { platform, client } = startLive();
    platform.attention.wake();
    platform.advance(1_000);
    expect(platform.sockets).toHaveLength(1);
    expect(client.state.status).toBe("live");
    platform.sleep(60_000);
    platform.attention.wake();
    expect(client.state.status).toBe("stale");
    platform.advance(300);
    expect(platform.sockets).toHaveLength(2);
  });

  test("closes for good when the app says so", () => {
    const { platform, client, events } = startLive();
    client.close();
    platform.sockets[0]!.receive(goal(11, 1));
    platform.advance(120_000);
    expect(client.state).toMatchObject({ status: "closed", code: 1000 });
    expect(platform.sockets).toHaveLength(1);
    expect(scores(events)).toEqual(["snapshot"]);
  });
});
