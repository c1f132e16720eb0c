/**
 * Which other pages may read `/api/*` from a browser, and what they may send.
 *
 * The same list that says who may open sockets. Nothing here rests on cookies,
 * so credentials are never allowed; what a page shows to be somebody is a token
 * in a header. Every reply varies with the origin, so a cache that keeps one
 * page's reply does not give it to another.
 * https://fetch.spec.whatwg.org/#http-cors-protocol
 */
import type { HttpReply, HttpRequest } from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import type { OriginRule } from "../auth/origin.ts";

export type Cors = (request: HttpRequest, reply: HttpReply) => HttpReply;

const PREFIX = "/api/";

export function corsRule(originRule: OriginRule): Cors {
  return (request, reply) => {
    if (!request.url.pathname.startsWith(PREFIX)) return reply;
    const headers: Record<string, string> = {
      ...reply.headers,
      vary: [reply.headers?.vary, "origin"].filter(Boolean).join(", "),
    };
    const origin = request.headers.get("origin");
    if (origin !== null && originRule(origin, request.headers.get("host") ?? undefined)) {
      headers["access-control-allow-origin"] = origin;
      headers["access-control-expose-headers"] = "etag, retry-after";
      if (request.method === "OPTIONS" && reply.status === 204) {
        headers["access-control-allow-methods"] = reply.headers?.allow ?? "";
        headers["access-control-allow-headers"] = "authorization, content-type";
        headers["access-control-max-age"] = String(limits.corsPreflightSeconds);
      }
    }
    return { ...reply, headers };
  };
}
