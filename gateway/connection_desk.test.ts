import { describe, expect, test } from "vitest";
import type { HttpReply } from "../runtime/http_route.ts";
import { limits } from "../runtime/limits.ts";
import { connectionRoutes } from "./http/connection_routes.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { CloseLog } from "./socket/close_log.ts";
import type { Session } from "./socket/session.ts";
import { SocketRecord } from "./socket/socket_record.ts";
import { Fan } from "./testing/fan.ts";
import { openTestGateway, type TestGateway } from "./testing/test_gateway.ts";
import { until } from "./testing/until.ts";

function ask(gateway: TestGateway["gateway"] | null, path: string) {
  const url = new URL(path, "http://localhost");
  const route = connectionRoutes(() => gateway?.desk ?? null)
    .find((each) => each.path === url.pathname)!;
  const body = () => Promise.resolve(new Uint8Array());
  const request = { method: "GET", url, headers: new Headers(), address: "", params: {}, body };
  const reply = route.answer(request) as HttpReply;
  return { status: reply.status, ...JSON.parse(String(reply.body)) };
}

const hello = (instanceId: string, more = {}) => ({
  deviceId: "d1",
  instanceId,
  attempt: 1,
  ...more,
});

describe("GET /api/ops/connections", () => {
  test("tells of each socket of a device, and of nobody else's", async () => {
    await using test = await openTestGateway();
    const { gateway, port, clock, source } = test;
    const openedAt = clock.now();
    const channel = source.match("arg-fra");
    channel.goal();
    const fan = await Fan.enter(port, hello("tab", { token: "good", lite: true }));
    await Fan.enter(port, { deviceId: "d2", instanceId: "tab", attempt: 1 });
    await fan.watch("arg-fra");
    channel.goal(2, 0);
    channel.event("a card, which a lite socket is not given");
    await fan.next("publication");
    await clock.advance(limits.pingEveryMs);
    fan.send({ pong: await fan.next("ping") });
    await clock.advance(10);
    const asked = await until(() => {
      const found = ask(gateway, "/api/ops/connections?device=d1");
      return found.connections[0].lastPong === null ? undefined : found;
    }, "a pong");
    expect(asked.status).toBe(200);
    expect(asked.closed).toEqual([]);
    expect(asked.connections).toEqual([{
      session: expect.any(String),
      ...{ device: "d1", instance: "tab", subject: "ana", encoding: "protobuf" },
      ...{ lite: true, background: false, queueBytes: 0, since: openedAt },
      openLanes: ["goal", "moderation", "event", "rank", "chat", "stats"],
      ...{ lastPing: openedAt + limits.pingEveryMs, lastPong: expect.any(Number) },
      subscriptions: [{
        ...{ channel: "match:arg-fra", number: 1, lastOffset: 3, lanes: ["goal"] },
        ...{ skipped: 0, hole: null },
      }],
    }]);
    expect(ask(gateway, "/api/ops/connections?subject=ana")).toMatchObject({
      connections: asked.connections.map(({ session }: { session: string }) => ({ session })),
    });
    expect(ask(gateway, "/api/ops/connections?device=d1&subject=ben"))
      .toMatchObject({ connections: [], closed: [] });
  });

  test("tells what was left out, and from where", async () => {
    await using test = await openTestGateway();
    const { gateway, port, source } = test;
    const channel = source.match("arg-fra");
    const fan = await Fan.enter(port, hello("tab"));
    await fan.watch("arg-fra");
    fan.send({ attention: { background: true } });
    await until(
      () => ask(gateway, "/api/ops/connections?device=d1").connections[0].background,
      "a page in the background",
    );
    channel.event("one");
    channel.event("two");
    channel.goal();
    await fan.next("publication");
    const { connections: [line] } = ask(gateway, "/api/ops/connections?device=d1");
    expect(line).toMatchObject({
      openLanes: ["goal", "moderation"],
      subscriptions: [{ lastOffset: 3, skipped: 2, hole: { epoch: "e1", offset: 0 } }],
    });
  });

  test("tells how the device's sockets ended, newest first", async () => {
    await using test = await openTestGateway();
    const { gateway, port, clock } = test;
    const first = await Fan.enter(port, hello("tab"));
    await Fan.enter(port, hello("tab", { attempt: 2 }));
    await first.closed();
    const third = await Fan.enter(port, hello("other"));
    await clock.advance(500);
    third.socket.close(1000, "bye");
    const found = await until(() => {
      const asked = ask(gateway, "/api/ops/connections?device=d1");
      return asked.closed.length === 2 ? asked : undefined;
    }, "two ends");
    expect(found.connections).toHaveLength(1);
    expect(found.closed).toMatchObject([
      { device: "d1", subject: "", code: 1000, reason: "bye", at: clock.now() },
      { device: "d1", code: 4501, reason: "replaced" },
    ]);
  });

  test("needs somebody to look for, and a process that has sockets", async () => {
    await using test = await openTestGateway();
    expect(ask(test.gateway, "/api/ops/connections"))
      .toMatchObject({ status: 400, code: "queryMalformed" });
    expect(ask(test.gateway, "/api/ops/connections?device="))
      .toMatchObject({ status: 400, code: "queryMalformed" });
    expect(ask(null, "/api/ops/connections?device=d1"))
      .toMatchObject({ status: 404, code: "noGateway" });
  });
});

describe("GET /api/ops/channels", () => {
  test("counts members, the fullest rooms first", async () => {
    await using test = await openTestGateway();
    const { gateway, port, source } = test;
    for (const id of ["arg-fra", "cro-mar"]) source.match(id).goal();
    const fans = [await Fan.enter(port), await Fan.enter(port)];
    await fans[0]!.watch("arg-fra");
    for (const fan of fans) await fan.watch("cro-mar");
    source.channels.get("match:cro-mar")!.goal();
    expect(ask(gateway, "/api/ops/channels")).toEqual({
      status: 200,
      channels: [
        { channel: "match:cro-mar", members: 2, backlog: 0, epoch: "e1", offset: 2 },
        { channel: "match:arg-fra", members: 1, backlog: 0, epoch: "e1", offset: 1 },
      ],
    });
  });

  test("shows the twenty fullest", async () => {
    await using test = await openTestGateway();
    const fan = await Fan.enter(test.port);
    for (let id = 0; id < limits.channelsShownMax + 3; id++) {
      test.source.match(`m-${id}`);
      await fan.watch(`m-${id}`);
    }
    expect(ask(test.gateway, "/api/ops/channels").channels)
      .toHaveLength(limits.channelsShownMax);
  });
});

describe("SocketRecord", () => {
  test("keeps our reason where the client had no time for an answer", () => {
    const closes = new CloseLog();
    const record = new SocketRecord(new SimulatedClock(), closes);
    record.closing("slow");
    record.closed({ id: "s", deviceId: "d1", subject: "" } as Session, 4008, "");
    record.closed(null, 1006, "");
    expect(closes.of(() => true)).toMatchObject([{ code: 4008, reason: "slow" }]);
  });
});

describe("CloseLog", () => {
  test("keeps the last thousand and shows a hundred", () => {
    const log = new CloseLog();
    const session = { id: "s", deviceId: "d1", subject: "" } as Session;
    for (let at = 0; at < limits.closesKeptMax + 7; at++) {
      log.closed({ ...session, deviceId: at % 2 ? "odd" : "even" }, 4008, "slow", at);
    }
    const all: number[] = [];
    const shown = log.of(({ at }) => {
      all.push(at);
      return true;
    });
    expect([all.length, all[0], all.at(-1)]).toEqual([limits.closesKeptMax, 7, 1_006]);
    expect(shown.length).toBe(limits.closesShownMax);
    expect([shown[0]!.at, shown.at(-1)!.at]).toEqual([1_006, 907]);
    expect(log.of(({ device }) => device === "odd").every(({ at }) => at % 2 === 1)).toBe(true);
  });
});
