/**
 * Who the fan is to the server, and where a token comes from.
 *
 * In production that is the app's own sign-in. In development the server gives
 * anybody a guest's token; a guest is kept between visits, so that a reload is
 * the same fan, and forgotten once the token has run out.
 */
import { Refusal, refusalOf } from "./refusal.ts";
import type { ClientPlatform } from "./client_platform.ts";

export interface FanToken {
  token: string;
  /** The token's subject: what boards call the fan. */
  user: string;
}

export interface TokenSource {
  /** Null where nobody has signed in. */
  load(): FanToken | null;
  /** A newer one. @throws {Refusal} where there is none; or as the platform does. */
  fetch(): Promise<FanToken>;
}

const KEY = "golazo.guest";
/** A token that runs out on the way is none. */
const SPARE_MS = 10_000;

interface GuestJson {
  token: string;
  subject: string;
  expiresAt: number;
}

export function guestTokens(platform: ClientPlatform): TokenSource {
  return {
    load() {
      const guest = readGuest(platform.load(KEY));
      return guest && guest.expiresAt - SPARE_MS > platform.now() ? fanOf(guest) : null;
    },
    async fetch() {
      // Also one that is over: the server knows the guest again by it.
      const token = readGuest(platform.load(KEY))?.token ?? "";
      const answer = await platform.request({ method: "POST", path: "/api/session", token });
      if (answer.status !== 201) throw refusalOf(answer);
      const guest = answer.value as GuestJson | null;
      if (typeof guest?.token !== "string") throw new Refusal("internal", "No token was given");
      platform.store(KEY, JSON.stringify(guest));
      return fanOf(guest);
    },
  };
}

function fanOf({ token, subject }: GuestJson): FanToken {
  return { token, user: subject };
}

function readGuest(text: string | null): GuestJson | null {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    // Not ours.
    return null;
  }
}
