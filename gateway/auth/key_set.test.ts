import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { eventsInto } from "../testing/test_gateway.ts";
import { TERMS, TokenWorkshop } from "../testing/token_workshop.ts";
import { until } from "../testing/until.ts";
import { KeySet } from "./key_set.ts";
import { tokenVerifier } from "./token.ts";

let clock: SimulatedClock;
let events: string[];
let workshop: TokenWorkshop;
let keys: TokenWorkshop["published"];
beforeAll(async () => {
  workshop = await TokenWorkshop.open(new SimulatedClock().now());
  keys = workshop.published;
});
beforeEach(() => {
  clock = new SimulatedClock();
  events = [];
  Object.assign(workshop, { asked: 0, status: 200, isSilent: false, published: [...keys] });
});
afterAll(() => workshop.close());

function openVerifier(url = workshop.url) {
  const keys = new KeySet({ url, clock, events: eventsInto(events) });
  const verify = tokenVerifier({ keys, terms: TERMS, clock });
  return async (kid: string) => await verify(await workshop.token({ kid }));
}

const away = { code: "keysUnavailable", retryable: true };

test("KeySet asks once however many come, and then no more", async () => {
  const verify = openVerifier();
  await Promise.all([verify("ES256"), verify("RS256"), verify("EdDSA"), verify("ES256")]);
  expect(await verify("RS256")).toMatchObject({ subject: "ana" });
  expect(workshop.asked).toBe(1);
});

test("KeySet looks for an unknown key at once, and for the next one after a pause", async () => {
  const verify = openVerifier();
  await verify("ES256");
  await workshop.publish("next", "ES256");
  expect(await verify("next")).toEqual({ refused: "unknownKey" });
  expect(workshop.asked).toBe(1);
  await clock.advance(limits.keysPauseMs);
  expect(await verify("next")).toMatchObject({ subject: "ana" });
  expect(workshop.asked).toBe(2);
});

test("a flood of unknown keys is one request a pause", async () => {
  const verify = openVerifier();
  await workshop.make("mine", "ES256");
  for (let round = 0; round < 3; round++) {
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => verify("mine")));
    expect(verdicts).toEqual(Array(20).fill({ refused: "unknownKey" }));
    await clock.advance(limits.keysPauseMs);
  }
  expect(workshop.asked).toBe(3);
});

test("an issuer that is away is no reason to send anybody away for good", async () => {
  const verify = openVerifier();
  workshop.status = 503;
  await expect(verify("ES256")).rejects.toMatchObject(away);
  await expect(verify("ES256")).rejects.toMatchObject(away);
  expect(workshop.asked).toBe(1);
  expect(events).toEqual([
    "warned Cannot get the tokens' keys from GOLAZO_JWKS_URL: needed the status 200, found 503",
  ]);
  workshop.status = 200;
  await clock.advance(limits.keysPauseMs);
  expect(await verify("ES256")).toMatchObject({ subject: "ana" });
});

test("known keys go on while the issuer is away, also when they are old", async () => {
  const verify = openVerifier();
  await verify("ES256");
  workshop.status = 500;
  await workshop.publish("next", "ES256");
  await clock.advance(limits.keysAgeMsMax + 1);
  expect(await verify("ES256")).toMatchObject({ subject: "ana" });
  await until(() => events.length === 1, "a warning");
  await expect(verify("next")).rejects.toMatchObject(away);
  expect(await verify("RS256")).toMatchObject({ subject: "ana" });
});

test("a key that was taken back counts no more once the keys are read again", async () => {
  const verify = openVerifier();
  await verify("ES256");
  workshop.published = workshop.published.filter(({ kid }) => kid !== "ES256");
  await clock.advance(limits.keysAgeMsMax + 1);
  await verify("RS256");
  let verdict: unknown;
  // The second look is nobody's to wait for.
  for (let look = 0; look < 1_000; look++) {
    verdict = await verify("ES256");
    if ("refused" in (verdict as object)) break;
  }
  expect(verdict).toEqual({ refused: "unknownKey" });
  expect(workshop.asked).toBe(2);
});

test("nobody waits longer for an issuer than for an answer", async () => {
  const verify = openVerifier();
  workshop.isSilent = true;
  const waiting = verify("ES256").then(() => "answered", (failure) => failure.message);
  await until(() => workshop.asked === 1, "a request");
  await clock.advance(limits.keysAnswerMsMax);
  expect(await waiting).toMatch(/no answer within 5000 ms/);
});

test("an issuer that nobody is, is away", async () => {
  await expect(openVerifier("http://127.0.0.1:1/jwks")("ES256")).rejects.toMatchObject(away);
});

test("no keys, or keys that are none, are an issuer that is away", async () => {
  workshop.published = "nonsense" as never;
  await expect(openVerifier()("ES256")).rejects.toMatchObject(away);
});
