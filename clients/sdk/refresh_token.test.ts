import { describe, expect, test } from "vitest";
import type { ServerFrameInit } from "../../protocol/golazo_codec.ts";
import { goal, scores, startLive, subscribed, welcome } from "./scripted_client.ts";
import type { ScriptedPlatform } from "./scripted_platform.ts";

const expired: ServerFrameInit = { reply: { code: "tokenExpired", reason: "30 s are left" } };
const settled = () => new Promise((resolve) => setTimeout(resolve));

/** Gives `token-1`, `token-2`, … */
function tokens({ givesNone = false } = {}) {
  let given = 0;
  const refreshToken = () =>
    givesNone ? Promise.reject(new Error("away")) : Promise.resolve(`token-${++given}`);
  return { token: "token-0", refreshToken };
}
const helloTokens = ({ sockets }: ScriptedPlatform) =>
  sockets.flatMap(({ sent }) => sent.flatMap(({ hello }) => hello?.token ?? []));
const refreshes = ({ sockets }: ScriptedPlatform) =>
  sockets.flatMap(({ sent }) => sent.flatMap(({ refresh }) => refresh?.token ?? []));

describe("GolazoClient and a token that runs out", () => {
  test("sends a newer one on the same socket, and says Hello with it from then on", async () => {
    const { platform, client, events } = startLive(tokens());
    platform.socket.receive(expired);
    await settled();
    expect(refreshes(platform)).toEqual(["token-1"]);
    platform.socket.receive({ reply: { code: "ok" } }, goal(11, 1));
    expect(client.state.status).toBe("live");
    // The channels are what they were: a reply without a request refuses none.
    expect(scores(events)).toEqual(["snapshot", 1]);
    platform.socket.drop();
    platform.advance(1_000);
    platform.socket.open();
    expect(helloTokens(platform)).toEqual(["token-0", "token-1"]);
  });

  test("goes on until the server ends it where there is no newer one", async () => {
    const { platform, client, events } = startLive(tokens({ givesNone: true }));
    platform.socket.receive(expired, goal(11, 1));
    await settled();
    expect(client.state.status).toBe("live");
    expect(scores(events)).toEqual(["snapshot", 1]);
    platform.socket.drop(4503);
    await settled();
    expect(client.state).toMatchObject({ status: "closed", code: 4503 });
  });

  test("leaves the channels alone where the newer one is refused", async () => {
    const { platform, client, events } = startLive(tokens());
    platform.socket.receive(expired);
    await settled();
    platform.socket.receive({ reply: { code: "badToken", reason: "expired" } }, goal(11, 1));
    expect(client.state.status).toBe("live");
    expect(scores(events)).toEqual(["snapshot", 1]);
  });

  test("is not sent on a socket that came since", async () => {
    let give = (_token: string) => {};
    const refreshToken = () => new Promise<string>((resolve) => (give = resolve));
    const { platform } = startLive({ token: "token-0", refreshToken });
    platform.socket.receive(expired);
    platform.socket.drop();
    platform.advance(1_000);
    platform.socket.open();
    give("token-1");
    await settled();
    expect(refreshes(platform)).toEqual([]);
  });

  test("comes back with a newer one where Hello was refused, once", async () => {
    const { platform, client } = startLive(tokens());
    platform.socket.drop(4503);
    await settled();
    expect(client.state.status).toBe("stale");
    platform.advance(1_000);
    platform.socket.open();
    expect(helloTokens(platform)).toEqual(["token-0", "token-1"]);
    platform.socket.drop(4503);
    await settled();
    expect(client.state).toMatchObject({ status: "closed", code: 4503 });
    platform.advance(120_000);
    expect(platform.sockets).toHaveLength(2);
  });

  test("may be refreshed again once a server has taken it", async () => {
    const { platform, client } = startLive(tokens());
    for (let round = 0; round < 3; round++) {
      platform.socket.drop(4503);
      await settled();
      platform.advance(10_000);
      platform.socket.open();
      platform.socket.receive(welcome(), subscribed());
    }
    expect(client.state.status).toBe("live");
    expect(helloTokens(platform)).toEqual(["token-0", "token-1", "token-2", "token-3"]);
  });

  test("ends with the token where nobody gives another", () => {
    const { platform, client } = startLive({ token: "token-0" });
    platform.socket.receive(expired);
    platform.socket.drop(4503);
    expect(client.state).toMatchObject({ status: "closed", code: 4503 });
  });

  test("is for a refused token alone: who was replaced does not come back", async () => {
    const { platform, client } = startLive(tokens());
    platform.socket.drop(4501);
    await settled();
    platform.advance(120_000);
    expect(client.state).toMatchObject({ status: "closed", code: 4501 });
    expect(platform.sockets).toHaveLength(1);
  });
});

describe("GolazoClient and its attempts", () => {
  test("counts every connect of one instance, whatever ended the one before", () => {
    const { platform } = startLive();
    for (const code of [1006, 4014, 4008]) {
      platform.socket.drop(code);
      platform.advance(5_000);
      platform.socket.open();
    }
    const hellos = platform.sockets.flatMap(({ sent }) => sent.flatMap(({ hello }) => hello ?? []));
    expect(hellos.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    expect(new Set(hellos.map(({ instanceId }) => instanceId)).size).toBe(1);
  });
});
