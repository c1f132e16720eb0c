/**
 * How much one user may do in chats, at all gateways together, and one socket here.
 *
 * Counted in the shared store by time windows that all gateways see alike, and
 * in memory first, so that who is over the bound here costs the store nothing.
 * While the store has been silent for less than a second the memory alone
 * decides; from then on nobody may write here until it answers again: a gateway
 * that is cut off refuses chat, since it could bound nobody. Scores never wait
 * for any of this.
 */
import type { CellStore } from "../actors/ports/cell.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import { RateLimit } from "./auth/rate_limit.ts";

const MOST = {
  post: limits.chatPostsOfUserMax,
  react: limits.chatReactionsOfUserMax,
  act: limits.chatActionsOfUserMax,
  make: limits.chatRoomsOfUserMax,
  join: limits.chatInvitesOfUserMax,
} as const;
export type Allowed = keyof typeof MOST;

export interface AllowanceRefusal {
  code: "tooMany" | "storeAway";
  reason: string;
  retryAfterMs: number;
}

const SOURCE = { perSecond: limits.chatFramesPerSecondMax, burst: limits.chatFramesBurstMax };

export class ChatAllowance {
  readonly #cells: Pick<CellStore, "count">;
  readonly #clock: Clock;
  /** What this gateway's users did in the window, by kind and user. */
  readonly #here = new Map<string, number>();
  #window = 0;
  readonly #sources: RateLimit;
  /** By the monotonic clock, since when the store did not answer; null: it does. */
  #silentSince: number | null = null;
  /** Somebody is asking a silent store whether it is back. */
  #isTrying = false;

  constructor(cells: Pick<CellStore, "count">, clock: Clock) {
    this.#cells = cells;
    this.#clock = clock;
    this.#sources = new RateLimit(SOURCE, limits.chatUsersRememberedMax, clock);
  }

  /** Takes one of a socket's, or of who asks by HTTP; null: it may go on. */
  takeFrom(source: string): AllowanceRefusal | null {
    const retryAfterMs = this.#sources.take(source);
    const reason = `Cannot do this so often: needed ${SOURCE.perSecond} a second`;
    return retryAfterMs === 0 ? null : { code: "tooMany", reason, retryAfterMs };
  }

  /** Takes one of the user's; null: it may be done. */
  async take(user: string, what: Allowed): Promise<AllowanceRefusal | null> {
    if (this.#isClosed()) {
      void this.#count(user, what, 0);
      return away();
    }
    if (this.#countHere(user, what) > MOST[what]) return tooMany(what, this.#windowLeftMs());
    const counted = await this.#count(user, what, 1);
    if (counted === null) return this.#isClosed() ? away() : null;
    return counted <= MOST[what] ? null : tooMany(what, this.#windowLeftMs());
  }

  #countHere(user: string, what: Allowed): number {
    const window = this.#windowNow();
    if (window !== this.#window) this.#here.clear();
    this.#window = window;
    const key = `${what}/${user}`;
    const counted = (this.#here.get(key) ?? 0) + 1;
    if (this.#here.size >= limits.chatUsersRememberedMax && counted === 1) {
      this.#here.delete(this.#here.keys().next().value!);
    }
    this.#here.set(key, counted);
    return counted;
  }

  #isClosed(): boolean {
    return this.#silentSince !== null &&
      this.#clock.monotonic() - this.#silentSince >= limits.chatStoreSilentMsMax;
  }

  /** How many of the window; null where the store does not say so in time. */
  async #count(user: string, what: Allowed, by: number): Promise<number | null> {
    if (this.#isClosed() && this.#isTrying) return null;
    this.#isTrying = true;
    const key = `chat/${what}/${this.#windowNow()}/${user}`;
    const askedAt = this.#clock.monotonic();
    const { promise: silence, resolve } = Promise.withResolvers<null>();
    const timer = this.#clock.after(limits.chatStoreSilentMsMax, () => resolve(null));
    try {
      const counting = this.#cells.count(key, by, 2 * limits.chatWindowOfUserMs);
      const counted = await Promise.race([counting, silence]);
      if (counted !== null) this.#silentSince = null;
      else this.#silentSince ??= askedAt;
      return counted;
    } catch {
      this.#silentSince ??= askedAt;
      return null;
    } finally {
      timer.cancel();
      this.#isTrying = false;
    }
  }

  #windowNow(): number {
    return Math.floor(this.#clock.now() / limits.chatWindowOfUserMs);
  }

  #windowLeftMs(): number {
    const now = this.#clock.now();
    return limits.chatWindowOfUserMs - now % limits.chatWindowOfUserMs;
  }
}

function tooMany(what: Allowed, retryAfterMs: number): AllowanceRefusal {
  const within = `${MOST[what]} in ${limits.chatWindowOfUserMs / 1_000} s`;
  return { code: "tooMany", reason: `Cannot do this so often: needed ${within}`, retryAfterMs };
}

function away(): AllowanceRefusal {
  const reason = "Cannot take this now: a store is away, scores go on";
  return { code: "storeAway", reason, retryAfterMs: limits.busyRetryMs };
}
