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
import type { BusinessEvents } from "../../runtime/business_events.ts";
import type { Clock } from "../../runtime/clock.ts";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import { type HttpReply, type HttpRequest, problemReply } from "../../runtime/http_route.ts";
import type { Route } from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import type { ClientAddress } from "../auth/client_address.ts";
import type { UpgradeListener } from "../socket/upgrade.ts";
import { SECURITY_HEADERS } from "./headers.ts";
import { readBody } from "./request_body.ts";
import { Router } from "./router.ts";

export interface HttpServerOptions {
  routes: readonly Route[];
  clientAddress: ClientAddress;
  clock: Clock;
  events: BusinessEvents;
  /** Without one an upgrade is an ordinary request. */
  upgrade?: UpgradeListener;
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
      const reply = request === null
        ? problemReply({ status: 400, code: "malformedRequest", detail: "Cannot read the request" })
        : await this.#router.answer(request);
      write(incoming, response, reply);
    } catch (thrown) {
      this.#options.events.warned(`Cannot write an HTTP reply: ${reasonOf(thrown)}`);
      response.destroy();
    }
  }

  /** Null where no URL or no headers can be made of it. */
  #requestOf(incoming: IncomingMessage): HttpRequest | null {
    const { method = "", url = "", socket } = incoming;
    const target = `http://golazo${url}`;
    if (!url.startsWith("/") || !URL.canParse(target)) return null;
    const headers = headersOf(incoming);
    if (headers === null) return null;
    const forwardedFor = headers.get("x-forwarded-for");
    return {
      method,
      url: new URL(target),
      headers,
      address: this.#options.clientAddress(socket.remoteAddress ?? "", forwardedFor),
      params: {},
      body: (bytesMax) => readBody(incoming, bytesMax),
    };
  }
}

/** Node's parser lets bytes through that `Headers` does not. */
function headersOf(incoming: IncomingMessage): Headers | null {
  try {
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
    }
    return headers;
  } catch {
    return null;
  }
}

function write(incoming: IncomingMessage, response: ServerResponse, reply: HttpReply): void {
  const body = Buffer.from(reply.body ?? "");
  const headers: Record<string, string> = { ...SECURITY_HEADERS, ...reply.headers };
  if (reply.status !== 204 && reply.status !== 304) headers["content-length"] = String(body.length);
  // What nobody read of a body must not be taken for the next request.
  if (!incoming.complete) headers.connection = "close";
  response.writeHead(reply.status, headers);
  response.end(incoming.method === "HEAD" || reply.status === 304 ? undefined : body);
}
