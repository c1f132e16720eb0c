import { describe, expect, test } from "vitest";
import { CHANNEL, goal, scores, start, startLive, subscribed, welcome } from "./scripted_client.ts";

describe("channels of a client", () => {
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

  test("takes what was left out after all, and then knows how far it is", () => {
    const { platform, events } = startLive();
    platform.socket.receive(goal(14, 1));
    platform.socket.receive({ position: { channel: 3, offset: 15, skipped: 4 } });
    const leftOut = [goal(12, 2), goal(13, 3)].map(({ publication }) => publication!);
    const mended = { id: 0, recovered: true, match: undefined, offset: 15, publications: leftOut };
    platform.socket.receive(subscribed(mended), goal(15, 9), goal(16, 4));
    expect(events.filter(({ kind }) => kind === "skipped")).toEqual([{
      kind: "skipped",
      count: 4,
    }]);
    expect(scores(events.filter(({ kind }) => kind !== "skipped"))).toEqual([
      "snapshot",
      1,
      2,
      3,
      4,
    ]);
  });

  test("starts over at a new epoch, whatever its offsets", () => {
    const { platform, events } = startLive();
    platform.socket.drop();
    platform.advance(1_000);
    platform.socket.open();
    const publications = [{ offset: 2, goal: { home: 8 } }];
    platform.socket.receive(
      welcome(),
      subscribed({ epoch: "e2", offset: 2, publications }),
      goal(3, 1),
    );
    expect(scores(events)).toEqual(["snapshot", "snapshot", 8, 1]);
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

describe("tracked matches of a client", () => {
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
