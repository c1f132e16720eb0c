/**
 * Tokens of fans and their moderators, made without the server's code: HS256 by RFC 7519.
 */
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";

const SECRET = "a secret of drills, long enough for HS256";
const LIFE_SECONDS = 3_600;

/** What makes a server believe them. */
export const tokenSettings = { GOLAZO_TOKEN_SECRET: SECRET };

export function fanToken(subject: string, role: "fan" | "moderator" | "operator" = "fan"): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { sub: subject, role, iat: now, exp: now + LIFE_SECONDS, jti: subject };
  const text = [{ alg: "HS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${text}.${createHmac("sha256", SECRET).update(text).digest("base64url")}`;
}
