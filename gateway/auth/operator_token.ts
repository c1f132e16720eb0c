/**
 * The guard in front of what only an operator may do.
 *
 * An operator shows a token of the role `operator`, or in development the one
 * that lies beside the data. That one is compared as a hash, in a time that
 * says nothing about how much of it was right.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import {
  type HttpReply,
  type HttpRequest,
  problemReply,
  type Route,
} from "../../runtime/http_route.ts";
import type { VerifyToken } from "./pass.ts";

export interface OperatorKeys {
  /** Null: tokens with the role only. */
  token: string | null;
  verifyToken: VerifyToken;
}

/** The same routes, for operators. */
export function forOperators(
  routes: readonly Route[],
  { token, verifyToken }: OperatorKeys,
): Route[] {
  const wanted = token ? digest(token) : null;
  async function refusalOf(request: HttpRequest): Promise<HttpReply | null> {
    const shown = bearerOf(request);
    if (shown === null) return refusal(401, "none");
    if (wanted !== null && timingSafeEqual(digest(shown), wanted)) return null;
    const verdict = await verifyToken(shown);
    if ("refused" in verdict) return refusal(401, `one that is refused: ${verdict.refused}`);
    return verdict.role === "operator" ? null : refusal(403, `one of the role ${verdict.role}`);
  }
  return routes.map((route) => ({
    ...route,
    answer: async (request) => await refusalOf(request) ?? await route.answer(request),
  }));
}

function bearerOf({ headers }: HttpRequest): string | null {
  return /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? null;
}

function digest(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}

function refusal(status: 401 | 403, found: string): HttpReply {
  const reply = problemReply({
    status,
    code: "operatorTokenNeeded",
    detail: `Cannot do this: needed an operator's token as a bearer token, found ${found}`,
  });
  if (status === 403) return reply;
  return { ...reply, headers: { ...reply.headers, "www-authenticate": "Bearer" } };
}
