/**
 * Sessions end when their tokens do.
 *
 * One timer for all of them: each second the sockets are looked at whose second
 * it is. Who has a token that ran out is told, and has as long for a newer one
 * as clocks may differ; then its socket is closed with 4503. A token that is
 * revoked closes its sockets at once. Anonymous sockets are not kept here.
 */
import { closeCode } from "../../protocol/close_code.ts";
import type { Refresh, ReplyInit } from "../../protocol/golazo_codec.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import type { Clock, Timer } from "../../runtime/clock.ts";
import { limits } from "../../runtime/limits.ts";
import type { TokenRefusal, TokenVerdict, VerifyToken } from "../auth/pass.ts";
import type { Session } from "./session.ts";

const TICK_MS = 1_000;

type Refusal = TokenRefusal | "otherSubject";

/** A socket, as far as its token goes. */
export interface TokenHolder {
  readonly session: Session | null;
  tell(reply: ReplyInit): void;
  close(code: number, reason: string): void;
}

export interface ExpiryPorts {
  clock: Clock;
  events: BusinessEvents;
  verifyToken: VerifyToken;
}

interface Term {
  /** The second in which something is due; infinite: never. */
  second: number;
  isTold: boolean;
  /** A signature costs half a millisecond: one at a time, and few that are refused. */
  isChecking: boolean;
  refusals: number;
}

export class Expiry {
  readonly #ports: ExpiryPorts;
  readonly #terms = new Map<TokenHolder, Term>();
  /** By second, so that a turn compares a number for each of them and touches no other socket. */
  readonly #due = new Map<number, Set<TokenHolder>>();
  #timer: Timer;

  constructor(ports: ExpiryPorts) {
    this.#ports = ports;
    this.#timer = ports.clock.after(TICK_MS, () => this.#turn());
  }

  /** Sockets with a token. */
  get size(): number {
    return this.#terms.size;
  }

  /** Its session has begun. */
  enter(holder: TokenHolder): void {
    const { subject, expiresAt } = holder.session!;
    if (subject === "") return;
    const term = { second: 0, isTold: false, isChecking: false, refusals: 0 };
    this.#terms.set(holder, term);
    this.#set(holder, term, expiresAt);
  }

  leave(holder: TokenHolder): void {
    const term = this.#terms.get(holder);
    if (term === undefined) return;
    this.#terms.delete(holder);
    this.#unset(holder, term);
  }

  /** Null: there is nobody to answer any more. @throws {Failure} where it cannot be told now. */
  async refresh({ id, token }: Refresh, holder: TokenHolder): Promise<ReplyInit | null> {
    const term = this.#terms.get(holder);
    // Nobody becomes somebody on the way: that is a new Hello's.
    if (term === undefined) return this.#refuse(id, "otherSubject");
    if (term.isChecking) {
      return { id, code: "tooSoon", reason: "Another token is being checked for this socket" };
    }
    term.isChecking = true;
    let verdict: TokenVerdict;
    try {
      verdict = await this.#ports.verifyToken(token);
    } finally {
      term.isChecking = false;
    }
    if (!this.#terms.has(holder)) return null;
    const session = holder.session!;
    if ("refused" in verdict || verdict.subject !== session.subject) {
      const refused = "refused" in verdict ? verdict.refused : "otherSubject";
      term.refusals += 1;
      if (term.refusals < limits.protocolErrorsMax) return this.#refuse(id, refused);
      this.#close(holder, refused);
      return null;
    }
    const { role, expiresAt, issuedAt, tokenId } = verdict;
    Object.assign(session, { role, expiresAt, issuedAt, tokenId });
    term.isTold = false;
    this.#set(holder, term, expiresAt);
    return { id, code: "ok" };
  }

  /** A revocation is rare, and a look at 20,000 sockets takes a millisecond. */
  closeRevoked(isRevoked: (session: Session) => boolean): void {
    for (const holder of [...this.#terms.keys()]) {
      if (isRevoked(holder.session!)) this.#close(holder, "revoked");
    }
  }

  /** The same for accounts that are banned for good. */
  closeBanned(isOut: (session: Session) => boolean): void {
    for (const holder of [...this.#terms.keys()]) {
      if (!isOut(holder.session!)) continue;
      this.#ports.events.requestRefused("socket", "banned");
      holder.close(closeCode.banned, "banned");
    }
  }

  stop(): void {
    this.#timer.cancel();
  }

  #set(holder: TokenHolder, term: Term, at = Number.POSITIVE_INFINITY): void {
    this.#unset(holder, term);
    term.second = Math.ceil(at / TICK_MS);
    const others = this.#due.get(term.second);
    if (others === undefined) this.#due.set(term.second, new Set([holder]));
    else others.add(holder);
  }

  #unset(holder: TokenHolder, { second }: Term): void {
    const others = this.#due.get(second);
    if (others?.delete(holder) && others.size === 0) this.#due.delete(second);
  }

  #turn(): void {
    this.#timer = this.#ports.clock.after(TICK_MS, () => this.#turn());
    const now = this.#ports.clock.now() / TICK_MS;
    for (const [second, holders] of this.#due) {
      if (second > now) continue;
      for (const holder of [...holders]) this.#runOut(holder);
    }
  }

  #runOut(holder: TokenHolder): void {
    const term = this.#terms.get(holder);
    if (term === undefined) return;
    if (term.isTold) return this.#close(holder, "expired");
    term.isTold = true;
    // The same time for which a Hello with this token would still be taken.
    this.#set(holder, term, term.second * TICK_MS + limits.tokenSkewMs);
    const reason = `The token has expired: needed a refresh within ${limits.tokenSkewMs} ms`;
    holder.tell({ code: "tokenExpired", reason });
  }

  #refuse(id: number, refused: Refusal): ReplyInit {
    this.#ports.events.requestRefused("socket", refused);
    return { id, code: "badToken", reason: refused };
  }

  #close(holder: TokenHolder, reason: Refusal): void {
    this.#ports.events.requestRefused("socket", reason);
    holder.close(closeCode.badToken, reason);
  }
}
