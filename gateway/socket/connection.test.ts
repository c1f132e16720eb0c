import { describe, expect, test } from "vitest";
import { comesBack } from "../../protocol/close_code.ts";
import { encodeClientFrame } from "../../protocol/golazo_codec.ts";
import { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { Fan } from "../testing/fan.ts";
import { openTestGateway } from "../testing/test_gateway.ts";
import { until } from "../testing/until.ts";
import { ENCODINGS } from "./encoding.ts";

describe.each(ENCODINGS)("Connection in %s", (encoding) => {
  test("takes Hello and Subscribe in one flight and streams", async () => {
    await using gateway = await openTestGateway();
    const channel = gateway.source.match("arg-fra");
    channel.event();
    const fan = await Fan.connect(gateway.port, { encoding });
    fan.send({ hello: { deviceId: "phone", instanceId: "tab", attempt: 1 } });
    fan.send({ subscribe: { id: 5, channel: "match:arg-fra" } });
    const subscribed = await fan.next("subscribed");
    expect(subscribed).toMatchObject({ id: 5, number: 1, epoch: "e1", offset: 1 });
    expect(subscribed.match).toMatchObject({ id: "arg-fra", seq: 1 });
    channel.goal(1, 0);
    channel.possession(61);
    await until(() => fan.all("publication").length === 2, "both publications");
    expect(fan.names()).toBe("welcome subscribed publication publication");
    expect(fan.all("publication")[0]).toMatchObject({
      channel: 1,
      offset: 2,
      goal: { kind: "scored", home: 1, away: 0 },
    });
    expect(fan.all("publication")[1]!.possession).toEqual({ home: 61, away: 39 });
  });

  test("resumes where it was", async () => {
    await using gateway = await openTestGateway();
    const channel = gateway.source.match("arg-fra");
    for (let goal = 1; goal <= 3; goal++) channel.goal(goal, 0);
    const fan = await Fan.enter(gateway.port, {}, { encoding });
    const subscribed = await fan.watch("arg-fra", { epoch: "e1", offset: 1 });
    expect(subscribed.recovered).toBe(true);
    expect(subscribed.publications.map(({ goal }) => goal!.home)).toEqual([2, 3]);
  });

  test("is pinged, and let go with 4008 when it does not answer", async () => {
    await using gateway = await openTestGateway();
    const [good, ghost] = [
      await Fan.enter(gateway.port, {}, { encoding }),
      await Fan.enter(gateway.port, {}, { encoding }),
    ];
    await gateway.clock.advance(limits.pingEveryMs);
    const { nonce } = await good.next("ping");
    expect(nonce).toBeGreaterThan(0);
    good.send({ pong: { nonce } });
    good.send({ unsubscribe: { id: 1, channel: "match:x" } });
    await good.next("reply");
    await gateway.clock.advance(limits.pongMsMax);
    expect(await ghost.closed()).toBe(4008);
    expect(ghost.all("goodbye")).toEqual([{ reason: "no pong", retryAfterMs: 0, code: 4008 }]);
    expect(good.closedWith).toBe(null);
    expect(gateway.gateway.connections()).toBe(1);
  });
});

describe("Connection before Welcome", () => {
  test("without Hello is let go after 5 s, and may come back", async () => {
    await using gateway = await openTestGateway();
    const fan = await Fan.connect(gateway.port);
    await until(() => gateway.gateway.connections() === 1, "the socket");
    await gateway.clock.advance(limits.helloMsMax - 1_000);
    expect(fan.closedWith).toBe(null);
    await gateway.clock.advance(2_000);
    expect(comesBack(await fan.closed())).toBe(true);
    expect(fan.closedWith).toEqual({ code: 4008, reason: "no hello within 5000 ms" });
    expect(gateway.events).toContain("requestRefused socket noHello");
    expect(gateway.events).toContain("socketClosed 4008");
  });

  test("with another first frame is let go with 4505", async () => {
    await using gateway = await openTestGateway();
    const fan = await Fan.connect(gateway.port);
    fan.send({ subscribe: { channel: "match:arg-fra" } });
    expect(await fan.closed()).toBe(4505);
    expect(fan.frames).toEqual([]);
  });

  test("with a good token is somebody, with a bad one nobody: 4503", async () => {
    await using gateway = await openTestGateway();
    const fan = await Fan.connect(gateway.port);
    fan.send({ hello: { token: "good" } });
    expect(await fan.next("welcome")).toMatchObject({
      subject: "ana",
      role: "fan",
      serverTime: gateway.clock.now(),
      pingEveryMs: 25_000,
      pongWithinMs: 10_000,
      subscriptionsMax: 128,
    });
    const liar = await Fan.connect(gateway.port);
    liar.send({ hello: { token: "stolen" } });
    expect(await liar.closed()).toBe(4503);
    expect(liar.closedWith!.reason).toBe("expired");
    expect(liar.names()).toBe("");
  });

  test("comes back later where tokens cannot be checked: 4013", async () => {
    const verifyToken = () => Promise.reject(new Failure("keysAway", "no keys"));
    await using gateway = await openTestGateway({ verifyToken });
    const fan = await Fan.connect(gateway.port);
    fan.send({ hello: { token: "good" } });
    expect(await fan.closed()).toBe(4013);
    const { retryAfterMs } = fan.all("goodbye")[0]!;
    expect(retryAfterMs).toBeGreaterThan(limits.busyRetryMs / 2);
    expect(retryAfterMs).toBeLessThanOrEqual(limits.busyRetryMs);
    const anonymous = await Fan.enter(gateway.port);
    expect(anonymous.all("welcome")[0]).toMatchObject({ subject: "", role: "anonymous" });
  });

  test("frames wait for a slow token check in order, and not without end", async () => {
    const checks: (() => void)[] = [];
    const verifyToken = () =>
      new Promise<{ subject: string; role: "fan" }>((resolve) =>
        checks.push(() => resolve({ subject: "ana", role: "fan" }))
      );
    await using gateway = await openTestGateway({ verifyToken });
    gateway.source.match("arg-fra");
    const [fan, flood] = [await Fan.connect(gateway.port), await Fan.connect(gateway.port)];
    fan.send({ hello: { token: "t" } });
    fan.send({ subscribe: { id: 1, channel: "match:arg-fra" } });
    fan.send({ predict: { id: 2 } });
    flood.send({ hello: { token: "t" } });
    for (let id = 0; id <= limits.framesBeforeWelcomeMax; id++) flood.send({ react: { id } });
    expect(await flood.closed()).toBe(4505);
    expect(fan.frames).toEqual([]);
    for (const finish of checks) finish();
    await until(() => fan.frames.length === 3, "three answers");
    expect(fan.frames[0]!.welcome).toBeDefined();
    expect(flood.frames).toEqual([]);
  });

  test("an id past its length is refused: 4505", async () => {
    await using gateway = await openTestGateway();
    const fan = await Fan.connect(gateway.port);
    fan.send({ hello: { deviceId: "x".repeat(limits.clientIdCharsMax + 1) } });
    expect(await fan.closed()).toBe(4505);
  });
});

describe("Connection eviction", () => {
  test("4501 for the lower attempt of an instance", async () => {
    await using gateway = await openTestGateway();
    const hello = { deviceId: "phone", instanceId: "tab" };
    const first = await Fan.enter(gateway.port, { ...hello, attempt: 1 });
    const second = await Fan.enter(gateway.port, { ...hello, attempt: 2 });
    expect(await first.closed()).toBe(4501);
    const late = await Fan.connect(gateway.port);
    late.send({ hello: { ...hello, attempt: 1 } });
    expect(await late.closed()).toBe(4501);
    expect(second.closedWith).toBe(null);
    expect(first.all("goodbye")).toEqual([]);
  });

  test("4502 for the oldest of six instances", async () => {
    await using gateway = await openTestGateway();
    const fans: Fan[] = [];
    for (let tab = 1; tab <= 6; tab++) {
      fans.push(await Fan.enter(gateway.port, { deviceId: "phone", instanceId: `tab${tab}` }));
    }
    expect(await fans[0]!.closed()).toBe(4502);
    expect(fans.slice(1).every(({ closedWith }) => closedWith === null)).toBe(true);
  });
});

describe("Connection and frames that it does not understand", () => {
  test.each(
    [
      ["protobuf", Buffer.from([0x0a, 0xff]), /./],
      ["protobuf", Buffer.from([]), /found none/],
      ["protobuf", "text", /binary message/],
      ["json", "{", /needed JSON/],
      ["json", '{"helo":{}}', /Cannot read helo/],
      ["json", '{"subscribe":{"offset":-1}}', /Cannot read subscribe\.offset/],
      ["json", Buffer.from("{}"), /text message/],
    ] as const,
  )("in %s: names what was wrong with %j", async (encoding, message, reason) => {
    await using gateway = await openTestGateway();
    const fan = await Fan.enter(gateway.port, {}, { encoding });
    fan.socket.send(message);
    const reply = await fan.next("reply");
    expect(reply.code).toBe("malformed");
    expect(reply.reason).toMatch(reason);
    expect(fan.closedWith).toBe(null);
  });

  test("the third time is the last: 4505", async () => {
    await using gateway = await openTestGateway();
    const fan = await Fan.enter(gateway.port, {}, { encoding: "json" });
    fan.socket.send("one");
    fan.send({ hello: {} });
    fan.socket.send("three");
    expect(await fan.closed()).toBe(4505);
    expect(fan.all("reply").map(({ code }) => code)).toEqual(Array(3).fill("malformed"));
  });

  test("too large a message: 1009, too many fragments: 1008", async () => {
    await using gateway = await openTestGateway();
    const large = await Fan.enter(gateway.port);
    const text = "x".repeat(limits.framePayloadBytesMax);
    large.socket.send(encodeClientFrame({ chatSend: { text } }));
    expect(await large.closed()).toBe(1009);
    const torn = await Fan.enter(gateway.port);
    for (let piece = 0; piece <= limits.frameFragmentsMax; piece++) {
      torn.socket.send("x", { fin: false, binary: true });
    }
    expect(await torn.closed()).toBe(1008);
    await until(() => gateway.gateway.connections() === 0, "nobody left");
    expect(gateway.events).toContain("requestRefused socket WS_ERR_UNSUPPORTED_MESSAGE_LENGTH");
    expect(gateway.events.filter((line) => line === "socketClosed 1006")).toHaveLength(2);
  });
});

describe("Connection commands", () => {
  test.each(["predict", "chatSend", "react", "moderate"] as const)(
    "%s without a desk is not available",
    async (name) => {
      const moderator = { subject: "ana", role: "moderator" } as const;
      const verifyToken = () => Promise.resolve(moderator);
      await using gateway = await openTestGateway({ verifyToken });
      const fan = await Fan.enter(gateway.port, { token: "good" });
      fan.send({ [name]: { id: 8 } });
      expect(await fan.next("reply")).toMatchObject({ id: 8, code: "notAvailable" });
    },
  );

  test("go to their desk, whose failures are told without their inside", async () => {
    await using gateway = await openTestGateway({
      desks: {
        chatSend: ({ text }, { subject }) =>
          Promise.resolve({ code: "ok", reason: `${subject}: ${text}` }),
        react: () => Promise.reject(new Failure("roomAway", "asleep", { retryable: true })),
        predict: () => Promise.reject(new Error("password=hunter2")),
      },
    });
    const fan = await Fan.enter(gateway.port, { token: "good" });
    fan.send({ chatSend: { id: 1, text: "gol" } });
    fan.send({ react: { id: 2 } });
    fan.send({ predict: { id: 3 } });
    await until(() => fan.all("reply").length === 3, "three replies");
    const replies = fan.all("reply").sort((a, b) => a.id - b.id);
    expect(replies[0]).toMatchObject({ code: "ok", reason: "ana: gol" });
    expect(replies[1]).toMatchObject({ code: "roomAway", retryAfterMs: limits.busyRetryMs });
    expect(replies[2]!.code).toBe("internal");
    expect(replies[2]!.reason).not.toContain("hunter2");
  });
});
