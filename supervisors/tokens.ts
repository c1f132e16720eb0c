/**
 * Whose tokens this process believes, and what it signs itself.
 *
 * The keys are an issuer's (GOLAZO_JWKS_URL) or one secret that we share with
 * whoever signs people in (GOLAZO_TOKEN_SECRET). In development, where nothing
 * is set, the secret follows from the operator's token beside the data, so that
 * processes on one folder believe each other's guests and nobody else's.
 */
import { hkdfSync } from "node:crypto";
import { KeySet } from "../gateway/auth/key_set.ts";
import { rememberTokens } from "../gateway/auth/known_tokens.ts";
import type { VerifyToken } from "../gateway/auth/pass.ts";
import { RevocationBoard } from "../gateway/auth/revocation_board.ts";
import { type SecretKey, secretKey } from "../gateway/auth/secret_key.ts";
import { type TokenTerms, tokenVerifier } from "../gateway/auth/token.ts";
import { TokenSigner } from "../gateway/auth/token_signer.ts";
import { assert } from "../runtime/failure.ts";
import type { Config } from "./config.ts";
import type { HotStores } from "./stores.ts";
import type { Parts } from "./wiring.ts";

export interface Tokens {
  /** Of revoked tokens too. */
  verifyToken: VerifyToken;
  revocations: RevocationBoard;
  /** Null where tokens come from elsewhere. */
  signer: TokenSigner | null;
}

type TokenConfig = Pick<
  Config,
  | "mode"
  | "tokenSecret"
  | "jwksUrl"
  | "tokenIssuer"
  | "tokenAudience"
  | "tokenSubjectClaim"
  | "tokenRoleClaim"
>;

export interface TokenOptions {
  config: TokenConfig;
  /** Of the operator of a development server. */
  operatorToken: string | null;
  parts: Parts;
}

/** @throws {Failure} (retryable) where the stores are away. */
export async function openTokens(
  options: TokenOptions,
  { cells, broker }: Pick<HotStores, "cells" | "broker">,
): Promise<Tokens> {
  const { config, parts } = options;
  const { clock, events } = parts;
  const { jwksUrl: url } = config;
  const terms = termsOf(config);
  const secret = await secretOf(options);
  const keys = secret ?? new KeySet({ url: url!, clock, events });
  if (url !== null && (terms.issuer === null || terms.audience === null)) {
    events.warned(
      "Tokens of other applications and issuers with keys at GOLAZO_JWKS_URL are taken too: set " +
        "GOLAZO_TOKEN_ISSUER and GOLAZO_TOKEN_AUDIENCE",
    );
  }
  const check = tokenVerifier({ keys, terms, clock });
  // A secret's HMAC is as quick as looking it up.
  const verify = secret === null ? rememberTokens(check, clock) : check;
  const revocations = await RevocationBoard.open({ cells, broker, clock, events });
  return {
    revocations,
    signer: await tokenSigner(options),
    async verifyToken(token) {
      const verdict = await verify(token);
      if ("refused" in verdict) return verdict;
      return revocations.isRevoked(verdict) ? { refused: "revoked" } : verdict;
    },
  };
}

/** Null in production and where an issuer's keys are believed. */
export async function tokenSigner(options: TokenOptions): Promise<TokenSigner | null> {
  const { config, parts } = options;
  const secret = config.mode === "development" ? await secretOf(options) : null;
  return secret === null ? null : new TokenSigner({ secret, terms: termsOf(config), ...parts });
}

/** Null where keys are an issuer's. */
async function secretOf({ config, operatorToken }: TokenOptions): Promise<SecretKey | null> {
  if (config.jwksUrl !== null) return null;
  if (config.tokenSecret !== null) {
    return await secretKey(new TextEncoder().encode(config.tokenSecret));
  }
  assert(operatorToken !== null, "production has token keys");
  return await secretKey(new Uint8Array(hkdfSync("sha256", operatorToken, "", "tokens", 32)));
}

function termsOf(config: TokenConfig): TokenTerms {
  return {
    issuer: config.tokenIssuer,
    audience: config.tokenAudience,
    subjectClaim: config.tokenSubjectClaim,
    roleClaim: config.tokenRoleClaim,
  };
}
