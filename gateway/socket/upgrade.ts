/**
 * From an HTTP upgrade to a WebSocket, or to an answer that says why not.
 *
 * Everything that can be refused is refused before the switch of protocols,
 * where it costs one small reply: path, origin, room, subprotocol. A client
 * that offers no subprotocol of ours is told both names and is not guessed at.
 * The only file that makes WebSockets.
 */
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import {
  type HttpReply,
  type Problem,
  problemReply,
  type Route,
} from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import type { Admission } from "../admission.ts";
import type { OriginRule } from "../auth/origin.ts";
import { type Encoding, SUBPROTOCOLS } from "./encoding.ts";

export type UpgradeListener = (request: IncomingMessage, stream: Duplex, head: Buffer) => void;

export interface UpgradePorts {
  admission: Admission;
  /** Sockets inside that have not said Hello. */
  greeting(): number;
  originRule: OriginRule;
  events: BusinessEvents;
  accept(socket: WebSocket, stream: Duplex, encoding: Encoding): void;
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

  return (request, stream, head) => {
    const problem = refusal(request, ports);
    if (problem !== null) {
      ports.events.requestRefused("socket", problem.code);
      return refuse(stream, problem);
    }
    server.handleUpgrade(request, stream, head, (socket) => {
      ports.accept(socket, stream, SUBPROTOCOLS.get(socket.protocol)!);
    });
  };
}

function refusal(request: IncomingMessage, ports: UpgradePorts): Problem | null {
  const { headers, url = "" } = request;
  if (url.split("?")[0] !== SOCKET_PATH) {
    return { status: 404, code: "notFound", detail: `Sockets are opened at ${SOCKET_PATH}` };
  }
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
  const entry = ports.admission.enter(ports.greeting());
  if (entry.admitted) return null;
  const { reason, retryAfterMs } = entry;
  return { status: 503, code: reason, detail: "Cannot take another socket now", retryAfterMs };
}

function refuse(stream: Duplex, problem: Problem): void {
  const reply = problemReply(problem);
  stream.on("error", () => stream.destroy());
  stream.once("finish", () => stream.destroy());
  stream.end(rawReply(reply));
}

function rawReply({ status, headers = {}, body = "" }: HttpReply): string {
  const head = {
    ...headers,
    "connection": "close",
    "content-length": String(Buffer.byteLength(body)),
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}\r\n${body}`;
}
