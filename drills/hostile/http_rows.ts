/**
 * Attacks by HTTP: bodies, headers and paths that nobody honest sends.
 */
import { limits } from "../../runtime/limits.ts";
import { RawSocket } from "../raw_socket.ts";
import { until } from "../until.ts";
import type { HostileRow } from "./row.ts";
import type { Target } from "./target.ts";

const QUICK_MS = 2_000;
const MB = 1024 * 1024;

interface Asked {
  name: string;
  lines: string[];
  body?: string;
  outcome: string;
  reason: string | null;
}

const host = "Host: golazo.example";

const asked: Asked[] = [
  {
    name: "10 MB body, announced",
    lines: ["POST /api/feed/drill HTTP/1.1", host, `Content-Length: ${10 * MB}`],
    outcome: "http 413",
    reason: "bodyTooLarge",
  },
  {
    name: "10 MB body, in chunks",
    lines: ["POST /api/feed/drill HTTP/1.1", host, "Transfer-Encoding: chunked"],
    body: `${MB.toString(16)}\r\n${"x".repeat(MB)}\r\n`.repeat(10),
    outcome: "http 413",
    reason: "bodyTooLarge",
  },
  {
    name: "1,000 headers",
    lines: ["GET /healthz HTTP/1.1", host, ...Array.from({ length: 1_000 }, (_) => "a:b")],
    outcome: "http 431",
    reason: "headersTooLarge",
  },
  {
    name: "a header of 1 MB",
    lines: ["GET /healthz HTTP/1.1", host, `X-A: ${"x".repeat(MB)}`],
    outcome: "http 431",
    reason: "headersTooLarge",
  },
  {
    name: "bad percent encoding",
    lines: ["GET /api/matches/%ZZ%ff HTTP/1.1", host],
    outcome: "http 400",
    reason: "malformedPath",
  },
  {
    name: "a method that is not allowed",
    lines: ["DELETE /api/matches HTTP/1.1", host],
    outcome: "http 405",
    reason: "methodNotAllowed",
  },
  ...[
    "/../../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2f..%2fetc%2fpasswd",
    "/%5c..%5c",
  ]
    .map((path): Asked => ({
      name: `traversal by ${path}`,
      lines: [`GET ${path} HTTP/1.1`, host],
      outcome: "http 404",
      reason: null,
    })),
  {
    name: "a request to another's server",
    lines: ["GET http://elsewhere.example/ HTTP/1.1", host],
    outcome: "http 400",
    reason: "malformedRequest",
  },
  {
    name: "two lengths of one body",
    lines: [
      "POST /api/feed/drill HTTP/1.1",
      host,
      "Content-Length: 3",
      "Transfer-Encoding: chunked",
    ],
    outcome: "http 400",
    reason: "malformedRequest",
  },
  {
    name: "no HTTP at all",
    lines: ["\u0016\u0003\u0001"],
    outcome: "http 400",
    reason: "malformedRequest",
  },
];

/** Answered at once. */
export const quickHttpRows: HostileRow[] = asked.map(({ name, lines, body, outcome, reason }) => ({
  name,
  outcome,
  withinMs: QUICK_MS,
  counter: reason === null ? null : { refused: reason },
  memoryMb: 32,
  attack: (target) =>
    replyTo(target, (raw) => {
      raw.ask(lines);
      if (body !== undefined) raw.send(Buffer.from(body));
    }),
}));

/** Answered when time is up. */
export const patientHttpRows: HostileRow[] = [
  {
    name: "slow-loris on headers",
    outcome: "http 408",
    withinMs: limits.httpHeadMsMax + 3_000,
    counter: { refused: "requestTimeout" },
    memoryMb: 32,
    attack: (target) =>
      drip(target, ["GET /healthz HTTP/1.1", host].join("\r\n") + "\r\nX-A: ", "a"),
  },
  {
    name: "slow-loris on a body",
    outcome: "http 408",
    withinMs: limits.httpRequestMsMax + 3_000,
    counter: { refused: "requestTimeout" },
    memoryMb: 32,
    attack: (target) =>
      drip(
        target,
        ["POST /api/feed/drill HTTP/1.1", host, "Content-Length: 1000", "", ""].join("\r\n"),
        "x",
      ),
  },
  {
    name: "a connection that says nothing",
    outcome: "http 408",
    withinMs: limits.httpHeadMsMax + 3_000,
    counter: { refused: "requestTimeout" },
    memoryMb: 32,
    attack: (target) => drip(target, "", ""),
  },
];

/** Says `begin`, then `more` twice a second. */
function drip(target: Target, begin: string, more: string): Promise<string> {
  return replyTo(target, (raw) => {
    raw.send(Buffer.from(begin));
    const timer = setInterval(() => raw.send(Buffer.from(more)), 500);
    raw.socket.once("close", () => clearInterval(timer));
  });
}

async function replyTo({ port }: Target, attack: (raw: RawSocket) => void): Promise<string> {
  const raw = await RawSocket.dial(port);
  attack(raw);
  await until("an answer comes", () => raw.head !== "" || raw.ended, 30_000);
  raw.destroy();
  return raw.status === 0 ? "end" : `http ${raw.status}`;
}
