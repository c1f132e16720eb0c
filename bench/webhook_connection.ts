/**
 * A provider's keep-alive connection that knows when each request's first byte
 * was written.
 *
 * Requests are signed and put together before the clock is read, and written in
 * one piece. They go out when they are due, whatever is still unanswered, so a
 * slow server cannot slow down what measures it; answers come in their order.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { signatureHeaders } from "../feed/webhook_signature.ts";
import { systemClock } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";

export interface Provider {
  name: string;
  key: Uint8Array;
}

/** What makes a server take the provider's facts. */
export function feedSettings({ name, key }: Provider): Record<string, string> {
  const secret = `whsec_${Buffer.from(key).toString("base64")}`;
  return { [`GOLAZO_FEED_SECRET_${name.toUpperCase()}`]: secret };
}

export interface Reply {
  status: number;
  body: string;
}

interface Awaited {
  resolve(reply: Reply): void;
  reject(failure: Failure): void;
}

export class WebhookConnection {
  readonly #provider: Provider;
  readonly #socket: Socket;
  readonly #awaited: Awaited[] = [];
  #received = "";

  private constructor(provider: Provider, socket: Socket) {
    this.#provider = provider;
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("data", (text) => this.#hear(text as unknown as string));
    socket.on("error", () => {});
    socket.on("close", () => {
      for (const { reject } of this.#awaited.splice(0)) reject(closed());
    });
  }

  static async open(port: number, provider: Provider): Promise<WebhookConnection> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new WebhookConnection(provider, socket);
  }

  /** `id` is the webhook's, one a request. */
  post(id: string, content: unknown): { writtenAt: number; reply: Promise<Reply> } {
    const { name, key } = this.#provider;
    const body = JSON.stringify(content);
    const headers = {
      host: "127.0.0.1",
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      ...signatureHeaders(key, id, systemClock.now(), body),
    };
    const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}\r\n`);
    const bytes = Buffer.from(`POST /api/feed/${name} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
    const reply = new Promise<Reply>((resolve, reject) => {
      if (this.#socket.destroyed) reject(closed());
      else this.#awaited.push({ resolve, reject });
    });
    const writtenAt = systemClock.monotonic();
    this.#socket.write(bytes);
    return { writtenAt, reply };
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(text: string): void {
    this.#received += text;
    for (;;) {
      const headEnd = this.#received.indexOf("\r\n\r\n");
      if (headEnd === -1) return;
      const head = this.#received.slice(0, headEnd);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      const bodyStart = headEnd + 4;
      if (this.#received.length < bodyStart + length) return;
      const body = this.#received.slice(bodyStart, bodyStart + length);
      this.#received = this.#received.slice(bodyStart + length);
      this.#awaited.shift()?.resolve({ status: Number(head.split(" ")[1]), body });
    }
  }
}

function closed(): Failure {
  return new Failure("feedClosed", "Cannot post facts: the server closed the feed");
}
