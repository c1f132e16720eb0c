import { describe, expect, test } from "vitest";
import { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import type { Revocable } from "../auth/revocation_list.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { Fan } from "../testing/fan.ts";
import { openTestGateway } from "../testing/test_gateway.ts";
import { until } from "../testing/until.ts";
import { Expiry, type TokenHolder } from "./expiry.ts";

const START = new SimulatedClock().now();
const MINUTE = 60_000;

/** A token is `subject role minutes`: until so many minutes after the start. */
async function openGateway() {
  const listeners = new Set<() => void>();
  let revoked: (pass: Revocable) => boolean = () => false;
  const opened = await openTestGateway({
    revocations: {
      isRevoked: (pass) => revoked(pass),
      hear: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    async verifyToken(token) {
      if (token.includes("slow")) await new Promise((resolve) => setImmediate(resolve));
      if (token === "away") throw new Failure("keysUnavailable", "away", { retryable: true });
      if (token === "bad") return { refused: "badSignature" };
      const [subject, role, minutes] = token.split(" ");
      const expiresAt = START + Number(minutes) * MINUTE;
      return { subject: subject!, role: role as "fan", expiresAt, tokenId: token };
    },
  });
  const revoke = (rule: typeof revoked) => {
    revoked = rule;
    for (const listener of listeners) listener();
  };
  return { ...opened, revoke, listeners };
}

const codes = (fan: Fan) => fan.all("reply").map(({ id, code }) => `${id} ${code}`);
async function settled(fan: Fan): Promise<void> {
  const seen = fan.all("reply").length;
  fan.send({ unsubscribe: { id: 99, channel: "match:x" } });
  await until(() => fan.closedWith ?? fan.all("reply")[seen], "an answer");
}

/** Time passes for who answers its pings. */
async function pass(clock: SimulatedClock, fan: Fan, ms: number): Promise<void> {
  for (let left = ms; left > 0 && fan.closedWith === null; left -= 5_000) {
    await clock.advance(Math.min(left, 5_000));
    await settled(fan);
    const nonce = fan.all("ping").at(-1)?.nonce;
    if (nonce !== undefined) fan.send({ pong: { nonce } });
  }
}

describe("Expiry", () => {
  test("tells who has to come with a newer token, and closes with 4503 who does not", async () => {
    await using gateway = await openGateway();
    const fan = await Fan.enter(gateway.port, { token: "ana fan 1" });
    await pass(gateway.clock, fan, MINUTE - 1_000);
    expect(codes(fan)).not.toContain("0 tokenExpired");
    const anonymous = await Fan.enter(gateway.port);
    await pass(gateway.clock, fan, 1_000);
    expect(codes(fan)).toContain("0 tokenExpired");
    await pass(gateway.clock, fan, limits.tokenSkewMs - 6_000);
    await pass(gateway.clock, anonymous, 5_000);
    expect(fan.closedWith).toBe(null);
    await pass(gateway.clock, anonymous, 1_000);
    await fan.closed();
    expect(fan.closedWith).toEqual({ code: 4503, reason: "expired" });
    expect(gateway.events).toContain("requestRefused socket expired");
    expect(anonymous.closedWith).toBe(null);
  });

  test("a newer token of the same subject goes on, and may change the role", async () => {
    await using gateway = await openGateway();
    const fan = await Fan.enter(gateway.port, { token: "ana feeder 1" });
    fan.send({ moderate: { id: 1 } });
    fan.send({ refresh: { id: 2, token: "ana moderator 3" } });
    await until(() => codes(fan).includes("2 ok"), "the refresh");
    fan.send({ moderate: { id: 3 } });
    await until(() => codes(fan).includes("3 notAvailable"), "the moderation");
    expect(codes(fan)).toContain("1 forbidden");
    await pass(gateway.clock, fan, 2 * MINUTE);
    expect(codes(fan)).not.toContain("0 tokenExpired");
    await pass(gateway.clock, fan, MINUTE);
    expect(codes(fan)).toContain("0 tokenExpired");
    fan.send({ refresh: { id: 4, token: "ana fan 9" } });
    await until(() => codes(fan).includes("4 ok"), "the second refresh");
    await pass(gateway.clock, fan, MINUTE);
    expect(fan.closedWith).toBe(null);
  });

  test("another subject's token, a bad one and none to be checked change nothing", async () => {
    await using gateway = await openGateway();
    const fan = await Fan.enter(gateway.port, { token: "ana fan 1" });
    const answer = async (id: number, token: string) => {
      fan.send({ refresh: { id, token } });
      return await until(() => fan.all("reply").find((reply) => reply.id === id), "an answer");
    };
    expect(await answer(1, "bea operator 9")).toMatchObject({
      code: "badToken",
      reason: "otherSubject",
    });
    expect(await answer(2, "bad")).toMatchObject({ code: "badToken", reason: "badSignature" });
    expect(await answer(3, "away")).toMatchObject({
      code: "keysUnavailable",
      retryAfterMs: limits.busyRetryMs,
    });
    expect(gateway.events).toContain("requestRefused socket otherSubject");
    await pass(gateway.clock, fan, MINUTE + limits.tokenSkewMs + 1_000);
    expect(await fan.closed()).toBe(4503);
  });

  test("nobody becomes somebody on the way", async () => {
    await using gateway = await openGateway();
    const anonymous = await Fan.enter(gateway.port);
    anonymous.send({ refresh: { id: 1, token: "ana fan 9" } });
    expect(await anonymous.next("reply")).toMatchObject({
      code: "badToken",
      reason: "otherSubject",
    });
  });

  test("one token at a time is checked for a socket, and the third bad one closes it", async () => {
    await using gateway = await openGateway();
    const liar = await Fan.enter(gateway.port, { token: "ana fan 1" });
    for (let id = 1; id <= limits.protocolErrorsMax; id++) {
      expect(liar.closedWith).toBe(null);
      liar.send({ refresh: { id, token: "bad" } });
      await until(() => liar.closedWith ?? liar.all("reply")[id - 1], "an answer");
    }
    expect(liar.closedWith).toEqual({ code: 4503, reason: "badSignature" });
    const checked = gateway.events.filter((line) => line === "requestRefused socket badSignature");
    expect(checked).toHaveLength(limits.protocolErrorsMax);

    const hasty = await Fan.enter(gateway.port, { token: "bea slow 1" });
    for (const id of [1, 2]) hasty.send({ refresh: { id, token: "bea slow 2" } });
    await until(() => hasty.all("reply").length === 2, "two answers");
    expect(codes(hasty)).toEqual(["2 tooSoon", "1 ok"]);
  });

  test("a revocation closes its sockets at once, and no other", async () => {
    await using gateway = await openGateway();
    const [ana, phone, bea] = await Promise.all(
      ["ana fan 1", "ana fan 2", "bea fan 1"].map((token) => Fan.enter(gateway.port, { token })),
    );
    gateway.revoke(({ tokenId }) => tokenId === "ana fan 2");
    await phone!.closed();
    expect(phone!.closedWith).toEqual({ code: 4503, reason: "revoked" });
    gateway.revoke(({ subject }) => subject === "ana");
    expect(await ana!.closed()).toBe(4503);
    await settled(bea!);
    expect(bea!.closedWith).toBe(null);
    const refused = gateway.events.filter((line) => line === "requestRefused socket revoked");
    expect(refused).toHaveLength(2);
  });

  test("what left is not waited for, and a gateway that stopped hears nothing", async () => {
    const gateway = await openGateway();
    const fan = await Fan.enter(gateway.port, { token: "ana fan 1" });
    fan.socket.close();
    await until(() => gateway.gateway.connections() === 0, "its end");
    await gateway.clock.advance(2 * MINUTE);
    expect(gateway.events.join()).not.toContain("expired");
    expect(gateway.listeners.size).toBe(1);
    await gateway[Symbol.asyncDispose]();
    expect(gateway.listeners.size).toBe(0);
  });

  test("a newer token for a socket that is gone keeps nothing", async () => {
    const clock = new SimulatedClock();
    const ana = { subject: "ana", role: "fan" as const, expiresAt: START + MINUTE };
    let answer = () => {};
    const verifyToken = () =>
      new Promise<typeof ana>((resolve) => (answer = () => resolve({ ...ana })));
    const expiry = new Expiry({ clock, events: silentEvents, verifyToken });
    const session = { ...ana, id: "s", deviceId: "", instanceId: "", attempt: 1, lite: false };
    const holder: TokenHolder = { session, tell: () => {}, close: () => {} };
    expiry.enter(holder);
    const refreshed = expiry.refresh({ id: 1, token: "newer" }, holder);
    expiry.leave(holder);
    answer();
    expect(await refreshed).toBe(null);
    expect(expiry.size).toBe(0);
    expiry.stop();
  });
});
