import { describe, expect, test } from "vitest";
import { limits } from "../runtime/limits.ts";
import { Fan } from "./testing/fan.ts";
import { openTestGateway } from "./testing/test_gateway.ts";
import { until } from "./testing/until.ts";

describe("Gateway over HTTP", () => {
  test("matches are cacheable for a second and known by their tag", async () => {
    await using gateway = await openTestGateway();
    for (const path of ["/api/matches", "/api/matches/arg-fra"]) {
      const url = gateway.gateway.address + path;
      const reply = await fetch(url);
      expect(reply.status).toBe(200);
      expect(reply.headers.get("cache-control"))
        .toBe("public, s-maxage=1, stale-while-revalidate=5");
      await reply.body!.cancel();
      const etag = reply.headers.get("etag")!;
      expect(etag).toMatch(/^"[\w-]+"$/);
      const again = await fetch(url, { headers: { "if-none-match": etag } });
      expect([again.status, await again.text()]).toEqual([304, ""]);
      expect(again.headers.get("etag")).toBe(etag);
    }
  });

  test("an unknown match is a problem: 404", async () => {
    await using gateway = await openTestGateway();
    const reply = await fetch(`${gateway.gateway.address}/api/matches/nope`);
    expect(reply.status).toBe(404);
    expect(reply.headers.get("content-type")).toBe("application/problem+json");
    expect((await reply.json()).code).toBe("unknownMatch");
  });

  test("serves other rooms' routes, says that it lives and that its page is not built", async () => {
    const routes = [{
      method: "POST" as const,
      path: "/api/feed/:provider",
      answer: ({ params }: { params: Record<string, string> }) => ({
        status: 200,
        body: params.provider!,
      }),
    }];
    await using gateway = await openTestGateway({ routes });
    const at = (path: string, method = "GET") => fetch(gateway.gateway.address + path, { method });
    expect(await (await at("/api/feed/replay", "POST")).text()).toBe("replay");
    expect(await (await at("/healthz")).json()).toEqual({ status: "ok" });
    const page = await at("/");
    expect([page.status, await page.text()]).toEqual([
      503,
      expect.stringContaining("deno task web"),
    ]);
    const nothing = await at("/api/nothing");
    expect([nothing.status, (await nothing.json()).code]).toEqual([404, "notFound"]);
  });
});

describe("Gateway under pressure", () => {
  test("closes who does not read with 4008 while others get everything", async () => {
    await using gateway = await openTestGateway();
    const channel = gateway.source.match("arg-fra");
    const fans = await Promise.all([1, 2, 3].map(() => Fan.enter(gateway.port)));
    for (const fan of fans) await fan.watch("arg-fra");
    const [slow, ...others] = fans;
    slow!.socket.pause();
    let sent = 0;
    while (sent < 500 && !gateway.events.includes("delivered goal 2")) {
      channel.state("x".repeat(60_000));
      sent++;
      await until(
        () => others.every((fan) => fan.all("publication").length === sent),
        `publication ${sent}`,
      );
    }
    channel.goal();
    sent++;
    await until(
      () => others.every((fan) => fan.all("publication").length === sent),
      "the goal at the others",
    );
    expect(slow!.closedWith).toBe(null);
    slow!.socket.resume();
    expect(await slow!.closed()).toBe(4008);
    expect(slow!.frames.at(-1)!.goodbye).toEqual({ reason: "slow", retryAfterMs: 0, code: 4008 });
    const missed = sent - slow!.all("publication").length;
    expect(missed).toBeGreaterThan(0);
    // What it did not get it finds when it comes back.
    const back = await Fan.enter(gateway.port);
    const offset = slow!.all("publication").at(-1)!.offset;
    const { recovered, publications } = await back.watch("arg-fra", { epoch: "e1", offset });
    expect([recovered, publications.length]).toEqual([true, missed]);
    expect(others.every(({ closedWith }) => closedWith === null)).toBe(true);
  });

  test("drops volatile publications first, then who stays stalled for 5 s", async () => {
    await using gateway = await openTestGateway();
    const channel = gateway.source.match("arg-fra");
    const fan = await Fan.enter(gateway.port);
    await fan.watch("arg-fra");
    fan.socket.pause();
    const skipped = () => countOf(gateway.events, "skipped stats ");
    const isSkipped = () => skipped() > 0;
    for (let sent = 0; sent < 1_000 && !isSkipped(); sent++) {
      channel.possession(50, 60_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(isSkipped()).toBe(true);
    // Nothing more is queued, however much comes.
    for (let more = 0; more < 20; more++) channel.possession(50, 60_000);
    await until(() => skipped() >= 21, "the rest to be skipped");
    await gateway.clock.advance(limits.queueStalledMsMax);
    expect(isGone(gateway.events)).toBe(false);
    await gateway.clock.advance(2_000);
    fan.socket.resume();
    expect(await fan.closed()).toBe(4008);
  });
});

/** What lines that begin so add up to. */
function countOf(events: string[], words: string): number {
  return events.filter((line) => line.startsWith(words))
    .reduce((sum, line) => sum + Number(line.slice(words.length)), 0);
}

function isGone(events: string[]): boolean {
  return events.some((line) => line.startsWith("socketClosed 4008"));
}

describe("Gateway.stop", () => {
  test("says Goodbye in slices, takes nobody new and closes upstream", async () => {
    await using gateway = await openTestGateway();
    const { clock, port } = gateway;
    const channel = gateway.source.match("arg-fra");
    const fans = await Promise.all(Array.from({ length: 10 }, () => Fan.enter(port)));
    for (const fan of fans) await fan.watch("arg-fra");
    const gone = () => fans.filter(({ closedWith }) => closedWith !== null).length;

    let isStopped = false;
    const stopped = gateway.gateway.stop(10_000).then(() => (isStopped = true));
    for (const told of [2, 4, 6, 8, 10]) {
      await until(() => gone() === told, `${told} told`);
      expect(gateway.gateway.connections()).toBe(10 - told);
      if (told === 4) {
        // Who is still here is still served.
        channel.goal();
        await until(
          () => fans.filter((fan) => fan.all("publication").length === 1).length === 6,
          "a goal",
        );
        await expect(fetch(`${gateway.gateway.address}/healthz`)).rejects.toThrow();
      }
      await clock.advance(1_500);
    }
    await stopped;
    expect(isStopped).toBe(true);
    for (const fan of fans) {
      expect(fan.closedWith).toEqual({ code: 4014, reason: "draining" });
      const goodbye = fan.all("goodbye")[0]!;
      expect(goodbye).toMatchObject({ reason: "draining", code: 4014 });
      expect(goodbye.retryAfterMs).toBeGreaterThan(0);
      expect(goodbye.retryAfterMs).toBeLessThanOrEqual(limits.drainRetryMsMax);
    }
    expect(channel.listeners.size).toBe(0);
  });

  test("cuts who does not go within the deadline", async () => {
    await using gateway = await openTestGateway();
    const fan = await Fan.enter(gateway.port);
    // Never answers the closing handshake.
    fan.socket.pause();
    const stopped = gateway.gateway.stop(1_000);
    await gateway.clock.advance(1_000);
    await stopped;
    // On Node a socket says so a turn after its listener did.
    await until(() => gateway.gateway.connections() === 0, "nobody is left");
  });
});
