import { expect, test } from "vitest";
import type { HttpRequest } from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import { seededRandom } from "../../runtime/random.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { secretKey } from "../auth/secret_key.ts";
import { tokenVerifier } from "../auth/token.ts";
import { TokenSigner } from "../auth/token_signer.ts";
import { eventsInto } from "../testing/test_gateway.ts";
import { TERMS } from "../testing/token_workshop.ts";
import { sessionRoutes } from "./session_routes.ts";

const SECRET = new TextEncoder().encode("a token secret of at least 32 bytes");

async function open(isDevelopment = true) {
  const clock = new SimulatedClock();
  const secret = await secretKey(SECRET);
  const signer = new TokenSigner({ secret, terms: TERMS, clock, random: seededRandom(1) });
  const events: string[] = [];
  const guests = isDevelopment ? signer : null;
  const [route] = sessionRoutes({ guests, clock, events: eventsInto(events) });
  return {
    clock,
    events,
    verify: tokenVerifier({ keys: secret, terms: TERMS, clock }),
    async ask(address = "203.0.113.9", before = "") {
      const headers = new Headers(before === "" ? {} : { authorization: `Bearer ${before}` });
      const reply = await route!.answer({ address, headers } as unknown as HttpRequest);
      return { ...reply, json: JSON.parse(String(reply.body)) };
    },
  };
}

test("a guest who comes back with the token of before is the same one, for a month", async () => {
  const { ask, clock } = await open();
  const { token, subject } = (await ask()).json;
  await clock.advance(limits.guestTokenMs + limits.guestReturnsMs - 2_000);
  expect((await ask(undefined, token)).json.subject).toBe(subject);
  await clock.advance(4_000);
  expect((await ask(undefined, token)).json.subject).not.toBe(subject);
  expect((await ask(undefined, `${token}x`)).json.subject).not.toBe(subject);
});

test("a guest is a fan for an hour, and another one each time", async () => {
  const { ask, verify, clock } = await open();
  const [first, second] = [await ask(), await ask()];
  expect(first.status).toBe(201);
  expect(first.headers).toMatchObject({ "cache-control": "no-store" });
  const { token, subject, expiresAt } = first.json;
  expect(subject).toMatch(/^guest-[0-9a-z]{16}$/);
  expect(second.json.subject).not.toBe(subject);
  expect(expiresAt).toBe(clock.now() + limits.guestTokenMs);
  expect(await verify(token)).toMatchObject({ subject, role: "fan", expiresAt });
  await clock.advance(limits.guestTokenMs + limits.tokenSkewMs);
  expect(await verify(token)).toEqual({ refused: "expired" });
});

test("in production there are no guests, and the answer says what to do", async () => {
  const { ask, events } = await open(false);
  const { status, headers, json } = await ask();
  expect(status).toBe(403);
  expect(headers).toMatchObject({ "content-type": "application/problem+json" });
  expect(json).toMatchObject({ code: "guestsNotOffered" });
  expect(json.detail).toMatch(/GOLAZO_TOKEN_SECRET.*GOLAZO_JWKS_URL/);
  expect(events).toEqual(["requestRefused http guestsNotOffered"]);
});

test("an address gets its share of guests, and a network of IPv6 is one address", async () => {
  const { ask, events, clock } = await open();
  for (let guest = 0; guest < limits.guestsBurstMax; guest++) {
    expect((await ask(`2001:db8:0:1::${guest.toString(16)}`)).status).toBe(201);
  }
  const refused = await ask("2001:db8:0:1:ffff::");
  expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
  expect(refused.json.code).toBe("tooManyGuests");
  expect(events).toEqual(["requestRefused http tooManyGuests"]);
  expect((await ask("2001:db8:0:2::1")).status).toBe(201);
  await clock.advance(1_000);
  expect((await ask("2001:db8:0:1::1")).status).toBe(201);
});
