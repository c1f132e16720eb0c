import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pause, systemClock } from "../../runtime/clock.ts";
import { jsonReply, type Route } from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import { clientAddress } from "../auth/client_address.ts";
import { forOperators } from "../auth/operator_token.ts";
import type { VerifyToken } from "../auth/pass.ts";
import { RawHttp } from "../testing/raw_http.ts";
import { eventsInto } from "../testing/test_gateway.ts";
import { until } from "../testing/until.ts";
import { healthRoutes, type ReadyCheck } from "./health_routes.ts";
import { operatorRoutes } from "./operator_routes.ts";
import { HttpServer } from "./server.ts";

const events: string[] = [];
let checks: ReadyCheck[] = [];
const replayed: string[] = [];

const verifyToken: VerifyToken = (token) =>
  Promise.resolve(
    token === "operator" || token === "moderator"
      ? { subject: "ana", role: token }
      : { refused: "expired" },
  );
const routes: Route[] = [
  {
    method: "POST",
    path: "/echo",
    async answer(request) {
      const body = await request.body(1_000);
      return jsonReply({ bytes: body.length, address: request.address });
    },
  },
  { method: "POST", path: "/deaf", answer: () => jsonReply({}) },
  { method: "GET", path: "/empty", answer: () => ({ status: 204 }) },
  ...healthRoutes({
    checks: () => Promise.resolve(checks),
    metrics: () => Promise.resolve({ contentType: "text/plain", text: "golazo_connections 3\n" }),
  }),
  ...forOperators(
    operatorRoutes({
      deadLetters: () =>
        Promise.resolve([{ id: "d1", actor: "match:arg-fra", reason: "bug", keptAt: 5 }]),
      replay: (id) => Promise.resolve(id === "d1" ? (replayed.push(id), "replayed") : "unknown"),
      parked: () => Promise.resolve([]),
      unpark: () => Promise.resolve("unparked"),
      owners: () => Promise.resolve([]),
      supervisors: () => Promise.resolve([]),
    }),
    { token: "s3cret", verifyToken },
  ),
];

const server = new HttpServer({
  routes,
  clientAddress: clientAddress(["127.0.0.1"]),
  clock: systemClock,
  events: eventsInto(events),
});
let port = 0;
let base = "";

beforeAll(async () => {
  port = await server.listen({ host: "127.0.0.1", port: 0, reusePort: false });
  base = `http://127.0.0.1:${port}`;
});
afterAll(() => server.stop(100));

describe("HttpServer", () => {
  test("sends a length and what a browser needs to be strict", async () => {
    const reply = await fetch(`${base}/healthz`);
    expect(await reply.json()).toEqual({ status: "ok" });
    expect(reply.headers.get("content-length")).toBe("15");
    expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
    expect(reply.headers.get("referrer-policy")).toBe("no-referrer");
    const policy = reply.headers.get("content-security-policy");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  test("answers HEAD with the length and no body, and keeps the connection", async () => {
    const raw = await RawHttp.connect(port);
    raw.send(["HEAD /healthz HTTP/1.1", "Host: x"]);
    raw.send(["GET /empty HTTP/1.1", "Host: x"]);
    await until(() => raw.received.includes("204 No Content"), "both replies");
    expect(raw.received).toContain("content-length: 15");
    expect(raw.received).not.toContain("ok");
    expect(raw.ended).toBe(false);
    raw.socket.destroy();
  });

  test("reads a body up to its bound", async () => {
    const reply = await fetch(`${base}/echo`, {
      method: "POST",
      body: "x".repeat(1_000),
      headers: { "x-forwarded-for": "198.51.100.1" },
    });
    expect(await reply.json()).toEqual({ bytes: 1_000, address: "198.51.100.1" });
  });

  test.each([
    ["announced", ["Content-Length: 1001"], "x"],
    ["chunked", ["Transfer-Encoding: chunked"], `800\r\n${"x".repeat(0x800)}\r\n`],
  ])("refuses a larger one, %s: 413", async (_name, headers, body) => {
    const raw = await RawHttp.connect(port);
    raw.send(["POST /echo HTTP/1.1", "Host: x", ...headers], body);
    expect(await raw.status()).toBe(413);
    await until(() => raw.received.includes("bodyTooLarge"), "the problem");
    raw.socket.end();
    await until(() => raw.ended, "the end of the connection");
  });

  test("who goes on sending and reads later finds why it was refused", async () => {
    const raw = await RawHttp.connect(port);
    const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`;
    raw.socket.pause();
    raw.send(["POST /echo HTTP/1.1", "Host: x", "Transfer-Encoding: chunked"]);
    for (let sent = 0; sent < 50; sent++) {
      raw.socket.write(chunk, "latin1");
      await pause(systemClock, 5);
    }
    raw.socket.resume();
    expect(await raw.status()).toBe(413);
    raw.socket.end();
  });

  test("who never stops sending is cut off", async () => {
    const raw = await RawHttp.connect(port);
    const size = 1024 * 1024;
    raw.send(["POST /echo HTTP/1.1", "Host: x", "Transfer-Encoding: chunked"]);
    let sent = 0;
    while (!raw.ended && sent < 4 * limits.httpUnreadBytesMax) {
      raw.socket.write(`${size.toString(16)}\r\n${"x".repeat(size)}\r\n`, "latin1");
      sent += size;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(raw.received).toContain("bodyTooLarge");
    expect(sent).toBeLessThan(4 * limits.httpUnreadBytesMax);
  });

  test("who stops in the middle is cut off in time", async () => {
    const raw = await RawHttp.connect(port);
    const beganAt = performance.now();
    raw.send(["POST /echo HTTP/1.1", "Host: x", "Content-Length: 5000"], "x");
    expect(await raw.status()).toBe(413);
    await until(() => raw.ended, "the end of the connection", 2 * limits.httpUnreadMsMax);
    expect(performance.now() - beganAt).toBeGreaterThan(limits.httpUnreadMsMax - 100);
  });

  test("does not take an unread body for the next request", async () => {
    const raw = await RawHttp.connect(port);
    const hidden = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
    raw.send(["POST /deaf HTTP/1.1", "Host: x", `Content-Length: ${hidden.length}`], hidden);
    await raw.status();
    raw.socket.end();
    await until(() => raw.ended, "the end of the connection");
    expect(raw.received).not.toContain("golazo_connections");
  });

  test("refuses a header past its size: 431", async () => {
    const raw = await RawHttp.connect(port);
    const padding = "x".repeat(limits.httpHeaderBytesMax);
    raw.send(["GET /healthz HTTP/1.1", "Host: x", `X-Padding: ${padding}`]);
    expect(await raw.status()).toBe(431);
  });

  test.each([
    ["a proxy's target", "GET http://elsewhere/ HTTP/1.1"],
    ["no path", "OPTIONS * HTTP/1.1"],
  ])("refuses %s: 400", async (_name, line) => {
    const raw = await RawHttp.connect(port);
    raw.send([line, "Host: x"]);
    expect(await raw.status()).toBe(400);
    raw.socket.destroy();
  });

  test("does not listen twice on one port", async () => {
    const second = new HttpServer({
      routes: [],
      clientAddress: clientAddress([]),
      clock: systemClock,
      events: eventsInto([]),
    });
    await expect(second.listen({ host: "127.0.0.1", port, reusePort: false }))
      .rejects.toMatchObject({ code: "cannotListen" });
  });

  test("shares a port with another listener where both want to", async () => {
    const servers = [1, 2].map(() =>
      new HttpServer({
        routes,
        clientAddress: clientAddress([]),
        clock: systemClock,
        events: eventsInto([]),
      })
    );
    const first = await servers[0]!.listen({ host: "127.0.0.1", port: 0, reusePort: true });
    const second = await servers[1]!.listen({ host: "127.0.0.1", port: first, reusePort: true });
    expect(second).toBe(first);
    for (const one of servers) await one.stop(100);
  });
});

describe("health and operator routes", () => {
  test.each([
    ["ok", 200, ["ok", "ok"]],
    ["degraded", 200, ["ok", "degraded"]],
    ["failed", 503, ["degraded", "failed"]],
  ])("readyz is %s: %i", async (status, code, states) => {
    checks = states.map((state) => ({ name: "sql", state: state as ReadyCheck["state"] }));
    const reply = await fetch(`${base}/readyz`);
    expect(reply.status).toBe(code);
    expect((await reply.json()).status).toBe(status);
  });

  test("metrics are told as they are", async () => {
    expect(await (await fetch(`${base}/metrics`)).text()).toBe("golazo_connections 3\n");
  });

  test.each([undefined, "Bearer wrong", "Bearer s3cret2", "Basic s3cret", "s3cret"])(
    "an operator's route is closed to %s: 401",
    async (authorization) => {
      const headers: Record<string, string> = authorization ? { authorization } : {};
      const reply = await fetch(`${base}/api/ops/dead-letters`, { headers });
      expect(reply.status).toBe(401);
      expect(reply.headers.get("www-authenticate")).toBe("Bearer");
      expect((await reply.json()).code).toBe("operatorTokenNeeded");
    },
  );

  test.each([
    ["operator", 204],
    ["moderator", 403],
    ["nobody", 401],
    ["null", 401],
  ])("where no token is set the role %s is answered %i", async (bearer, status) => {
    const empty = routes.filter(({ path }) => path === "/empty");
    const [route] = forOperators(empty, { token: null, verifyToken });
    const request = { headers: new Headers({ authorization: `Bearer ${bearer}` }) } as never;
    expect(await route!.answer(request)).toMatchObject({ status });
  });

  test("the operator lists and replays dead letters", async () => {
    const headers = { authorization: "Bearer s3cret" };
    const list = await fetch(`${base}/api/ops/dead-letters`, { headers });
    expect(await list.json()).toMatchObject({ deadLetters: [{ id: "d1", reason: "bug" }] });
    const post = (id: string) =>
      fetch(`${base}/api/ops/dead-letters/${id}/replay`, { method: "POST", headers });
    expect(await (await post("d1")).json()).toEqual({ id: "d1", outcome: "replayed" });
    expect(replayed).toEqual(["d1"]);
    const unknown = await post("d2");
    expect([unknown.status, (await unknown.json()).code]).toEqual([404, "unknownId"]);
  });
});
