import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { limits } from "../runtime/limits.ts";
import { checkSignature, signatureHeaders, webhookKey } from "./webhook_signature.ts";

/** The test vector of the specification's own libraries. */
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const SIGNED_AT = 1_614_265_330_000;
const BODY = '{"test": 2432232314}';
const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

const key = webhookKey(SECRET);
const otherKey = webhookKey(`whsec_${Buffer.alloc(32, 7).toString("base64")}`);
const body = new TextEncoder().encode(BODY);

function check(change: Record<string, string | null> = {}, now = SIGNED_AT, keys = [key]) {
  const headers = new Headers(signatureHeaders(key, ID, SIGNED_AT, body));
  for (const [name, value] of Object.entries(change)) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  return checkSignature(headers, body, keys, now);
}

test("signatureHeaders gives the specification's vector, for text and for bytes", () => {
  const expected = {
    "webhook-id": ID,
    "webhook-timestamp": "1614265330",
    "webhook-signature": SIGNATURE,
  };
  expect(signatureHeaders(key, ID, SIGNED_AT, BODY)).toEqual(expected);
  expect(signatureHeaders(key, ID, SIGNED_AT, body)).toEqual(expected);
});

describe("checkSignature", () => {
  test("takes the specification's vector", () => {
    expect(check({ "webhook-signature": SIGNATURE })).toBe("valid");
  });

  test("takes one right signature among others, whatever their version", () => {
    const wrong = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
    const others = `${wrong} ${wrong.replace("v1", "v2")}`;
    expect(check({ "webhook-signature": `${others} ${SIGNATURE} ${wrong}` })).toBe("valid");
    expect(check({ "webhook-signature": others })).toBe("wrong");
    expect(check({ "webhook-signature": SIGNATURE.replace("v1", "v2") })).toBe("malformed");
  });

  test("takes any of several keys, so that a secret can be changed", () => {
    expect(check({}, SIGNED_AT, [otherKey, key])).toBe("valid");
    expect(check({}, SIGNED_AT, [otherKey])).toBe("wrong");
    expect(check({}, SIGNED_AT, [])).toBe("wrong");
  });

  test.each(["webhook-id", "webhook-timestamp", "webhook-signature"])("misses %s", (name) => {
    expect(check({ [name]: null })).toBe("missing");
    expect(check({ [name]: "" })).toBe("missing");
  });

  test.each([
    ["webhook-timestamp", "hello"],
    ["webhook-timestamp", "-1614265330"],
    ["webhook-timestamp", "1614265330.5"],
    ["webhook-timestamp", "1e9"],
    ["webhook-signature", "v1,"],
    ["webhook-signature", SIGNATURE.slice(0, 8)],
    ["webhook-signature", SIGNATURE.slice(3)],
  ])("cannot read %s: %s", (name, value) => {
    expect(check({ [name]: value })).toBe("malformed");
  });

  test("allows five minutes either way and not a second more", () => {
    const age = limits.webhookAgeMsMax;
    expect(check({}, SIGNED_AT + age)).toBe("valid");
    expect(check({}, SIGNED_AT - age)).toBe("valid");
    expect(check({}, SIGNED_AT + age + 1)).toBe("tooOld");
    expect(check({}, SIGNED_AT - age - 1)).toBe("tooOld");
  });

  test("binds id, timestamp and every byte of the body", () => {
    expect(check({ "webhook-id": "msg_other" })).toBe("wrong");
    expect(check({ "webhook-timestamp": "1614265331" })).toBe("wrong");
    const headers = new Headers(signatureHeaders(key, ID, SIGNED_AT, body));
    const respaced = new TextEncoder().encode(BODY.replace(" ", ""));
    expect(checkSignature(headers, respaced, [key], SIGNED_AT)).toBe("wrong");
  });
});

describe("webhookKey", () => {
  test.each([
    ["", "no such text"],
    ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "no such text"],
    ["whsec_", "no such text"],
    ["whsec_not base64 at all, but long enough", "0 bytes"],
    ["whsec_c2hvcnQ=", "5 bytes"],
  ])("refuses %j", (secret, found) => {
    expect(() => webhookKey(secret)).toThrow(found);
  });

  test("does not repeat the secret", () => {
    expect(() => webhookKey("whsec_c2hvcnQ=")).not.toThrow(/c2hvcnQ/);
  });
});
