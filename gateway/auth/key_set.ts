/**
 * An issuer's public keys, from its JWKS (RFC 7517) address.
 *
 * They are kept: an issuer that is away stops nobody whose key is known, and
 * keys that grew old serve until newer ones are there. A key that nobody knows
 * is looked for once, and not again before a pause, so a flood of invented ones
 * costs the issuer one request in ten seconds. Who cannot be told apart from a
 * stranger because the issuer is away is sent away for a moment, not for good.
 */
import { createLocalJWKSet } from "jose/jwks/local";
import type { JSONWebKeySet, JWTVerifyGetKey } from "jose";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import type { Clock } from "../../runtime/clock.ts";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import type { KeySource } from "./token.ts";

export interface KeySetPorts {
  url: string;
  clock: Clock;
  events: BusinessEvents;
}

export class KeySet implements KeySource {
  readonly algorithms = ["RS256", "ES256", "EdDSA"];
  readonly #ports: KeySetPorts;
  #keys: JWTVerifyGetKey | null = null;
  #fetchedAt = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #underWay: Promise<void> | null = null;
  /** Of the last request; null where it was answered. */
  #failure: Failure | null = null;

  constructor(ports: KeySetPorts) {
    this.#ports = ports;
  }

  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (this.#keys === null) await this.#refresh();
    else if (this.#ageMs() > limits.keysAgeMsMax) this.#refresh().catch(() => {});
    try {
      return await this.#keys!(header, token);
    } catch (thrown) {
      if ((thrown as { code?: string }).code !== "ERR_JWKS_NO_MATCHING_KEY") throw thrown;
    }
    await this.#refresh();
    return await this.#keys!(header, token);
  };

  #ageMs(): number {
    return this.#ports.clock.monotonic() - this.#fetchedAt;
  }

  /** Within the pause: as the last request ended. @throws {Failure} `keysUnavailable`. */
  #refresh(): Promise<void> {
    if (this.#underWay !== null) return this.#underWay;
    const now = this.#ports.clock.monotonic();
    if (now < this.#askedAt + limits.keysPauseMs) {
      return this.#failure === null ? Promise.resolve() : Promise.reject(this.#failure);
    }
    this.#askedAt = now;
    this.#underWay = this.#ask().finally(() => (this.#underWay = null));
    return this.#underWay;
  }

  async #ask(): Promise<void> {
    const { clock, events } = this.#ports;
    try {
      this.#keys = createLocalJWKSet(await this.#fetch());
      this.#fetchedAt = clock.monotonic();
      this.#failure = null;
    } catch (cause) {
      const reason = `Cannot get the tokens' keys from GOLAZO_JWKS_URL: ${reasonOf(cause)}`;
      this.#failure = new Failure("keysUnavailable", reason, { retryable: true, cause });
      events.warned(reason);
      throw this.#failure;
    }
  }

  async #fetch(): Promise<JSONWebKeySet> {
    const given = new AbortController();
    const late = new Error(`no answer within ${limits.keysAnswerMsMax} ms`);
    const timer = this.#ports.clock.after(limits.keysAnswerMsMax, () => given.abort(late));
    try {
      // Where keys come from is a setting's word, not a redirect's.
      const reply = await fetch(this.#ports.url, { redirect: "error", signal: given.signal });
      if (reply.ok) return await reply.json();
      await reply.body?.cancel();
      throw new Error(`needed the status 200, found ${reply.status}`);
    } finally {
      timer.cancel();
    }
  }
}
