/**
 * What an HTTP route is, without a server.
 *
 * Routes live with what they serve and are handed to the gateway's router by
 * supervisors/; this is the shape they share. Every error is problem+json
 * (RFC 9457) with a `code` for programs.
 */
import type { Readable } from "node:stream";

/** By their lower-case names; null: there is none. */
export type RequestHeaders = Pick<Headers, "get">;

export interface HttpRequest {
  method: string;
  url: URL;
  headers: RequestHeaders;
  /** The peer's address, trusted proxies already resolved. */
  address: string;
  /** Named parts of the path, decoded: `:provider` in `/api/feed/:provider`. */
  params: Record<string, string>;
  /** The raw body. @throws {Failure} `bodyTooLarge` past `bytesMax`. */
  body(bytesMax: number): Promise<Uint8Array>;
}

export interface HttpReply {
  status: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** In the body's place: exactly `length` bytes. The server reads it or, as for HEAD, destroys it. */
  stream?: { length: number; source: Readable };
}

export interface Route {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** A trailing `*` takes the rest of the path as `params.rest`. */
  path: string;
  answer(request: HttpRequest): HttpReply | Promise<HttpReply>;
}

export interface Problem {
  status: number;
  /** For programs, never changes: `unknownMatch`. */
  code: string;
  /** For people: what could not be done, what was needed, what was found. */
  detail: string;
  /** The field that is wrong, as a path: `facts[2].minute`. */
  field?: string;
  retryAfterMs?: number;
}

export function jsonReply(
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): HttpReply {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(value),
  };
}

export function problemReply(problem: Problem): HttpReply {
  const { status, retryAfterMs, ...rest } = problem;
  const headers: Record<string, string> = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  };
  if (retryAfterMs !== undefined) headers["retry-after"] = String(Math.ceil(retryAfterMs / 1000));
  return {
    status,
    headers,
    body: JSON.stringify({ type: "about:blank", status, ...rest, retryAfterMs }),
  };
}
