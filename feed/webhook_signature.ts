/**
 * Signatures of provider requests by the Standard Webhooks specification
 * (standardwebhooks.com): HMAC-SHA256 over `{id}.{timestamp}.{raw body}`.
 *
 * The raw bytes are what is signed, so this runs before anything parses them.
 * Several secrets may be valid at once, as may several signatures of one
 * request: that is how a secret is changed without a request being refused.
 */
import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { Failure } from "../runtime/failure.ts";
import type { RequestHeaders } from "../runtime/http_route.ts";
import { limits } from "../runtime/limits.ts";

export type SignatureVerdict =
  | "valid"
  /** A header is absent. */
  | "missing"
  /** A header is there and cannot be read. */
  | "malformed"
  /** Signed too long ago, or too far ahead. */
  | "tooOld"
  | "wrong";

/** 192 bits, the least that the specification allows. */
const KEY_BYTES_MIN = 24;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The key inside `whsec_<base64>`.
 * @throws {Failure} `webhookSecretInvalid`; the message does not repeat the secret.
 */
export function webhookKey(secret: string): Uint8Array {
  const encoded = secret.startsWith("whsec_") ? secret.slice("whsec_".length) : "";
  const key = BASE64.test(encoded) ? Buffer.from(encoded, "base64") : Buffer.alloc(0);
  if (key.length < KEY_BYTES_MIN) {
    throw new Failure(
      "webhookSecretInvalid",
      `Cannot use a webhook secret as it must be "whsec_" and base64 of at least ` +
        `${KEY_BYTES_MIN} bytes: found ${encoded === "" ? "no such text" : `${key.length} bytes`}`,
    );
  }
  return key;
}

/** @param now milliseconds since 1970 */
export function checkSignature(
  headers: RequestHeaders,
  body: Uint8Array,
  keys: Uint8Array[],
  now: number,
): SignatureVerdict {
  const id = headers.get("webhook-id");
  const timestamp = headers.get("webhook-timestamp");
  const signature = headers.get("webhook-signature");
  if (!id || !timestamp || !signature) return "missing";

  const given = signature.split(" ")
    .filter((part) => part.startsWith("v1,"))
    .map((part) => Buffer.from(part.slice("v1,".length), "base64"))
    .filter((digest) => digest.length === 32);
  if (!/^\d{1,12}$/.test(timestamp) || given.length === 0) return "malformed";
  if (Math.abs(now - Number(timestamp) * 1000) > limits.webhookAgeMsMax) return "tooOld";

  const isSigned = keys.some((key) => {
    const expected = digestOf(key, id, timestamp, body);
    return given.some((digest) => timingSafeEqual(digest, expected));
  });
  return isSigned ? "valid" : "wrong";
}

/** The headers of a signed request, for whoever plays a provider. */
export function signatureHeaders(
  key: Uint8Array,
  id: string,
  signedAt: number,
  body: Uint8Array | string,
): Record<string, string> {
  const timestamp = String(Math.floor(signedAt / 1000));
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${digestOf(key, id, timestamp, body).toString("base64")}`,
  };
}

function digestOf(
  key: Uint8Array,
  id: string,
  timestamp: string,
  body: Uint8Array | string,
): Buffer {
  return createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
}
