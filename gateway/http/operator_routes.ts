/**
 * The operator's desk by HTTP: what needs a hand, and the hand.
 *
 * Served on the admin listener only and behind the operator's token.
 */
import {
  type HttpReply,
  type HttpRequest,
  jsonReply,
  problemReply,
  type Route,
} from "../../runtime/http_route.ts";

/** What a delivery was that killed its actor twice, newest first in lists. */
export interface DeadLetterLine {
  id: string;
  actor: string;
  reason: string;
  /** Milliseconds since 1970. */
  keptAt: number;
}

export interface ParkedLine {
  id: string;
  reason: string;
  /** Milliseconds since 1970. */
  since: number;
}

/** Lines may say more than is named here; all of it is shown. */
export interface OperatorDesk {
  deadLetters(): Promise<DeadLetterLine[]>;
  /** Appends it anew, as a new revision; what the match rejects by its rules stays a dead letter. */
  replay(id: string): Promise<"replayed" | "rejected" | "unknown">;
  parked(): Promise<ParkedLine[]>;
  unpark(id: string): Promise<"unparked" | "unknown">;
  owners(): Promise<object[]>;
  supervisors(): Promise<object[]>;
}

const ROOT = "/api/ops";

export function operatorRoutes(desk: OperatorDesk): Route[] {
  return [
    listRoute("dead-letters", "deadLetters", () => desk.deadLetters()),
    actRoute("dead-letters/:id/replay", (id) => desk.replay(id)),
    listRoute("parked", "parked", () => desk.parked()),
    actRoute("parked/:id/unpark", (id) => desk.unpark(id)),
    listRoute("owners", "owners", () => desk.owners()),
    listRoute("supervisors", "supervisors", () => desk.supervisors()),
  ];
}

function listRoute(path: string, name: string, read: () => Promise<object[]>): Route {
  return {
    method: "GET",
    path: `${ROOT}/${path}`,
    answer: async () => jsonReply({ [name]: await read() }, 200, { "cache-control": "no-store" }),
  };
}

function actRoute(path: string, act: (id: string) => Promise<string>): Route {
  return {
    method: "POST",
    path: `${ROOT}/${path}`,
    async answer({ params: { id = "" } }: HttpRequest): Promise<HttpReply> {
      const outcome = await act(id);
      if (outcome !== "unknown") return jsonReply({ id, outcome });
      const detail = `There is none of that id: ${JSON.stringify(id.slice(0, 100))}`;
      return problemReply({ status: 404, code: "unknownId", detail });
    },
  };
}
