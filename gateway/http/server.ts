/**
 * One HTTP listener: the public one, which also opens sockets, or the admin one.
 *
 * Every bound that keeps a slow or greedy peer from holding us is set here and
 * not left to defaults: how long a head and a request may take, how long an
 * idle connection stays, how large a header is. Every reply has a length and
 * the headers that a browser needs to be strict.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import type { Clock } from "../../runtime/clock.ts";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import {
  type HttpReply,
  type HttpRequest,
  type Problem,
  problemReply,
  type RequestHeaders,
} from "../../runtime/http_route.ts";
import type { Route } from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import type { ClientAddress, ProxyRule } from "../auth/client_address.ts";
import type { UpgradeListener } from "../socket/upgrade.ts";
import type { Cors } from "./cors.ts";
import { SECURITY_HEADERS, STRICT_TRANSPORT } from "./headers.ts";
import { refuseUnread } from "./last_words.ts";
import { readBody } from "./request_body.ts";
import { Router } from "./router.ts";
import { endUnread } from "./unread_body.ts";

export interface HttpServerOptions {
  routes: readonly Route[];
  clientAddress: ClientAddress;
  clock: Clock;
  events: BusinessEvents;
  /** Without one an upgrade is an ordinary request. */
  upgrade?: UpgradeListener;
  /** Without it no other page reads anything here. */
  cors?: Cors;
  /** Whether a peer is a proxy of ours, whose `X-Forwarded-Proto` is believed. */
  isProxy?: ProxyRule;
  /** Tells browsers that came by https to come by nothing else. */
  strictTransport?: boolean;
}

export interface ListenOptions {
  host: string;
  /** 0: any free one. */
  port: number;
  /** Several processes share the port, and the kernel shares out who connects. */
  reusePort: boolean;
}

export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #router: Router;
  readonly #server: Server;
  #closed: Promise<void> | null = null;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#router = new Router(options.routes, options.events);
    this.#server = createServer({
      headersTimeout: limits.httpHeadMsMax,
      requestTimeout: limits.httpRequestMsMax,
      keepAliveTimeout: limits.httpIdleMsMax,
      maxHeaderSize: limits.httpHeaderBytesMax,
      connectionsCheckingInterval: 1_000,
    }, (request, response) => void this.#answer(request, response));
    this.#server.on("clientError", (error, stream) => {
      const reason = refuseUnread(error, stream);
      if (reason !== null) options.events.requestRefused("http", reason);
    });
    if (options.upgrade !== undefined) this.#server.on("upgrade", options.upgrade);
  }

  /** @returns the port. @throws {Failure} `cannotListen`. */
  listen(options: ListenOptions): Promise<number> {
    return new Promise((resolve, reject) => {
      const refused = (cause: Error) => {
        const { host, port } = options;
        const reason = `Cannot listen on ${host}:${port}: ${cause.message}; ` +
          "free the port or set another: PORT is the public one, ADMIN_LISTEN the operators'";
        reject(new Failure("cannotListen", reason, { cause }));
      };
      this.#server.once("error", refused);
      this.#server.listen(options, () => {
        this.#server.off("error", refused);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no more connections; what is being answered goes on. */
  stopListening(): void {
    this.#closed ??= new Promise((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
  }

  /** Resolves when every connection is gone; past the deadline they are cut. */
  async stop(deadlineMs: number): Promise<void> {
    this.stopListening();
    const cut = this.#options.clock.after(deadlineMs, () => this.#server.closeAllConnections());
    await this.#closed;
    cut.cancel();
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = this.#requestOf(incoming);
      const reply = "status" in request
        ? this.#refuse(request)
        : await this.#router.answer(request).then((reply) => this.#dress(request, reply));
      write(incoming, response, reply, this.#options.clock);
    } catch (thrown) {
      this.#options.events.warned(`Cannot write an HTTP reply: ${reasonOf(thrown)}`);
      response.destroy();
    }
  }

  /** What every reply to a readable request says beside what its route says. */
  #dress(request: HttpRequest, reply: HttpReply): HttpReply {
    const { cors, strictTransport } = this.#options;
    const isStrict = strictTransport && request.url.protocol === "https:";
    const headers = isStrict ? { ...STRICT_TRANSPORT, ...reply.headers } : reply.headers;
    return cors === undefined ? { ...reply, headers } : cors(request, { ...reply, headers });
  }

  /** As the client wrote it, as far as we can know: `https://golazo.example`. */
  #origin({ headers, socket }: IncomingMessage): string {
    const { isProxy } = this.#options;
    const isSecure = headers["x-forwarded-proto"] === "https" &&
      (isProxy?.(socket.remoteAddress ?? "") ?? false);
    const host = HOST.test(headers.host ?? "") ? headers.host : "localhost";
    return `${isSecure ? "https" : "http"}://${host}`;
  }

  #refuse(problem: Problem): HttpReply {
    this.#options.events.requestRefused("http", problem.code);
    return problemReply(problem);
  }

  /** A problem where it has too many headers, or no URL can be made of it. */
  #requestOf(incoming: IncomingMessage): HttpRequest | Problem {
    const { method = "", url = "", socket, rawHeaders } = incoming;
    if (rawHeaders.length > 2 * limits.httpHeadersMax) return TOO_MANY_HEADERS;
    const headers = headersOf(incoming);
    if (!url.startsWith("/") || headers === null) return MALFORMED;
    const target = URL.parse(this.#origin(incoming) + url);
    if (target === null) return MALFORMED;
    const forwardedFor = headers.get("x-forwarded-for");
    return {
      method,
      url: target,
      headers,
      address: this.#options.clientAddress(socket.remoteAddress ?? "", forwardedFor),
      params: {},
      body: (bytesMax) => readBody(incoming, bytesMax),
    };
  }
}

const MALFORMED: Problem = {
  status: 400,
  code: "malformedRequest",
  detail: "Cannot read the request",
};
const TOO_MANY_HEADERS: Problem = {
  status: 431,
  code: "headersTooLarge",
  detail: `Cannot take more than ${limits.httpHeadersMax} headers`,
};
/** A name or an address, with a port or without. */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const NOT_IN_HEADERS = /[\0\r\n]/;

/** Node's own, asked when needed: `Headers` checks and copies each, at 0.1 ms of a goal's way. */
function headersOf({ headers, rawHeaders }: IncomingMessage): RequestHeaders | null {
  // The parser lets such bytes through.
  if (rawHeaders.some((text) => NOT_IN_HEADERS.test(text))) return null;
  return {
    get: (name) => {
      const value = headers[name] ?? null;
      return Array.isArray(value) ? value.join(", ") : value;
    },
  };
}

function write(
  incoming: IncomingMessage,
  response: ServerResponse,
  reply: HttpReply,
  clock: Clock,
): void {
  const { status, stream } = reply;
  // Bytes go out as they are: a copy of an image costs as much as all else of its reply.
  const body = typeof reply.body === "object" ? reply.body : Buffer.from(reply.body ?? "");
  const headers: Record<string, string> = { ...SECURITY_HEADERS, ...reply.headers };
  if (status !== 204 && status !== 304) {
    headers["content-length"] = String(stream?.length ?? body.length);
  }
  // What nobody read of a body must not be taken for the next request.
  if (!incoming.complete) headers.connection = "close";
  response.writeHead(status, headers);
  if (incoming.method === "HEAD" || status === 304) {
    stream?.source.destroy();
    response.end();
  } else if (stream === undefined && !incoming.complete) {
    endUnread(incoming, response, body, clock);
  } else if (stream === undefined) {
    response.end(body);
  } else {
    // Cut where it fails, since the head is out: a client sees that bytes are missing.
    pipeline(stream.source, response, () => {});
  }
}
