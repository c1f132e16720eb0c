/**
 * A guest's token, in development: a newcomer predicts and chats without
 * setting up a sign-in first, and is known again by the token of before.
 *
 * In production tokens come from whoever knows the fans, and here is said what
 * to do; a server that gave everybody a token would have nobody to ban.
 */
import type { BusinessEvents } from "../../runtime/business_events.ts";
import type { Clock } from "../../runtime/clock.ts";
import { jsonReply, type Problem, problemReply, type Route } from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import { bearerToken } from "../auth/bearer.ts";
import { subscriberOf } from "../auth/client_address.ts";
import { RateLimit } from "../auth/rate_limit.ts";
import type { TokenSigner } from "../auth/token_signer.ts";

export interface SessionRoutePorts {
  /** Null where guests get no token. */
  guests: Pick<TokenSigner, "guest"> | null;
  clock: Clock;
  events: BusinessEvents;
}

const NO_GUESTS: Problem = {
  status: 403,
  code: "guestsNotOffered",
  detail: "Cannot give a guest a token: needed a server in development with a secret of its own, " +
    "found one whose tokens come from a sign-in; take yours (HS256 with GOLAZO_TOKEN_SECRET, or a " +
    "key of GOLAZO_JWKS_URL) to the server in Hello, or read without one",
};

export function sessionRoutes({ guests, clock, events }: SessionRoutePorts): Route[] {
  const rate = { perSecond: limits.guestsPerSecondMax, burst: limits.guestsBurstMax };
  const shares = new RateLimit(rate, limits.addressesKeptMax, clock);
  function refuse(problem: Problem) {
    events.requestRefused("http", problem.code);
    return problemReply(problem);
  }
  return [{
    method: "POST",
    path: "/api/session",
    async answer({ address, headers }) {
      if (guests === null) return refuse(NO_GUESTS);
      const retryAfterMs = shares.take(subscriberOf(address));
      if (retryAfterMs > 0) {
        const detail = "Cannot give another guest a token now: too many came from this address";
        return refuse({ status: 429, code: "tooManyGuests", detail, retryAfterMs });
      }
      const { token, subject, role, expiresAt } = await guests.guest(
        limits.guestTokenMs,
        bearerToken(headers),
      );
      return jsonReply({ token, subject, role, expiresAt }, 201, { "cache-control": "no-store" });
    },
  }];
}
