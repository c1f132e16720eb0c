import { expect, test } from "vitest";
import type { Ban } from "../../actors/ports/ban_roll.ts";
import { closeCode } from "../../protocol/close_code.ts";
import { Fan } from "../testing/fan.ts";
import { openTestGateway, type TestGateway } from "../testing/test_gateway.ts";

async function openGateway() {
  const banned = new Map<string, Ban>();
  const listeners = new Set<() => void>();
  const gateway: TestGateway = await openTestGateway({
    verifyToken: (token) => Promise.resolve({ subject: token, role: "fan" }),
    bans: {
      isBanned: (user) => banned.get(user) ?? null,
      hear(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
  });
  return {
    ...gateway,
    listeners,
    ban(user: string, until: number) {
      banned.set(user, { until, reason: "why" });
      for (const listener of listeners) listener();
    },
    close: () => gateway[Symbol.asyncDispose](),
  };
}

test("a ban without end closes all sockets of the account, and no others", async () => {
  const { port, ban, events, close } = await openGateway();
  const [one, two, other] = await Promise.all(
    ["ana", "ana", "bea"].map((token) => Fan.enter(port, { token })),
  );
  const nobody = await Fan.enter(port);
  ban("ana", 0);
  expect([await one!.closed(), await two!.closed()]).toEqual([closeCode.banned, closeCode.banned]);
  expect([other!.closedWith, nobody.closedWith]).toEqual([null, null]);
  expect(events.filter((line) => line === "requestRefused socket banned")).toHaveLength(2);
  await close();
});

test("who is banned for good is not let in again", async () => {
  const { port, ban, close } = await openGateway();
  ban("ana", 0);
  const fan = await Fan.connect(port);
  fan.send({ hello: { token: "ana" } });
  expect(await fan.closed()).toBe(closeCode.banned);
  expect(fan.all("welcome")).toEqual([]);
  await close();
});

test("a ban that ends leaves its account the scores", async () => {
  const { port, ban, listeners, close } = await openGateway();
  const fan = await Fan.enter(port, { token: "ana" });
  ban("ana", 9e15);
  await Fan.enter(port, { token: "ana" });
  expect(fan.closedWith).toBeNull();
  await close();
  expect(listeners.size).toBe(0);
});
