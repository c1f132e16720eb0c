/**
 * A moderator's session: the token of this tab, and what speaks with it.
 *
 * The token stays in sessionStorage, which goes with the tab: a console left open
 * on a shared machine is closed by closing it.
 */
import { browserPlatform, GolazoClient } from "../sdk/mod.ts";
import type { ClientPlatform } from "../sdk/mod.ts";
import { Refusal } from "../sdk/refusal.ts";
import { Acts } from "./acts.ts";
import { ModApi, type RoomPulse } from "./mod_api.ts";

const KEY = "golazo.console";

export interface Session {
  user: string;
  api: ModApi;
  acts: Acts;
  client: GolazoClient;
  platform: ClientPlatform;
}

/** The token of before, where this tab has one. */
export function keptToken(): string {
  return sessionStorage.getItem(KEY) ?? "";
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}

/** With the rooms that are open. @throws {Refusal} where the token is not a moderator's. */
export async function openSession(
  token: string,
  say: (sentence: string) => void,
): Promise<{ session: Session; rooms: RoomPulse[] }> {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
    throw new Refusal("signIn", "This is no token: needed three parts with a dot between");
  }
  const platform = browserPlatform();
  const api = new ModApi(platform, token);
  const rooms = await api.rooms();
  sessionStorage.setItem(KEY, token);
  const url = new URL("/ws", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const client = new GolazoClient({ url: url.href, platform, token });
  client.connect();
  const acts = new Acts(api, platform, say);
  return { session: { user: subjectOf(token), api, acts, client, platform }, rooms };
}

/** Whether to ask for another token. */
export function isSignedOut(thrown: unknown): boolean {
  return thrown instanceof Refusal && ["signIn", "tokenExpired", "http401"].includes(thrown.code);
}

/** Only to be shown: the server reads it itself. */
function subjectOf(token: string): string {
  try {
    const payload = token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
    return String(JSON.parse(atob(payload)).sub ?? "");
  } catch {
    return "";
  }
}
