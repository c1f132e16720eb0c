/**
 * Matches by HTTP: the list that fans open and the page of one match.
 *
 * A goal sends everybody here in the same second, so a reply may be kept by
 * every cache on the way for a second and shown for five more while a new one
 * is fetched; its ETag is the match's position, so asking again is cheap.
 */
import { gzipOf, zippedReply } from "../../runtime/gzip_reply.ts";
import type { HttpReply, RequestHeaders, Route } from "../../runtime/http_route.ts";
import { problemReply } from "../../runtime/http_route.ts";

/** JSON, built once a change. */
export interface MatchPage {
  /** Without quotes; another one whenever the body is another. */
  etag: string;
  body: string;
}

export interface MatchPages {
  list(): Promise<MatchPage>;
  /** Null: there is no such match. */
  match(matchId: string): Promise<MatchPage | null>;
}

export function matchRoutes(pages: MatchPages): Route[] {
  return [
    {
      method: "GET",
      path: "/api/matches",
      answer: async ({ headers }) => await pageReply(await pages.list(), headers),
    },
    {
      method: "GET",
      path: "/api/matches/:id",
      async answer({ params: { id = "" }, headers }) {
        const page = await pages.match(id);
        if (page !== null) return await pageReply(page, headers);
        const detail = `No such match: ${JSON.stringify(id.slice(0, 64))}`;
        return problemReply({ status: 404, code: "unknownMatch", detail });
      },
    },
  ];
}

/** Compressed once, however many ask for the page while it stands. */
const zippedPages = new WeakMap<MatchPage, Promise<Uint8Array | null>>();

export async function pageReply(page: MatchPage, asked: RequestHeaders): Promise<HttpReply> {
  const { etag, body } = page;
  const zipped = zippedPages.get(page) ?? gzipOf(body);
  zippedPages.set(page, zipped);
  const reply = {
    status: 200,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "public, s-maxage=1, stale-while-revalidate=5",
      etag: `"${etag}"`,
    },
    body,
  };
  return zippedReply(reply, await zipped, asked);
}
