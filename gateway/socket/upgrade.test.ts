import { describe, expect, test } from "vitest";
import { systemClock } from "../../runtime/clock.ts";
import { limits } from "../../runtime/limits.ts";
import { systemRandom } from "../../runtime/random.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { Admission } from "../admission.ts";
import { clientAddress, proxyRule } from "../auth/client_address.ts";
import { HttpServer } from "../http/server.ts";
import { Fan } from "../testing/fan.ts";
import { RawHttp } from "../testing/raw_http.ts";
import { eventsInto, openTestGateway } from "../testing/test_gateway.ts";
import { until } from "../testing/until.ts";
import { socketUpgrade } from "./upgrade.ts";

const HANDSHAKE = [
  "Host: golazo.example",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];
const PROTOBUF = "Sec-WebSocket-Protocol: golazo.v1.protobuf";

async function upgrade(port: number, headers: string[], path = "/ws"): Promise<RawHttp> {
  const raw = await RawHttp.connect(port);
  raw.send([`GET ${path} HTTP/1.1`, ...HANDSHAKE, ...headers]);
  return raw;
}

describe("socketUpgrade", () => {
  test.each(["protobuf", "json"] as const)("agrees on golazo.v1.%s", async (encoding) => {
    await using gateway = await openTestGateway();
    const fan = await Fan.connect(gateway.port, { encoding });
    expect(fan.socket.protocol).toBe(`golazo.v1.${encoding}`);
    expect(gateway.events).toEqual(["socketOpened"]);
    fan.socket.terminate();
  });

  test("ends a socket that was cut off without a look at the stack of its error", async () => {
    await using gateway = await openTestGateway();
    const raw = await upgrade(gateway.port, [PROTOBUF]);
    expect(await raw.status()).toBe(101);
    const looked: unknown[] = [];
    const { prepareStackTrace } = Error;
    Error.prepareStackTrace = (error) => void looked.push((error as NodeJS.ErrnoException).code);
    try {
      raw.socket.resetAndDestroy();
      await until(() => gateway.events.length > 1, "the end of the socket");
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
    expect(gateway.events).toEqual(["socketOpened", "socketClosed 1006"]);
    expect(looked).not.toContain("ECONNRESET");
  });

  test("takes ours among others, and no extension", async () => {
    await using gateway = await openTestGateway();
    const raw = await upgrade(gateway.port, [
      "Sec-WebSocket-Protocol: graphql-ws, golazo.v1.json",
      "Sec-WebSocket-Extensions: permessage-deflate",
    ]);
    expect(await raw.status()).toBe(101);
    expect(raw.received).toContain("Sec-WebSocket-Protocol: golazo.v1.json");
    expect(raw.received).not.toContain("Extensions");
    raw.socket.destroy();
  });

  test.each([
    ["no subprotocol", [], "/ws", 400, "subprotocolNeeded"],
    ["another subprotocol", ["Sec-WebSocket-Protocol: mqtt"], "/ws", 400, "subprotocolNeeded"],
    [
      "a later version",
      ["Sec-WebSocket-Protocol: golazo.v2.json"],
      "/ws",
      400,
      "subprotocolNeeded",
    ],
    ["another path", [PROTOBUF], "/socket", 404, "notFound"],
    ["another page", [PROTOBUF, "Origin: https://evil.test"], "/ws", 403, "originNotAllowed"],
  ])("refuses %s", async (_name, headers, path, status, code) => {
    await using gateway = await openTestGateway({ settings: { origins: ["https://app.example"] } });
    const raw = await upgrade(gateway.port, headers, path);
    expect(await raw.status()).toBe(status);
    await until(() => raw.ended, "the end of the connection");
    expect(raw.received).toContain(`"code":"${code}"`);
    if (status === 400) expect(raw.received).toContain("golazo.v1.protobuf or golazo.v1.json");
    expect(gateway.events).toEqual([`requestRefused socket ${code}`]);
    expect(gateway.gateway.connections()).toBe(0);
  });

  test("lets a listed page in", async () => {
    await using gateway = await openTestGateway({ settings: { origins: ["https://app.example"] } });
    const raw = await upgrade(gateway.port, [PROTOBUF, "Origin: https://app.example"]);
    expect(await raw.status()).toBe(101);
    raw.socket.destroy();
  });

  test("refuses what is no handshake of version 13", async () => {
    await using gateway = await openTestGateway();
    const raw = await RawHttp.connect(gateway.port);
    const old = HANDSHAKE.map((line) => line.replace("Version: 13", "Version: 7"));
    raw.send(["GET /ws HTTP/1.1", ...old, PROTOBUF]);
    expect(await raw.status()).toBe(426);
    expect(raw.received).toContain("sec-websocket-version: 13\r\n");
    expect((await fetch(`http://127.0.0.1:${gateway.port}/ws`)).status).toBe(426);
  });

  test("a proxy's clients have a share each, the proxy itself has none", async () => {
    const strain = { lagMs: () => 0, memoryBytes: () => 0 };
    const isProxy = proxyRule(["127.0.0.1"]);
    const admission = new Admission({
      clock: new SimulatedClock(),
      random: systemRandom,
      strain,
      isProxy,
    });
    const burst = limits.addressHandshakesBurstMax;
    for (let at = 0; at < burst; at++) admission.enter("198.51.100.7");
    for (let at = 0; at < burst - 2; at++) admission.enter("127.0.0.1");
    const accepted: string[] = [];
    const server = new HttpServer({
      routes: [],
      clientAddress: clientAddress([]),
      clock: systemClock,
      events: eventsInto([]),
      upgrade: socketUpgrade({
        admission,
        clientAddress: clientAddress(["127.0.0.1"]),
        originRule: () => true,
        events: eventsInto([]),
        accept({ subscriber, socket }) {
          accepted.push(subscriber);
          socket.terminate();
        },
      }),
    });
    const port = await server.listen({ host: "127.0.0.1", port: 0, reusePort: false });
    const status = async (...headers: string[]) =>
      await (await upgrade(port, [PROTOBUF, ...headers])).status();
    expect(await status("X-Forwarded-For: 198.51.100.7")).toBe(503);
    expect(await status("X-Forwarded-For: 198.51.100.7, 198.51.100.8")).toBe(101);
    expect(await status()).toBe(101);
    expect(accepted).toEqual(["198.51.100.8", "127.0.0.1"]);
    await server.stop(100);
  });

  test("says 503 and when to come back where there is no room", async () => {
    const events: string[] = [];
    const strain = { lagMs: () => 0, memoryBytes: () => 0 };
    const ports = { clock: new SimulatedClock(), random: systemRandom, strain };
    const admission = new Admission({ ...ports, isProxy: () => false });
    for (let at = 0; at < limits.addressHandshakesBurstMax; at++) admission.enter("127.0.0.1");
    const server = new HttpServer({
      routes: [],
      clientAddress: clientAddress([]),
      clock: systemClock,
      events: eventsInto(events),
      upgrade: socketUpgrade({
        admission,
        clientAddress: clientAddress([]),
        originRule: () => true,
        events: eventsInto(events),
        accept: () => expect.unreachable("nobody is let in"),
      }),
    });
    const port = await server.listen({ host: "127.0.0.1", port: 0, reusePort: false });
    const raw = await upgrade(port, [PROTOBUF]);
    expect(await raw.status()).toBe(503);
    await until(() => raw.ended, "the end of the connection");
    expect(raw.received).toContain("retry-after: 2\r\n");
    expect(raw.received).toContain('"code":"tooManyHandshakes"');
    expect(raw.received).toContain("x-content-type-options: nosniff");
    expect(events).toEqual(["requestRefused socket tooManyHandshakes"]);
    // A new address for every try is no new share.
    const forged = await upgrade(port, [PROTOBUF, "X-Forwarded-For: 198.51.100.7"]);
    expect(await forged.status()).toBe(503);
    await server.stop(100);
  });
});
