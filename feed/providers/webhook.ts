/**
 * Providers that post their facts: who they are and whether a request is
 * really theirs.
 *
 * A provider is one by having a secret; it may have two while one replaces the
 * other. Names that mean something of our own can never be a provider's.
 */
import { OPERATOR, OWNER } from "../../actors/match/match_event.ts";
import { Failure } from "../../runtime/failure.ts";
import type { RequestHeaders } from "../../runtime/http_route.ts";
import { checkSignature, type SignatureVerdict, webhookKey } from "../webhook_signature.ts";
import { REPLAY } from "../bundled_match.ts";

const RESERVED = [OWNER, OPERATOR, REPLAY];

export class WebhookProviders {
  readonly #keys = new Map<string, Uint8Array[]>();

  /**
   * @param secrets by provider, each `whsec_<base64>`
   * @throws {Failure} `webhookSecretInvalid`, `providerNameInvalid`
   */
  constructor(secrets: Record<string, string[]>) {
    for (const [provider, own] of Object.entries(secrets)) {
      if (!/^[a-z0-9-]{1,64}$/.test(provider) || RESERVED.includes(provider)) {
        throw new Failure(
          "providerNameInvalid",
          `Cannot take facts from a provider as its name must be 1 to 64 of a-z, 0-9 and -, ` +
            `and not ${RESERVED.join(", ")}: found ${JSON.stringify(provider)}`,
        );
      }
      this.#keys.set(provider, own.map(webhookKey));
    }
  }

  knows(provider: string): boolean {
    return this.#keys.has(provider);
  }

  /** @param now milliseconds since 1970 */
  check(
    provider: string,
    headers: RequestHeaders,
    body: Uint8Array,
    now: number,
  ): SignatureVerdict {
    return checkSignature(headers, body, this.#keys.get(provider) ?? [], now);
  }
}
