/**
 * Leaderboards by HTTP: `GET /api/leaderboards/:id`, a page, the window around a
 * fan or the ranks of several.
 *
 * What anybody may ask is kept by every cache for a second, as the pages of
 * matches; a page's ETag is the board's version. Fans' ids are public here: they
 * stand on the board.
 */
import type { RankedRow, Standing } from "../../actors/leaderboard/board_page.ts";
import type { BoardPage, BoardReader } from "../../channels/board_reader.ts";
import {
  type HttpReply,
  type HttpRequest,
  jsonReply,
  problemReply,
  type Route,
} from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import type { VerifyToken } from "../auth/pass.ts";
import { forFans } from "../auth/signed_in.ts";

export interface LeaderboardRoutePorts {
  boards: Pick<BoardReader, "page" | "around" | "standings">;
  verifyToken: VerifyToken;
}

const PUBLIC = { "cache-control": "public, s-maxage=1, stale-while-revalidate=5" };
const OWN = { "cache-control": "no-store" };
const ROWS = 20;
const ROWS_AROUND = 5;

export function leaderboardRoutes({ boards, verifyToken }: LeaderboardRoutePorts): Route[] {
  const around = async (request: HttpRequest, user: string, cache: Record<string, string>) => {
    const { id, query } = asked(request);
    const above = numberIn(query, "above", ROWS_AROUND, 0, limits.leaderboardPageMax - 1);
    const below = numberIn(query, "below", ROWS_AROUND, 0, limits.leaderboardPageMax - 1);
    if (above === null || below === null || above + below >= limits.leaderboardPageMax) {
      return malformed(`above and below that make fewer than ${limits.leaderboardPageMax} rows`);
    }
    const found = await boards.around(id, user, above, below);
    if (found === null) return unknownBoard(id);
    const { rank, score } = found.around;
    const me = { rank, user, points: score };
    return jsonReply({ ...placed(id, found), me }, 200, cache);
  };
  const aroundMe: Route = forFans({
    method: "GET",
    path: "/api/leaderboards/:id",
    answer: (request, { subject }) => around(request, subject, OWN),
  }, verifyToken);

  async function page(request: HttpRequest): Promise<HttpReply> {
    const { id, query } = asked(request);
    const count = numberIn(query, "count", ROWS, 1, limits.leaderboardPageMax);
    if (count === null) return malformed(`a count of 1 to ${limits.leaderboardPageMax}`);
    const last = Math.floor(limits.boardDepthMax / count);
    const number = numberIn(query, "page", 1, 1, last);
    if (number === null) return malformed(`a page of 1 to ${last}; below those look around a fan`);
    const found = await boards.page(id, (number - 1) * count, count);
    if (found === null) return unknownBoard(id);
    const etag = `"${found.version}"`;
    return jsonReply(placed(id, found), 200, { ...PUBLIC, etag });
  }

  async function ranks(request: HttpRequest): Promise<HttpReply> {
    const { id, query } = asked(request);
    const users = query.getAll("users").flatMap((list) => list.split(","))
      .filter((user) => user !== "");
    if (users.length === 0 || users.length > limits.leaderboardMembersMax) {
      return malformed(`1 to ${limits.leaderboardMembersMax} users`);
    }
    const standings = await boards.standings(id, users);
    if (standings === null) return unknownBoard(id);
    return jsonReply({ standings: standings.map(standingOf) }, 200, PUBLIC);
  }

  return [{
    method: "GET",
    path: "/api/leaderboards/:id",
    answer(request) {
      const user = request.url.searchParams.get("around");
      if (user === "me") return aroundMe.answer(request);
      if (user !== null) return around(request, user, PUBLIC);
      return request.url.searchParams.has("users") ? ranks(request) : page(request);
    },
  }];
}

function asked({ params: { id = "" }, url }: HttpRequest) {
  return { id, query: url.searchParams };
}

/** Null where it is said and is none. */
function numberIn(
  query: URLSearchParams,
  name: string,
  absent: number,
  min: number,
  max: number,
): number | null {
  const said = query.get(name);
  if (said === null) return absent;
  const number = Number(said);
  return /^\d{1,6}$/.test(said) && number >= min && number <= max ? number : null;
}

function placed(id: string, { version, members, rows }: BoardPage) {
  return { id, version, members, rows: rows.map(rowOf) };
}

function rowOf({ rank, member, score }: RankedRow) {
  return { rank, user: member, points: score };
}

function standingOf({ member, rank, score }: Standing) {
  return { user: member, rank, points: score };
}

function malformed(needed: string): HttpReply {
  const detail = `Cannot read the leaderboard: needed ${needed}`;
  return problemReply({ status: 400, code: "queryMalformed", detail });
}

function unknownBoard(id: string): HttpReply {
  const detail = `No such leaderboard: ${JSON.stringify(id.slice(0, 64))}`;
  return problemReply({ status: 404, code: "unknownLeaderboard", detail });
}
