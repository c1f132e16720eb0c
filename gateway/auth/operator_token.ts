/**
 * The guard in front of what only an operator may do.
 *
 * The token is compared as a hash, in a time that says nothing about how much
 * of it was right. Where no token is set nobody is an operator.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { type HttpRequest, problemReply, type Route } from "../../runtime/http_route.ts";

/** The same routes, for who has the token. */
export function forOperators(routes: readonly Route[], token: string | null): Route[] {
  const wanted = token ? digest(token) : null;
  return routes.map((route) => ({
    ...route,
    answer(request) {
      const shown = bearerOf(request);
      const isOperator = wanted !== null && shown !== null &&
        timingSafeEqual(digest(shown), wanted);
      return isOperator ? route.answer(request) : refusal(wanted !== null);
    },
  }));
}

function bearerOf({ headers }: HttpRequest): string | null {
  return /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? null;
}

function digest(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}

function refusal(isTokenSet: boolean) {
  const found = isTokenSet ? "none or another one" : "that no operator token is set here";
  const reply = problemReply({
    status: 401,
    code: "operatorTokenNeeded",
    detail: `Cannot do this: needed the operator token as a bearer token, found ${found}`,
  });
  return { ...reply, headers: { ...reply.headers, "www-authenticate": "Bearer" } };
}
