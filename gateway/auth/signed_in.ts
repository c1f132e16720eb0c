/**
 * Who asks a route, by the bearer token of the request.
 *
 * For what is a fan's own: without a token, or with one that is refused, the
 * answer says to sign in; a machine that feeds facts is nobody here.
 */
import {
  type HttpReply,
  type HttpRequest,
  problemReply,
  type Route,
} from "../../runtime/http_route.ts";
import type { Pass, VerifyToken } from "./pass.ts";
import { PERMISSIONS } from "./permissions.ts";

type FanRoute = Omit<Route, "answer"> & {
  answer(request: HttpRequest, fan: Pass): HttpReply | Promise<HttpReply>;
};

/** A route that is only answered to people, and told who it is. */
export function forFans(route: FanRoute, verifyToken: VerifyToken): Route {
  return {
    ...route,
    async answer(request) {
      const shown = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
      if (shown === undefined) return refusal("signIn", "none", 401);
      const verdict = await verifyToken(shown);
      if ("refused" in verdict) {
        return refusal("signIn", `one that is refused: ${verdict.refused}`, 401);
      }
      const isPerson = (PERMISSIONS.predict as readonly string[]).includes(verdict.role);
      if (!isPerson) return refusal("forbidden", `one of the role ${verdict.role}`, 403);
      return await route.answer(request, verdict);
    },
  };
}

function refusal(code: string, found: string, status: 401 | 403): HttpReply {
  const detail = `Cannot do this: needed a fan's token as a bearer token, found ${found}`;
  const reply = problemReply({ status, code, detail });
  if (status === 403) return reply;
  return { ...reply, headers: { ...reply.headers, "www-authenticate": "Bearer" } };
}
