/**
 * A server for the page's tests: the built page, one match, and a socket that
 * says exactly what the test tells it to, in the real protocol. Routes answer
 * what the test gives for them.
 */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { text as readText } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type WebSocket, WebSocketServer } from "ws";
import { decodeClientFrame, encodeServerFrame } from "../../protocol/golazo_codec.ts";
import type {
  ClientFrame,
  MatchSnapshotInit,
  PublicationInit,
} from "../../protocol/golazo_codec.ts";

const DIST = fileURLToPath(new URL("./dist/", import.meta.url));
const CHANNEL_NUMBER = 1;
/** Channels without a history that were asked for, by number. */
const VOLATILE_NUMBERS = 2;
const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export class ScriptedServer {
  readonly subscribes: NonNullable<ClientFrame["subscribe"]>[] = [];
  /** What a subscription is answered with. */
  match: MatchSnapshotInit;
  /** Listed by `/api/matches`. */
  listed: unknown[] = [];
  /** By method and path: what is answered to a body. */
  readonly routes = new Map<string, (body: unknown) => { status?: number; value: unknown }>();
  /** Whether sockets are turned away. */
  isDown = false;
  /** What each channel without a history last said. */
  readonly #said = new Map<string, PublicationInit[]>();
  readonly #http = createServer((request, response) => {
    void this.#answer(request).then(({ status, type, body }) => {
      response.writeHead(status, {
        "content-type": type,
        "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; " +
          "img-src 'self'; connect-src 'self' ws:",
      });
      response.end(body);
    });
  });
  readonly #sockets = new WebSocketServer({
    server: this.#http,
    verifyClient: () => !this.isDown,
  });
  readonly #now: () => number;
  #offset = 0;

  constructor(match: MatchSnapshotInit, now: () => number) {
    this.match = match;
    this.#now = now;
    this.#sockets.on("connection", (socket) => this.#serve(socket));
  }

  /** Answers the address of the page. */
  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.#http.listen(0, "127.0.0.1", () => {
        resolve(`http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/`);
      });
    });
  }

  publish(...publications: PublicationInit[]): void {
    for (const publication of publications) {
      this.#offset += 1;
      const bytes = encodeServerFrame({
        publication: { ...publication, channel: CHANNEL_NUMBER, offset: this.#offset },
      });
      for (const socket of this.#sockets.clients) socket.send(bytes);
    }
  }

  /** Says it on a channel without a history, now and to whoever comes. */
  say(channel: string, ...publications: PublicationInit[]): void {
    const kinds = new Set(publications.map(kindOf));
    const others = (this.#said.get(channel) ?? []).filter((one) => !kinds.has(kindOf(one)));
    this.#said.set(channel, [...others, ...publications]);
    for (const publication of publications) {
      const bytes = encodeServerFrame({
        publication: { ...publication, channel: this.#numberOf(channel) },
      });
      for (const socket of this.#sockets.clients) socket.send(bytes);
    }
  }

  dropSockets(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  close(): void {
    this.dropSockets();
    this.#http.closeAllConnections();
    this.#http.close();
  }

  #serve(socket: WebSocket): void {
    socket.on("message", (message: Uint8Array) => {
      const { hello, subscribe, track } = decodeClientFrame(new Uint8Array(message));
      if (hello) {
        const welcome = { serverTime: this.#now(), pingEveryMs: 25_000, pongWithinMs: 10_000 };
        socket.send(encodeServerFrame({ welcome }));
      }
      if (subscribe && !subscribe.channel.startsWith("match:")) {
        const { id, channel } = subscribe;
        const publications = this.#said.get(channel) ?? [];
        const number = this.#numberOf(channel);
        const subscribed = { id, channel, number, epoch: "volatile", publications };
        return socket.send(encodeServerFrame({ subscribed }));
      }
      if (subscribe) this.subscribes.push(subscribe);
      const request = subscribe ?? (track?.matches.length ? track : undefined);
      if (request) {
        const subscribed = {
          id: request.id,
          channel: `match:${this.match.id}`,
          number: CHANNEL_NUMBER,
          epoch: "e1",
          offset: this.#offset,
          match: this.match,
        };
        socket.send(encodeServerFrame({ subscribed }));
      }
    });
  }

  #numberOf(channel: string): number {
    if (!this.#said.has(channel)) this.#said.set(channel, []);
    return VOLATILE_NUMBERS + [...this.#said.keys()].indexOf(channel);
  }

  async #answer(
    request: IncomingMessage,
  ): Promise<{ status: number; type: string; body: string | Uint8Array }> {
    const { method, url = "/" } = request;
    const route = this.routes.get(`${method} ${url}`);
    if (route) {
      const text = await readText(request);
      const { status = 200, value } = route(text === "" ? null : JSON.parse(text));
      return { status, type: "application/json", body: JSON.stringify(value) };
    }
    if (url === "/api/matches") {
      const body = JSON.stringify({ matches: this.listed });
      return { status: 200, type: "application/json", body };
    }
    const file = url === "/" ? "index.html" : url.slice(1);
    try {
      return { status: 200, type: TYPES[extname(file)] ?? "", body: await readFile(DIST + file) };
    } catch {
      return { status: 404, type: "text/plain", body: "Build the page first: deno task build" };
    }
  }
}

/** One value of a kind is kept, of crowds one a market. */
function kindOf(publication: PublicationInit): string {
  return publication.crowd?.market ?? Object.keys(publication).join();
}
