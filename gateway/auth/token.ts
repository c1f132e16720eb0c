/**
 * From a token (JWT, RFC 7519) to a pass, by the rules of RFC 8725.
 *
 * The algorithms belong to the keys and never to the token, so neither `none`
 * nor a public key taken for a secret gets anywhere; keys in a token's header
 * are not looked at. A token has to say when it was issued and when it ends.
 * Time is the injected clock's. Neither a refusal nor a failure holds a token.
 */
import type { errors, JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from "jose";
import { jwtVerify } from "jose/jwt/verify";
import type { Clock } from "../../runtime/clock.ts";
import { limits } from "../../runtime/limits.ts";
import type { Pass, TokenRefusal, TokenVerdict, VerifyToken } from "./pass.ts";

export interface KeySource {
  readonly algorithms: readonly string[];
  /** @throws {Failure} (retryable) where the keys are away. */
  readonly find: JWTVerifyGetKey;
}

/** What tokens have to say here, and in which words. */
export interface TokenTerms {
  /** Null: any. */
  issuer: string | null;
  audience: string | null;
  subjectClaim: string;
  roleClaim: string;
}

export interface TokenVerifierPorts {
  keys: KeySource;
  terms: TokenTerms;
  clock: Clock;
}

/** OpenID Connect's: ASCII, and nothing that would break a line of a log. */
const NAME = new RegExp(`^[\\x20-\\x7e]{1,${limits.subjectCharsMax}}$`);
const ROLES: readonly string[] = [
  "fan",
  "moderator",
  "operator",
  "feeder",
] satisfies Pass["role"][];

export function tokenVerifier({ keys, terms, clock }: TokenVerifierPorts): VerifyToken {
  const rules: JWTVerifyOptions = {
    algorithms: [...keys.algorithms],
    requiredClaims: ["exp"],
    clockTolerance: limits.tokenSkewMs / 1000,
    maxTokenAge: limits.tokenAgeMsMax / 1000,
    ...(terms.issuer === null ? {} : { issuer: terms.issuer }),
    ...(terms.audience === null ? {} : { audience: terms.audience }),
  };
  return async (token) => {
    if (token.length > limits.tokenBytesMax) return { refused: "malformed" };
    try {
      const currentDate = new Date(clock.now());
      const { payload } = await jwtVerify(token, keys.find, { ...rules, currentDate });
      return passOf(payload, terms);
    } catch (thrown) {
      const refused = refusalOf(thrown as Partial<errors.JWTClaimValidationFailed>);
      if (refused === null) throw thrown;
      return { refused };
    }
  };
}

/** Of claims that are signed and in time. */
function passOf(claims: JWTPayload, terms: TokenTerms): TokenVerdict {
  const subject = claims[terms.subjectClaim];
  const tokenId = claims.jti ?? "";
  if (!isName(subject) || (tokenId !== "" && !isName(tokenId))) return { refused: "malformed" };
  const role = claims[terms.roleClaim];
  const issuedAt = claims.iat! * 1000;
  return {
    subject,
    // Whoever may sign in is a fan; more than that is said in our words or not at all.
    role: ROLES.includes(role as string) ? role as Pass["role"] : "fan",
    issuedAt,
    expiresAt: Math.min(claims.exp! * 1000, issuedAt + limits.tokenAgeMsMax),
    tokenId,
  };
}

function isName(claim: unknown): claim is string {
  return typeof claim === "string" && NAME.test(claim);
}

/** Null: no fault of the token's. */
function refusalOf({ code, claim, reason }: Partial<errors.JWTClaimValidationFailed>) {
  switch (code as string | undefined) {
    case "ERR_JOSE_ALG_NOT_ALLOWED":
      return "badAlgorithm";
    case "ERR_JWKS_NO_MATCHING_KEY":
    case "ERR_JWKS_MULTIPLE_MATCHING_KEYS":
      return "unknownKey";
    case "ERR_JWS_SIGNATURE_VERIFICATION_FAILED":
      return "badSignature";
    case "ERR_JWT_EXPIRED":
      return "expired";
    case "ERR_JWT_CLAIM_VALIDATION_FAILED":
      return claimRefusal(claim, reason);
    case "ERR_JWS_INVALID":
    case "ERR_JWT_INVALID":
    case "ERR_JOSE_NOT_SUPPORTED":
      return "malformed";
    default:
      return null;
  }
}

function claimRefusal(claim: string | undefined, reason: string | undefined): TokenRefusal {
  if (claim === "iss") return "foreignIssuer";
  if (claim === "aud") return "wrongAudience";
  // What is not there, or no number, is not early.
  return reason === "check_failed" ? "notYetValid" : "malformed";
}
