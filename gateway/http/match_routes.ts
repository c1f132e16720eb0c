/**
 * Matches by HTTP: the list that fans open and the page of one match.
 *
 * A goal sends everybody here in the same second, so a reply may be kept by
 * every cache on the way for a second and shown for five more while a new one
 * is fetched; its ETag is the match's position, so asking again is cheap.
 */
import type { HttpReply, Route } from "../../runtime/http_route.ts";
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
      answer: async () => pageReply(await pages.list()),
    },
    {
      method: "GET",
      path: "/api/matches/:id",
      async answer({ params: { id = "" } }) {
        const page = await pages.match(id);
        if (page !== null) return pageReply(page);
        const detail = `No such match: ${JSON.stringify(id.slice(0, 64))}`;
        return problemReply({ status: 404, code: "unknownMatch", detail });
      },
    },
  ];
}

function pageReply({ etag, body }: MatchPage): HttpReply {
  return {
    status: 200,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "public, s-maxage=1, stale-while-revalidate=5",
      etag: `"${etag}"`,
    },
    body,
  };
}
