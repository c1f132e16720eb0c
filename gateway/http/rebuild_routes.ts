/**
 * Rebuilding a leaderboard from the ledger of points, for operators:
 * `POST /api/ops/leaderboards/:id/rebuild` begins, `GET` of the same says how far
 * it is.
 *
 * It takes longer than a request may, so nobody waits for it here.
 */
import { type HttpReply, jsonReply, problemReply, type Route } from "../../runtime/http_route.ts";

export interface RebuildState {
  board: string;
  state: "rebuilding" | "done" | "failed";
  /** Shards that have their new ranks, of how many. */
  done: number;
  of: number;
  reason?: string;
}

export interface RebuildDesk {
  /** Null where there can be no such board; one that is under way goes on. */
  begin(boardId: string): RebuildState | null;
  state(boardId: string): RebuildState | null;
}

const PATH = "/api/ops/leaderboards/:id/rebuild";

export function rebuildRoutes(desk: RebuildDesk): Route[] {
  const route = (method: "GET" | "POST", find: (id: string) => RebuildState | null): Route => ({
    ...{ method, path: PATH },
    answer: ({ params: { id = "" } }) => answerOf(id, find(id), method === "POST" ? 202 : 200),
  });
  return [route("POST", (id) => desk.begin(id)), route("GET", (id) => desk.state(id))];
}

function answerOf(id: string, state: RebuildState | null, status: number): HttpReply {
  if (state !== null) return jsonReply(state, status, { "cache-control": "no-store" });
  const detail = `There is no such leaderboard, or nobody has it rebuilt: ${id.slice(0, 64)}`;
  return problemReply({ status: 404, code: "unknownLeaderboard", detail });
}
