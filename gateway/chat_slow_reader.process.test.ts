/**
 * A reader at 2 KB/s in a busy room, through real sockets: what a moderator
 * removes it must not hold a second later, however much waits for it.
 */
import { expect, test } from "vitest";
import { openSlowLine } from "../drills/slow_line.ts";
import { ChatHouse } from "./testing/chat_house.ts";
import { Fan } from "./testing/fan.ts";
import { until } from "./testing/until.ts";

const ROOM = "derby";
const BYTES_PER_SECOND = 2_048;

test("a second after a removal a slow reader holds no removed body", async () => {
  await using house = await ChatHouse.open({ isBounded: false });
  await house.rooms.open(ROOM, { matchId: "derby" });
  const line = await openSlowLine(`http://127.0.0.1:${house.gateway.port}`, BYTES_PER_SECOND);
  const fan = await Fan.enter(Number(new URL(line.address).port), { token: "ana:fan" });
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
  line.close();
}, 30_000);
