import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { ClusterGroup } from "./cluster_group.ts";
import { freePort, HaproxyProcess } from "./haproxy_process.ts";
import { opening } from "./opening.ts";
import { HANDSHAKE, RawSocket } from "./raw_socket.ts";
import { Subscriber } from "./subscriber.ts";
import { until } from "./until.ts";
import { WebhookSource } from "./webhook_source.ts";

const PAGE = "https://golazo.example";
const MATCH = "proxied";
const FANS = 12;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe("ops/haproxy.cfg", () => {
  test("fans of a gateway that drains, and of one that is killed, are at the other and miss nothing", async () => {
    const group = await ClusterGroup.start({
      ...WebhookSource.settings,
      GOLAZO_ORIGINS: PAGE,
      GOLAZO_TRUSTED_PROXIES: "127.0.0.1",
      GOLAZO_REPLAY_SPEED: "0",
    });
    ends.push(() => group.end());
    const gateways = group.of("gateway");
    // A place keeps its address: whoever comes back to it listens where the proxy looks.
    const proxy = await HaproxyProcess.start(gateways.map(({ server }) => server.address));
    ends.push(() => proxy.stop());

    const source = new WebhookSource(() => proxy.address);
    const told = await source.post(MATCH, opening());
    expect(told.map(({ answer }) => answer)).toEqual(["accepted", "accepted"]);
    const fans = Array.from({ length: FANS }, (_, at) =>
      new Subscriber({
        name: `fan-${at}`,
        address: () => proxy.address,
        channels: [`match:${MATCH}`],
      }));
    ends.push(() => fans.forEach((fan) => fan.close()));
    const allAreIn = () => fans.every((fan) => fan.isSubscribed);
    await until("all fans are in", allAreIn);
    const shares = await Promise.all(
      gateways.map(({ server }) => connectionsOf(server.adminAddress)),
    );
    expect(shares).toEqual([FANS / 2, FANS / 2]);

    let minute = 0;
    const goal = async () => {
      minute += 1;
      const fact = { id: `g${minute}`, revision: 1, occurredAt: Date.now(), type: "goal.scored" };
      const posted = source.post(MATCH, [{ ...fact, side: "home", method: "open", minute }], {
        resendForMs: 20_000,
      });
      const [answer] = await posted;
      expect(answer!.answer).toMatch(/accepted|duplicate/);
    };
    const allHave = (goals: number) => () => fans.every((fan) => goalsOf(fan).size === goals);
    await goal();
    await until("all have the first goal", allHave(1));

    // Going: its listener closes, its fans are told and go to the other.
    const drained = gateways[0]!.server.stop();
    await goal();
    await until("all have the goal of the farewell", allHave(2));
    expect((await drained).code).toBe(0);
    await until("all are at the other", async () => {
      return allAreIn() && await connectionsOf(gateways[1]!.server.adminAddress) === FANS;
    });
    expect(new Set(fans.flatMap((fan) => goodbyesOf(fan)))).toEqual(new Set([4014]));

    // Gone: nobody is told anything.
    await group.startAgain(gateways[0]!);
    await proxy.follow(gateways.map(({ server }) => server.address));
    await until("all came back through the new proxy", allAreIn);
    gateways[1]!.server.kill("SIGKILL");
    await goal();
    await until("all have the goal of the kill", () => allAreIn() && allHave(3)());
    await until(
      "all are at the one that is left",
      async () => await connectionsOf(gateways[0]!.server.adminAddress) === FANS,
    );
    for (const fan of fans) expect([...goalsOf(fan).values()]).toEqual([1, 1, 1]);
  });

  test("an upgrade, its refusal and a time to come back pass as they are; what a client claims does not", async () => {
    const heard: Record<string, string | string[] | undefined>[] = [];
    const gateway = createServer((_request, response) => response.end("ok"));
    gateway.on("upgrade", (request, stream) => {
      heard.push(request.headers);
      stream.on("error", () => {});
      stream.end(
        "HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\ncontent-length: 2\r\n" +
          "connection: close\r\n\r\nno",
      );
    });
    await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
    ends.push(() => gateway.close());
    const address = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
    const proxy = await HaproxyProcess.start([address, `http://127.0.0.1:${await freePort()}`]);
    ends.push(() => proxy.stop());
    const raw = await RawSocket.dial(proxy.port, { localAddress: "127.0.0.9" });
    raw.ask([
      "GET /ws HTTP/1.1",
      ...HANDSHAKE,
      "X-Forwarded-For: 198.51.100.1",
      "X-Forwarded-Proto: https",
      "Sec-WebSocket-Protocol: golazo.v1.json",
    ]);
    await until("the refusal passes", () => raw.body === "no");
    expect(raw.status).toBe(503);
    expect(raw.head).toMatch(/^retry-after: 2$/m);
    expect(heard[0]!["x-forwarded-for"]).toBe("127.0.0.9");
    expect(heard[0]!["x-forwarded-proto"]).toBe(undefined);
    expect(heard[0]!["sec-websocket-protocol"]).toBe("golazo.v1.json");
    raw.destroy();
  });
});

/** How often each goal was heard as a publication or in a snapshot's place, by home score. */
function goalsOf({ log }: Subscriber): Map<number, number> {
  const goals = new Map<number, number>();
  for (const { frame } of log) {
    const caughtUp = frame.subscribed?.publications ?? [];
    for (const { goal } of [frame.publication, ...caughtUp].filter((one) => one !== undefined)) {
      if (goal !== undefined) goals.set(goal.home, (goals.get(goal.home) ?? 0) + 1);
    }
  }
  return goals;
}

function goodbyesOf({ log }: Subscriber): number[] {
  return log.map(({ frame }) => frame.goodbye?.code).filter((code) => code !== undefined);
}

async function connectionsOf(adminAddress: string): Promise<number> {
  const text = await (await fetch(`${adminAddress}/metrics`)).text();
  return Number(/^golazo_connections (\d+)$/m.exec(text)?.[1]);
}
