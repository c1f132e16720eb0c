/**
 * Tokens of our own: guests' in development, and those that a developer makes
 * to try a role.
 *
 * In production tokens come from whoever knows the fans; a signer is made only
 * where the key is a secret that is ours.
 */
import { SignJWT } from "jose/jwt/sign";
import { jwtVerify } from "jose/jwt/verify";
import type { Clock } from "../../runtime/clock.ts";
import { limits } from "../../runtime/limits.ts";
import { type Random, randomId } from "../../runtime/random.ts";
import type { Pass } from "./pass.ts";
import type { SecretKey } from "./secret_key.ts";
import type { TokenTerms } from "./token.ts";

export interface TokenSignerPorts {
  secret: SecretKey;
  terms: TokenTerms;
  clock: Clock;
  random: Random;
}

export interface SignedToken extends Required<Pass> {
  token: string;
}

const GUEST_PREFIX = "guest-";

export class TokenSigner {
  readonly #ports: TokenSignerPorts;

  constructor(ports: TokenSignerPorts) {
    this.#ports = ports;
  }

  async sign(subject: string, role: Pass["role"], lifeMs: number): Promise<SignedToken> {
    const { secret, terms, clock, random } = this.#ports;
    const issuedSecond = Math.floor(clock.now() / 1000);
    const lastSecond = issuedSecond + Math.round(lifeMs / 1000);
    const tokenId = randomId(random, 16);
    const claims = { [terms.subjectClaim]: subject, [terms.roleClaim]: role };
    const token = new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuedAt(issuedSecond)
      .setExpirationTime(lastSecond)
      .setJti(tokenId);
    if (terms.issuer !== null) token.setIssuer(terms.issuer);
    if (terms.audience !== null) token.setAudience(terms.audience);
    return {
      token: await token.sign(secret.key),
      ...{ subject, role, tokenId },
      issuedAt: issuedSecond * 1000,
      expiresAt: lastSecond * 1000,
    };
  }

  /** A fan whom nobody else is; who comes with a guest's token of ours is still the same one. */
  async guest(lifeMs: number, before = ""): Promise<SignedToken> {
    const subject = await this.#guestOf(before) ??
      GUEST_PREFIX + randomId(this.#ports.random, 16);
    return await this.sign(subject, "fan", lifeMs);
  }

  /** Null where it is no guest's token of ours, or one that was over too long ago. */
  async #guestOf(token: string): Promise<string | null> {
    if (token === "") return null;
    const { secret, terms, clock } = this.#ports;
    try {
      const { payload } = await jwtVerify(token, secret.key, {
        algorithms: ["HS256"],
        issuer: terms.issuer ?? undefined,
        audience: terms.audience ?? undefined,
        currentDate: new Date(clock.now()),
        clockTolerance: limits.guestReturnsMs / 1_000,
      });
      const subject = payload[terms.subjectClaim];
      return typeof subject === "string" && subject.startsWith(GUEST_PREFIX) ? subject : null;
    } catch {
      return null;
    }
  }
}
