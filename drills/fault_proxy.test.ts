import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FaultProxy } from "./fault_proxy.ts";
import { SeededRandom } from "./seeded_random.ts";
import { until } from "./until.ts";

/** One end of a connection and what it has seen. */
class End {
  text = "";
  closed: "no" | "closed" | "reset" = "no";
  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (bytes) => this.text += String(bytes));
    socket.on("error", (error: Error & { code?: string }) => {
      if (error.code === "ECONNRESET") this.closed = "reset";
    });
    socket.on("close", () => {
      if (this.closed === "no") this.closed = "closed";
    });
  }
}

let target: Server;
let proxy: FaultProxy;
let far: End[];
let near: End[];

beforeEach(async () => {
  far = [];
  near = [];
  target = createServer((socket) => void far.push(new End(socket)));
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  const { port } = target.address() as { port: number };
  proxy = await FaultProxy.start({ host: "127.0.0.1", port }, new SeededRandom(7));
});

afterEach(() => {
  for (const { socket } of [...near, ...far]) socket.destroy();
  proxy.stop();
  target.close();
});

async function dial(): Promise<End> {
  const end = new End(connect(proxy.port, "127.0.0.1"));
  near.push(end);
  await until("it is connected", () => !end.socket.connecting);
  return end;
}

async function dialThrough(): Promise<{ client: End; server: End }> {
  const before = far.length;
  const client = await dial();
  await until("the target has it", () => far.length > before);
  return { client, server: far[before]! };
}

describe("FaultProxy", () => {
  test("passes bytes and the end of a connection when nothing is wrong", async () => {
    const { client, server } = await dialThrough();
    client.socket.write("kick");
    server.socket.write("off");
    await until("both have heard", () => server.text === "kick" && client.text === "off");
    server.socket.end();
    await until("the client hears of the end", () => client.closed === "closed");
    expect(proxy.counts).toEqual({ latency: 0, stall: 0, reset: 0, halfOpen: 0, blackhole: 0 });
  });

  test("latency delays both ways and nothing overtakes, healed or not", async () => {
    const { client, server } = await dialThrough();
    proxy.inject({ kind: "latency", ms: 60, jitterMs: 60 });
    const sentAt = performance.now();
    for (let at = 0; at < 8; at++) {
      client.socket.write(`${at}`);
      await pause(4);
    }
    const early = server.text;
    // On a machine that is too busy the pauses take longer than the latency.
    if (performance.now() - sentAt < 60) expect(early).toBe("");
    await until("the target hears", () => server.text !== "");
    expect(performance.now() - sentAt).toBeGreaterThan(59);
    proxy.heal();
    client.socket.write("8");
    await until("the target has heard all", () => server.text.length === 9);
    expect(server.text).toBe("012345678");
    expect(proxy.counts.latency).toBeGreaterThan(0);
  });

  test("stall holds everything up, new connections too, and brings all of it when healed", async () => {
    const { client, server } = await dialThrough();
    proxy.inject({ kind: "stall" });
    client.socket.write("one");
    const second = await dialThrough();
    second.client.socket.end("two");
    await pause(50);
    expect([server.text, second.server.text, second.server.closed]).toEqual(["", "", "no"]);
    proxy.heal();
    await until("all of it has come", () => server.text === "one" && second.server.text === "two");
    await until("the end has come", () => second.server.closed === "closed");
    expect(server.closed).toBe("no");
    expect(proxy.counts.stall).toBe(2);
  });

  test("reset cuts a connection in mid-stream, by RST at both ends, until healed", async () => {
    const { client, server } = await dialThrough();
    proxy.inject({ kind: "reset", bytesMax: 1_000 });
    client.socket.write("x".repeat(100_000));
    await until("both are reset", () => client.closed === "reset" && server.closed === "reset");
    expect(server.text.length).toBeLessThanOrEqual(1_000);
    const next = await dialThrough();
    next.server.socket.write("y".repeat(100_000));
    await until("the next is reset as well", () => next.client.closed === "reset");
    proxy.heal();
    const last = await dialThrough();
    last.client.socket.write("z".repeat(100_000));
    await until("the last is whole", () => last.server.text.length === 100_000);
    expect(proxy.counts.reset).toBe(2);
  });

  test("halfOpen loses what both say for ever and lets new connections through", async () => {
    const { client, server } = await dialThrough();
    proxy.inject({ kind: "halfOpen" });
    client.socket.write("lost");
    server.socket.write("lost");
    const next = await dialThrough();
    next.client.socket.write("heard");
    await until("the next is heard", () => next.server.text === "heard");
    proxy.heal();
    client.socket.write("lost too");
    await until("it was lost", () => proxy.counts.halfOpen === 3);
    client.socket.destroy();
    await pause(20);
    expect([server.text, server.closed]).toEqual(["", "no"]);
  });

  test("blackhole takes new connections alone and answers nothing", async () => {
    const { client, server } = await dialThrough();
    proxy.inject({ kind: "blackhole" });
    const lost = await dial();
    lost.socket.write("hello?");
    client.socket.write("heard");
    await until("the old one is heard", () => server.text === "heard");
    proxy.heal();
    await dialThrough();
    expect([lost.text, lost.closed, far.length]).toEqual(["", "no", 2]);
    expect(proxy.counts.blackhole).toBe(1);
  });
});
