/**
 * Refusals on a connection that no server's response stands for: what Node's
 * parser and its time limits turn away before there is a request, and upgrades.
 *
 * Left alone, the parser answers barely and nobody counts it; these are problems
 * like all others, and the last words on their connection. A peer that is gone
 * is told nothing.
 */
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type HttpReply, type Problem, problemReply } from "../../runtime/http_route.ts";
import { SECURITY_HEADERS } from "./headers.ts";

const BY_CODE: Record<string, Problem> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: "headersTooLarge",
    detail: "Cannot read the request: its headers are too large",
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: "requestTimeout",
    detail: "Cannot wait any longer for the rest of the request",
  },
};
const MALFORMED: Problem = {
  status: 400,
  code: "malformedRequest",
  detail: "Cannot read the request: needed HTTP/1.1",
};

/** Ends the connection. Null: there was nobody left to refuse. */
export function refuseUnread(error: Error & { code?: string }, stream: Duplex): string | null {
  if (error.code === "ECONNRESET" || error.code === "EPIPE" || !stream.writable) {
    stream.destroy();
    return null;
  }
  const problem = BY_CODE[error.code ?? ""] ?? MALFORMED;
  endWith(stream, problem);
  return problem.code;
}

/** The last words of a connection that speaks HTTP no more. */
export function endWith(
  stream: Duplex,
  problem: Problem,
  headers: Record<string, string> = {},
): void {
  const reply = problemReply(problem);
  stream.on("error", () => stream.destroy());
  stream.once("finish", () => stream.destroy());
  stream.end(rawReply({ ...reply, headers: { ...reply.headers, ...headers } }));
}

/** It is the last one on its connection. */
function rawReply({ status, headers = {}, body = "" }: HttpReply): string {
  const head = {
    ...SECURITY_HEADERS,
    ...headers,
    "connection": "close",
    "content-length": String(Buffer.byteLength(body)),
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}\r\n${body}`;
}
