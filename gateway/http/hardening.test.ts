import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { RawHttp } from "../testing/raw_http.ts";
import { openTestGateway, type TestGatewayOptions } from "../testing/test_gateway.ts";
import { until } from "../testing/until.ts";

const PAGE = "https://app.example";
const production = { development: false, origins: [PAGE] };

/** The status and the headers of one request. */
async function ask(
  settings: TestGatewayOptions["settings"],
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
  more: TestGatewayOptions = {},
) {
  await using gateway = await openTestGateway({ ...more, settings });
  const reply = await fetch(gateway.gateway.address + path, { method, headers });
  return { status: reply.status, headers: reply.headers, text: await reply.text() };
}

describe("pages of other origins", () => {
  test("a listed page reads what it asks for, and caches keep it apart", async () => {
    const { status, headers } = await ask(production, "/api/matches", { origin: PAGE });
    expect(status).toBe(200);
    expect(headers.get("access-control-allow-origin")).toBe(PAGE);
    expect(headers.get("access-control-expose-headers")).toBe("etag, retry-after");
    expect(headers.get("access-control-allow-credentials")).toBe(null);
    expect(headers.get("vary")).toBe("accept-encoding, origin");
  });

  test("a foreign page reads nothing, nor does a page outside of /api", async () => {
    for (
      const [path, origin] of [
        ["/api/matches", "https://evil.test"],
        ["/api/matches", "https://app.example.evil.test"],
        ["/api/matches", "null"],
        ["/healthz", PAGE],
      ]
    ) {
      const { headers } = await ask(production, path!, { origin: origin! });
      expect(headers.get("access-control-allow-origin")).toBe(null);
    }
  });

  test("a listed page is told beforehand what it may send", async () => {
    const { status, headers } = await ask(production, "/api/matches", {
      "origin": PAGE,
      "access-control-request-method": "GET",
      "access-control-request-headers": "authorization",
    }, "OPTIONS");
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-methods")).toBe("GET, HEAD");
    expect(headers.get("access-control-allow-headers")).toBe("authorization, content-type");
    expect(headers.get("access-control-max-age")).toBe(String(limits.corsPreflightSeconds));
  });

  test("a foreign page is told nothing beforehand", async () => {
    const asked = { "origin": "https://evil.test", "access-control-request-method": "GET" };
    const { headers } = await ask(production, "/api/matches", asked, "OPTIONS");
    expect(headers.get("access-control-allow-methods")).toBe(null);
    expect((await ask(production, "/api/nowhere", asked, "OPTIONS")).status).toBe(404);
  });

  test("an error is readable too", async () => {
    const { status, headers } = await ask(production, "/api/matches/nope", { origin: PAGE });
    expect([status, headers.get("access-control-allow-origin")]).toEqual([404, PAGE]);
  });
});

describe("strict transport", () => {
  const https = { "x-forwarded-proto": "https" };
  test.each([
    ["in production behind a proxy that speaks https", ["127.0.0.1"], https, false, true],
    ["not over http", ["127.0.0.1"], {}, false, false],
    ["not where anybody says so", [], https, false, false],
    ["not in development", ["127.0.0.1"], https, true, false],
  ])("%s", async (_name, trustedProxies, headers, development, isStrict) => {
    const settings = { trustedProxies, development, origins: [PAGE] };
    const reply = await ask(settings, "/healthz", headers as Record<string, string>);
    expect(reply.headers.has("strict-transport-security")).toBe(isStrict);
  });
});

describe("/api/connect-info", () => {
  test("says where sockets are opened, and is kept by nobody", async () => {
    const { headers, text } = await ask({ trustedProxies: ["127.0.0.1"] }, "/api/connect-info", {
      "host": "golazo.example",
      "x-forwarded-proto": "https",
    });
    expect(JSON.parse(text)[0]).toMatchObject({ region: "default" });
    expect(JSON.parse(text)[0].url).toMatch(/^wss:\/\/[\w.:]+\/ws$/);
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("says when to come back where there is no room", async () => {
    const strain = { lagMs: () => limits.admissionLagMsMax + 1, memoryBytes: () => 0 };
    const { status, headers, text } = await ask({}, "/api/connect-info", {}, "GET", { strain });
    expect([status, headers.get("retry-after")]).toEqual([503, "2"]);
    const { code, retryAfterMs } = JSON.parse(text);
    expect(code).toBe("busy");
    expect(retryAfterMs).toBeGreaterThan(limits.busyRetryMs / 2);
    expect(headers.get("cache-control")).toBe("no-store");
  });
});

describe("a request that is none", () => {
  test.each([
    ["garbage", "GARBAGE\r\n\r\n", 400, "malformedRequest"],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "malformedRequest"],
    [
      "a smuggled body",
      "POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
      400,
      "malformedRequest",
    ],
    [
      "headers past their size",
      `GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ${"x".repeat(limits.httpHeaderBytesMax)}\r\n\r\n`,
      431,
      "headersTooLarge",
    ],
    [
      "headers past their number",
      `GET /healthz HTTP/1.1\r\nHost: x\r\n${"a:b\r\n".repeat(limits.httpHeadersMax)}\r\n`,
      431,
      "headersTooLarge",
    ],
  ])("%s is refused and counted", async (_name, bytes, status, code) => {
    await using gateway = await openTestGateway();
    const raw = await RawHttp.connect(gateway.port);
    raw.socket.write(bytes);
    expect(await raw.status()).toBe(status);
    await until(() => raw.received.includes(code), "the problem");
    expect(gateway.events).toEqual([`requestRefused http ${code}`]);
    raw.socket.destroy();
  });

  test("a peer that hangs up is not counted", async () => {
    await using gateway = await openTestGateway();
    const socket = connect(gateway.port, "127.0.0.1");
    socket.write("GET /healthz HT");
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.resetAndDestroy();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(gateway.events).toEqual([]);
  });
});
