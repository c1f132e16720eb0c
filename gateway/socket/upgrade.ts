/**
 * From an HTTP upgrade to a WebSocket, or to an answer that says why not.
 *
 * Everything that can be refused is refused before the switch of protocols,
 * where it costs one small reply: path, version, origin, subprotocol, room. A client
 * that offers no subprotocol of ours is told both names and is not guessed at.
 * The only file that makes WebSockets.
 */
import type { IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { type Problem, problemReply, type Route } from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import type { Admission } from "../admission.ts";
import { type ClientAddress, subscriberOf } from "../auth/client_address.ts";
import type { OriginRule } from "../auth/origin.ts";
import { endWith } from "../http/last_words.ts";
import { type Encoding, SUBPROTOCOLS } from "./encoding.ts";

export type UpgradeListener = (request: IncomingMessage, stream: Duplex, head: Buffer) => void;

export interface UpgradePorts {
  admission: Admission;
  clientAddress: ClientAddress;
  originRule: OriginRule;
  events: BusinessEvents;
  accept(newcomer: Newcomer): void;
}

export interface Newcomer {
  socket: WebSocket;
  stream: Duplex;
  encoding: Encoding;
  /** Whose share of the house it takes. */
  subscriber: string;
}

const SOCKET_PATH = "/ws";
const NAMES = [...SUBPROTOCOLS.keys()].join(" or ");

/** For who asks without an upgrade. */
export const socketRoute: Route = {
  method: "GET",
  path: SOCKET_PATH,
  answer() {
    const reply = problemReply({
      status: 426,
      code: "upgradeNeeded",
      detail: `This is a WebSocket: needed an upgrade with the subprotocol ${NAMES}`,
    });
    return { ...reply, headers: { ...reply.headers, upgrade: "websocket" } };
  },
};

export function socketUpgrade(ports: UpgradePorts): UpgradeListener {
  // `closeTimeout` is newer than the types that we have.
  const options: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.framePayloadBytesMax,
    maxFragments: limits.frameFragmentsMax,
    maxBufferedChunks: limits.frameChunksMax,
    closeTimeout: limits.closeMsMax,
    handleProtocols: (offered) => [...offered].find((name) => SUBPROTOCOLS.has(name)) ?? false,
  };
  const server = new WebSocketServer(options);
  server.on("wsClientError", (_error, stream: Duplex) => {
    ports.events.requestRefused("socket", MALFORMED.code);
    endWith(stream, MALFORMED);
  });

  return (request, stream, head) => {
    const subscriber = subscriberOf(addressOf(request, ports.clientAddress));
    const problem = refusal(request, subscriber, ports);
    if (problem !== null) {
      ports.events.requestRefused("socket", problem.code);
      return endWith(stream, problem, problem.status === 426 ? NEEDED_VERSION : {});
    }
    stream.destroy = destroyPlainly;
    server.handleUpgrade(request, stream, head, (socket) => {
      ports.accept({ socket, stream, encoding: SUBPROTOCOLS.get(socket.protocol)!, subscriber });
    });
  };
}

/**
 * Streams look at the stack of what ended them, and that look takes the runtime
 * 25 µs: a tenth of a return, for text that nobody reads. It is not made.
 */
function destroyPlainly(this: Duplex, error?: Error | null): Duplex {
  if (error) error.stack = error.message;
  return Duplex.prototype.destroy.call(this, error ?? undefined);
}

const MALFORMED: Problem = {
  status: 400,
  code: "malformedHandshake",
  detail: "Cannot open a socket: needed a WebSocket handshake as in RFC 6455, 4.1",
};
/** 16 bytes in base64. */
const KEY = /^[+/0-9A-Za-z]{22}==$/;
const NEEDED_VERSION = { "sec-websocket-version": "13", "upgrade": "websocket" };

function addressOf({ headers, socket }: IncomingMessage, clientAddress: ClientAddress): string {
  const forwardedFor = headers["x-forwarded-for"];
  const text = Array.isArray(forwardedFor) ? forwardedFor.join(",") : forwardedFor;
  return clientAddress(socket.remoteAddress ?? "", text ?? null);
}

/** What is cheap to see first; who passes has taken a handshake from the house. */
function refusal(
  { headers, rawHeaders, method, url = "" }: IncomingMessage,
  subscriber: string,
  ports: UpgradePorts,
): Problem | null {
  if (rawHeaders.length > 2 * limits.httpHeadersMax) {
    const detail = `Cannot take more than ${limits.httpHeadersMax} headers`;
    return { status: 431, code: "headersTooLarge", detail };
  }
  if (url.split("?")[0] !== SOCKET_PATH) {
    return { status: 404, code: "notFound", detail: `Sockets are opened at ${SOCKET_PATH}` };
  }
  if (method !== "GET") {
    const detail = `Cannot open a socket by ${method}: needed GET`;
    return { status: 405, code: "methodNotAllowed", detail };
  }
  if (headers["sec-websocket-version"] !== "13") {
    const detail = "Cannot open a socket: needed version 13 of the WebSocket protocol";
    return { status: 426, code: "versionNeeded", detail };
  }
  const isWhole = headers.host !== undefined && KEY.test(headers["sec-websocket-key"] ?? "") &&
    headers.upgrade?.toLowerCase() === "websocket";
  if (!isWhole) return MALFORMED;
  if (!ports.originRule(headers.origin, headers.host)) {
    const detail = "Cannot open a socket for a page of this origin: it is not on the list";
    return { status: 403, code: "originNotAllowed", detail };
  }
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  if (!offered.some((name) => SUBPROTOCOLS.has(name))) {
    const found = offered[0] === "" ? "none" : "others";
    const detail = `Cannot open a socket: needed the subprotocol ${NAMES}, found ${found}`;
    return { status: 400, code: "subprotocolNeeded", detail };
  }
  const entry = ports.admission.enter(subscriber);
  if (entry.admitted) return null;
  const { reason, retryAfterMs } = entry;
  return { status: 503, code: reason, detail: "Cannot take another socket now", retryAfterMs };
}
