/**
 * From a request to the one route that answers it, and from whatever comes of
 * that to a reply.
 *
 * Routes stay small since what all need is here: HEAD for every GET, OPTIONS, 404
 * and 405, conditional GET, and errors as problem+json that tell a program the code
 * and a stranger nothing about our inside. Of two patterns that fit the more
 * literal one wins, whatever the order in which they were given.
 */
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { assert, Failure, reasonOf } from "../../runtime/failure.ts";
import {
  type HttpReply,
  type HttpRequest,
  type Problem,
  problemReply,
  type Route,
} from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";

interface Pattern {
  path: string;
  /** `:name`, `*` or literal text. */
  segments: string[];
  routes: Map<string, Route>;
}

/** Failures that are the client's doing. */
const CLIENT_FAULTS: Record<string, number> = { bodyTooLarge: 413, bodyCut: 400 };

export class Router {
  readonly #patterns: Pattern[] = [];
  readonly #events: BusinessEvents;

  constructor(routes: readonly Route[], events: BusinessEvents) {
    this.#events = events;
    for (const route of routes) this.#add(route);
    this.#patterns.sort((a, b) => rankOf(a) < rankOf(b) ? -1 : 1);
  }

  /** Never throws. The body of a HEAD's reply is the GET's; it is not to be sent. */
  async answer(request: HttpRequest): Promise<HttpReply> {
    const segments = decodePath(request.url.pathname);
    if (segments === null) {
      return this.#refuse({ status: 400, code: "malformedPath", detail: "Cannot read the path" });
    }
    const method = request.method === "HEAD" ? "GET" : request.method;
    const allowed = new Set<string>();
    for (const pattern of this.#patterns) {
      const params = matchPath(pattern.segments, segments);
      if (params === null) continue;
      const route = pattern.routes.get(method);
      if (route !== undefined) return await this.#run(route, { ...request, method, params });
      // A pattern that takes everything says nothing about this path.
      if (!pattern.path.endsWith("*")) {
        for (const name of pattern.routes.keys()) allowed.add(name);
      }
    }
    if (allowed.size === 0) {
      return this.#refuse({ status: 404, code: "notFound", detail: "There is nothing here" });
    }
    if (allowed.has("GET")) allowed.add("HEAD");
    const allow = [...allowed].join(", ");
    if (method === "OPTIONS") return { status: 204, headers: { allow } };
    const detail = `Cannot ${request.method} this: needed one of ${allow}`;
    const reply = this.#refuse({ status: 405, code: "methodNotAllowed", detail });
    return { ...reply, headers: { ...reply.headers, allow } };
  }

  #add(route: Route): void {
    let pattern = this.#patterns.find(({ path }) => path === route.path);
    if (pattern === undefined) {
      pattern = { path: route.path, segments: route.path.split("/").slice(1), routes: new Map() };
      this.#patterns.push(pattern);
    }
    assert(!pattern.routes.has(route.method), `${route.method} ${route.path} has one route`);
    pattern.routes.set(route.method, route);
  }

  async #run(route: Route, request: HttpRequest): Promise<HttpReply> {
    try {
      const reply = await route.answer(request);
      return route.method === "GET" ? unlessKnown(request, reply) : reply;
    } catch (thrown) {
      return this.#replyTo(thrown, route);
    }
  }

  #replyTo(thrown: unknown, route: Route): HttpReply {
    if (!(thrown instanceof Failure)) {
      this.#events.warned(`Cannot answer ${route.method} ${route.path}: ${reasonOf(thrown)}`);
      const detail = "Something went wrong on the server";
      return problemReply({ status: 500, code: "internal", detail });
    }
    const { code, message: detail, retryable } = thrown;
    const status = CLIENT_FAULTS[code];
    if (status !== undefined) return this.#refuse({ status, code, detail });
    if (!retryable) return problemReply({ status: 500, code, detail });
    return problemReply({ status: 503, code, detail, retryAfterMs: limits.busyRetryMs });
  }

  #refuse(problem: Problem): HttpReply {
    this.#events.requestRefused("http", problem.code);
    return problemReply(problem);
  }
}

/** Sorts literal segments before named ones before `*`, segment by segment. */
function rankOf({ segments }: Pattern): string {
  return segments.map((segment) => segment === "*" ? "2" : segment.startsWith(":") ? "1" : "0")
    .join("");
}

function decodePath(pathname: string): string[] | null {
  try {
    return pathname.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return null;
  }
}

function matchPath(pattern: string[], segments: string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    if (part === "*") return { ...params, rest: segments.slice(index).join("/") };
    const segment = segments[index];
    if (segment === undefined) return null;
    if (part.startsWith(":") && segment !== "") params[part.slice(1)] = segment;
    else if (part !== segment) return null;
  }
  return pattern.length === segments.length ? params : null;
}

/** 304 where the client has this very reply; weak comparison, as RFC 9110, 13.1.2 asks for GET. */
function unlessKnown(request: HttpRequest, reply: HttpReply): HttpReply {
  const etag = reply.headers?.etag;
  const known = request.headers.get("if-none-match");
  if (reply.status !== 200 || etag === undefined || known === null) return reply;
  const tags = known.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (!tags.includes("*") && !tags.includes(etag.replace(/^W\//, ""))) return reply;
  const { "content-type": _, "content-encoding": _coding, ...headers } = reply.headers!;
  return { status: 304, headers };
}
