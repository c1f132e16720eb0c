/**
 * A reader at 2 KB/s in a busy room, through real sockets: what a moderator
 * removes it must not hold a second later, however much waits for it.
 */
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { expect, test } from "vitest";
import { ChatHouse } from "./testing/chat_house.ts";
import { Fan } from "./testing/fan.ts";
import { until } from "./testing/until.ts";

const ROOM = "derby";
const BYTES_PER_SECOND = 2_048;
const EVERY_MS = 50;

/** In between, and reads from the gateway only what it may pass on. */
async function slowLine(port: number): Promise<{ server: Server; port: number }> {
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    near.on("data", (bytes) => far.write(bytes));
    far.pause();
    const timer = setInterval(() => {
      const most = BYTES_PER_SECOND * EVERY_MS / 1_000;
      const bytes = far.read(Math.min(most, far.readableLength)) ?? far.read(0);
      if (bytes !== null) near.write(bytes);
    }, EVERY_MS);
    const end = () => {
      clearInterval(timer);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on("close", end).on("error", end);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

test("a second after a removal a slow reader holds no removed body", async () => {
  await using house = await ChatHouse.open({ isBounded: false });
  await house.rooms.open(ROOM, { matchId: "derby" });
  const line = await slowLine(house.gateway.port);
  const fan = await Fan.enter(line.port, { token: "ana:fan" });
  /** As a client: what it was told, but for what it was told to forget. */
  const held = new Set<string>();
  const removedAt = new Map<string, number>();
  const { clock } = house.rooms;
  const isLate = (id: string) => clock.now() - (removedAt.get(id) ?? Infinity) > 1_000;
  let late = 0;
  let seen = 0;
  fan.socket.on("message", () => {
    const { ping, subscribed, publication } = fan.frames.at(-1)!;
    if (ping !== undefined) fan.send({ pong: { nonce: ping.nonce } });
    for (const one of subscribed?.publications ?? [publication]) {
      if (one?.chat !== undefined) {
        seen += 1;
        held.add(one.chat.id);
        if (isLate(one.chat.id)) late += 1;
      }
      if (one?.removal !== undefined) held.delete(one.removal.message);
    }
  });
  fan.send({ subscribe: { id: 1, channel: `chat:room:${ROOM}` } });
  await fan.next("subscribed");
  // Four a second of a kilobyte are in each sample: twice what the line carries.
  const text = "é".repeat(480);
  const rounds: string[][] = [];
  for (let round = 0; round < 28; round++) {
    const posted: string[] = [];
    rounds.push(posted);
    for (let post = 0; post < 5; post++) {
      posted.push(await house.said(ROOM, `w${round}-${post}:fan`, text));
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
    late += [...held].filter(isLate).length;
    // Those whose window is over: they are with whoever reads fast, or on their way.
    if (round % 3 !== 0) continue;
    for (const target of rounds[round - 3] ?? []) {
      await house.rooms.command(ROOM, {
        from: { user: "mo", role: "moderator" },
        wish: {
          ...{ kind: "moderate", clientId: house.clientId(), targetRole: "fan" },
          request: { kind: "delete", target, reason: "" },
        },
      });
      removedAt.set(target, clock.now());
    }
  }
  expect(late).toBe(0);
  // It did read, and was told of all that was removed.
  expect(seen).toBeGreaterThan(5);
  const told = () => fan.all("publication").filter(({ removal }) => removal !== undefined);
  await until(() => told().length === removedAt.size, "all removals", 10_000);
  expect(late).toBe(0);
  fan.socket.terminate();
  line.server.close();
}, 30_000);
