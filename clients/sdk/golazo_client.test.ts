import { describe, expect, test } from "vitest";
import { clientLimits } from "./client_limits.ts";
import { CHANNEL, goal, scores, start, startLive, subscribed, welcome } from "./scripted_client.ts";

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

  test("is not disturbed by a socket that opens after it was given up", () => {
    const { platform, events } = start();
    platform.advance(11_000);
    expect(platform.sockets).toHaveLength(2);
    platform.socket.open();
    platform.socket.receive(welcome(), subscribed());
    platform.sockets[0]!.open();
    platform.socket.receive(goal(11, 1));
    expect(scores(events)).toEqual(["snapshot", 1]);
    expect(platform.sockets[0]!.sent).toEqual([]);
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

  test.each([
    ["when the Goodbye says", false],
    ["no sooner than the Goodbye says when the user returns before", true],
  ])("comes back %s", (_, userReturns) => {
    const { platform } = startLive();
    platform.socket.receive({ goodbye: { reason: "draining", retryAfterMs: 7_300, code: 4014 } });
    platform.socket.drop(4014);
    if (userReturns) platform.attention.wake();
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

  test("is back without a reload once a ban was undone, and asks ever more rarely until then", () => {
    const { platform, client, states } = startLive();
    platform.nextFraction = 0;
    platform.socket.receive({ goodbye: { reason: "banned", code: 4504 } });
    platform.socket.drop(4504);
    expect(client.state).toEqual({ status: "closed", code: 4504, reason: "banned" });
    const told = states.length;
    const { banRetryMsMin: first } = clientLimits;
    platform.advance(first - 1);
    expect(platform.sockets).toHaveLength(1);
    platform.advance(1);
    expect(platform.sockets).toHaveLength(2);
    platform.socket.open();
    platform.socket.drop(4504);
    platform.advance(2 * first - 1);
    expect(platform.sockets).toHaveLength(2);
    // The page is shown the ban once.
    expect(states).toHaveLength(told);
    platform.advance(1);
    platform.socket.open();
    platform.socket.receive(welcome(), subscribed());
    expect(client.state.status).toBe("live");
    // And is as good as any other connection from there on.
    platform.socket.drop();
    expect(client.state.status).toBe("stale");
    platform.advance(1_000);
    expect(platform.sockets).toHaveLength(4);
  });

  test("who is banned and returns to the page is let in, no sooner than after a minute", () => {
    const { platform, client } = startLive();
    platform.socket.drop(4504);
    platform.attention.rest();
    platform.attention.wake();
    platform.advance(clientLimits.banRetryMsMin - 1);
    expect(platform.sockets).toHaveLength(1);
    platform.advance(1);
    expect(platform.sockets).toHaveLength(2);
    platform.socket.open();
    platform.socket.receive(welcome(), subscribed());
    expect(client.state.status).toBe("live");
  });

  test("gives a ban up after so many times, and at the app's word", () => {
    const { platform, client } = startLive();
    platform.nextFraction = 0;
    platform.socket.drop(4504);
    for (let tries = 1; tries <= clientLimits.banTriesMax; tries++) {
      platform.advance(Math.min(2 ** (tries - 1) * clientLimits.banRetryMsMin, 30 * 60_000));
      expect(platform.sockets).toHaveLength(1 + tries);
      platform.socket.open();
      // Every second time it is the network.
      platform.socket.drop(tries % 2 === 0 ? 1006 : 4504);
    }
    platform.advance(24 * 60 * 60_000);
    platform.attention.wake();
    platform.advance(24 * 60 * 60_000);
    expect(platform.sockets).toHaveLength(1 + clientLimits.banTriesMax);
    expect(client.state).toMatchObject({ status: "closed", code: 4504 });
    const other = startLive();
    other.platform.socket.drop(4504);
    other.client.close();
    other.platform.advance(24 * 60 * 60_000);
    expect(other.platform.sockets).toHaveLength(1);
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

  test("says when nobody looks, and on a new socket too", () => {
    const { platform } = startLive();
    platform.attention.hide();
    platform.attention.hide();
    const attention = () => platform.socket.sent.flatMap(({ attention }) => attention ?? []);
    expect(attention()).toEqual([{ background: true }]);
    platform.socket.drop();
    platform.advance(5_000);
    expect(platform.sockets).toHaveLength(2);
    platform.socket.open();
    expect(attention()).toEqual([{ background: true }]);
    platform.attention.wake();
    platform.attention.wake();
    expect(attention()).toEqual([{ background: true }, { background: false }]);
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
