/**
 * Which tokens count no more, though they are signed and in time.
 *
 * Named by their id, by their subject, or by subject and the time before which
 * they were issued (signed out everywhere). Each is kept until a time after
 * which no token that it names can be valid.
 */
import type { Pass } from "./pass.ts";

export type Revocation =
  & (
    | { tokenId: string }
    /** Of every token, or of those issued before, milliseconds since 1970. */
    | { subject: string; issuedBefore?: number }
  )
  & { until: number };

/** What is asked about. */
export type Revocable = Partial<Pick<Pass, "subject" | "tokenId" | "issuedAt">>;

export interface Revocations {
  isRevoked(pass: Revocable): boolean;
  /** Told of every new one; the answer ends that. */
  hear(listener: () => void): () => void;
}

export class RevocationList {
  /** Until when, by a token's id. */
  readonly #tokens = new Map<string, number>();
  /** Until when, by subject and by the time of issue before which; infinite: whenever. */
  readonly #subjects = new Map<string, Map<number, number>>();

  /** @returns whether it says more than was known before. */
  add(revocation: Revocation): boolean {
    const { until } = revocation;
    if ("tokenId" in revocation) return prolong(this.#tokens, revocation.tokenId, until);
    const { subject, issuedBefore = Number.POSITIVE_INFINITY } = revocation;
    const terms = this.#subjects.get(subject) ?? new Map<number, number>();
    this.#subjects.set(subject, terms);
    return prolong(terms, issuedBefore, until);
  }

  /** Two look-ups where nothing is found: it is asked of every socket at every revocation. */
  isRevoked({ subject = "", tokenId = "", issuedAt = 0 }: Revocable, now: number): boolean {
    if ((this.#tokens.get(tokenId) ?? 0) > now) return true;
    for (const [issuedBefore, until] of this.#subjects.get(subject) ?? []) {
      if (until > now && issuedAt < issuedBefore) return true;
    }
    return false;
  }

  /** Those in force; the others are forgotten. */
  all(now: number): Revocation[] {
    const inForce: Revocation[] = [];
    for (const [tokenId, until] of this.#tokens) {
      if (until > now) inForce.push({ tokenId, until });
      else this.#tokens.delete(tokenId);
    }
    for (const [subject, terms] of this.#subjects) {
      for (const [issuedBefore, until] of terms) {
        const whose = issuedBefore < Number.POSITIVE_INFINITY
          ? { subject, issuedBefore }
          : { subject };
        if (until > now) inForce.push({ ...whose, until });
        else terms.delete(issuedBefore);
      }
      if (terms.size === 0) this.#subjects.delete(subject);
    }
    return inForce;
  }
}

function prolong<K>(terms: Map<K, number>, key: K, until: number): boolean {
  if ((terms.get(key) ?? 0) >= until) return false;
  terms.set(key, until);
  return true;
}

/** The same text for the same revocation, whoever writes it. */
export function revocationText(revocation: Revocation): string {
  const { until } = revocation;
  if ("tokenId" in revocation) return JSON.stringify({ tokenId: revocation.tokenId, until });
  const { subject, issuedBefore } = revocation;
  return JSON.stringify({ subject, issuedBefore, until });
}

/** What `revocationText` wrote; null for what it did not. */
export function readRevocation(text: string): Revocation | null {
  if (!text.startsWith("{")) return null;
  const { tokenId, subject, issuedBefore, until } = JSON.parse(text);
  if (tokenId !== undefined) return { tokenId, until };
  return { subject, ...(issuedBefore === undefined ? {} : { issuedBefore }), until };
}
