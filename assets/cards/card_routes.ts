/**
 * Cards by HTTP: the address that people share, and the images behind it.
 *
 * `/cards/<match>.png` and `/cards/<match>.square.png` lead to the image of the
 * match as it is now; where that is still being painted they wait for it, a
 * second or two, and then lead to the one before. An image's own address never
 * changes its bytes and is kept by caches for a year.
 */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, pause } from "../../runtime/clock.ts";
import { type HttpReply, problemReply, type Route } from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import { type CardName, parseCardName } from "./card_name.ts";
import type { ShelvedCard } from "./card_shelf.ts";

export interface CardRoutesOptions {
  folder: string;
  shelved(matchId: string): Promise<ShelvedCard | null>;
  /** Key of the card that the match should have now; null: no such match. */
  keyOf(matchId: string): Promise<string | null>;
  /** Asks whoever paints. */
  want(matchId: string): void;
  clock: Clock;
}

const FOR_EVER = `public, max-age=${limits.assetFileAgeSeconds}, immutable`;
/** As a match's own page: a goal sends everybody here in the same second. */
const FOR_NOW = "public, max-age=1, s-maxage=1, stale-while-revalidate=5";
const OPEN_TO_ALL = {
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
};
/** A link is refused and a pipe is not waited for. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export function cardRoutes(options: CardRoutesOptions): Route[] {
  /** Everybody who asks for one match at the same time waits for the same look. */
  const looks = new Map<string, Promise<ShelvedCard | "unknown" | null>>();
  const look = (matchId: string) => {
    const running = looks.get(matchId) ??
      lookFor(options, matchId).finally(() => looks.delete(matchId));
    looks.set(matchId, running);
    return running;
  };
  return [{
    method: "GET",
    path: "/cards/:name",
    async answer({ params: { name = "" } }) {
      const parsed = parseCardName(name);
      if (parsed === null) return nothingHere();
      if (parsed.hash !== null) return await imageReply(join(options.folder, name), parsed);
      const card = await look(parsed.matchId);
      if (card === "unknown") return nothingHere();
      if (card === null) {
        const detail = "The card is being painted: ask again";
        return problemReply({
          ...{ status: 503, code: "cardNotReady", detail },
          retryAfterMs: limits.cardRetryMs,
        });
      }
      const location = `/cards/${card.files[parsed.shape]}`;
      return { status: 302, headers: { ...OPEN_TO_ALL, location, "cache-control": FOR_NOW } };
    },
  }];
}

/** The card of now; where that takes too long the one before, or null. */
async function lookFor(
  { shelved, keyOf, want, clock }: CardRoutesOptions,
  matchId: string,
): Promise<ShelvedCard | "unknown" | null> {
  const key = await keyOf(matchId);
  if (key === null) return "unknown";
  const endsAt = clock.monotonic() + limits.cardWaitMsMax;
  let card = await shelved(matchId);
  if (card?.key === key) return card;
  want(matchId);
  const before = card?.key;
  while (card?.key === before && clock.monotonic() < endsAt) {
    await pause(clock, limits.cardLookMs);
    card = await shelved(matchId);
  }
  return card;
}

async function imageReply(path: string, { hash }: CardName): Promise<HttpReply> {
  try {
    const file = await open(path, FLAGS);
    try {
      if (!(await file.stat()).isFile()) return nothingHere();
      const headers = {
        ...OPEN_TO_ALL,
        "content-type": "image/png",
        "cache-control": FOR_EVER,
        etag: `"${hash}"`,
      };
      return { status: 200, headers, body: await file.readFile() };
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (["ENOENT", "ELOOP", "ENXIO"].includes((thrown as { code?: string }).code ?? "")) {
      return nothingHere();
    }
    throw thrown;
  }
}

function nothingHere(): HttpReply {
  return problemReply({ status: 404, code: "notFound", detail: "There is no such card" });
}
