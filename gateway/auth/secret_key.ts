/**
 * One secret that signs and verifies: HS256, for whoever issues tokens on the
 * same premises.
 */
import type { KeySource } from "./token.ts";

export interface SecretKey extends KeySource {
  readonly key: CryptoKey;
}

/** `secret`: as many bytes as the hash has, 32, or more. */
export async function secretKey(secret: Uint8Array<ArrayBuffer>): Promise<SecretKey> {
  const hmac = { name: "HMAC", hash: "SHA-256" };
  // Imported once: from bytes `jose` would do it for every token.
  const key = await crypto.subtle.importKey("raw", secret, hmac, false, ["sign", "verify"]);
  return { algorithms: ["HS256"], key, find: () => key };
}
