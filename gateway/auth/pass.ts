/**
 * Whom a token names, or why it names nobody.
 *
 * What is asked of a verifier and what it answers, apart from how it finds out,
 * so that sockets and routes know roles and refusals and nothing of tokens.
 */

export type Role = "anonymous" | "fan" | "moderator" | "operator" | "feeder";

/** What a good token says. */
export interface Pass {
  /** Empty: anonymous. */
  subject: string;
  role: Exclude<Role, "anonymous">;
  /** Milliseconds since 1970; absent: never. */
  expiresAt?: number;
  issuedAt?: number;
  /** Empty or absent: the token can only be revoked with all of its subject's. */
  tokenId?: string;
}

/** A word each, for clients and for counters. */
export type TokenRefusal =
  | "malformed"
  | "badAlgorithm"
  | "unknownKey"
  | "badSignature"
  | "foreignIssuer"
  | "wrongAudience"
  | "notYetValid"
  | "expired"
  | "revoked";

export type TokenVerdict = Pass | { refused: TokenRefusal };

/** @throws {Failure} (retryable) where it cannot be told now. */
export type VerifyToken = (token: string) => Promise<TokenVerdict>;
