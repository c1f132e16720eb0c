/**
 * A WebSocket client that keeps no rule: bytes out, and every frame that comes
 * back read to the letter.
 */
import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import { type HeardFrame, opcode, readFrame } from "./raw_frames.ts";
import { until } from "./until.ts";

export const HANDSHAKE = [
  "Host: golazo.example",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];
/** That key's answer, as RFC 6455, 1.3 gives it. */
export const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

export type Encoding = "json" | "protobuf";

export interface DialOptions {
  host?: string;
  /** Which of our own addresses to come from. */
  localAddress?: string;
}

export interface OpenOptions extends DialOptions {
  encoding?: Encoding;
  headers?: string[];
}

/**
 * So many bytes go out one by one: header, mask and the begin of any payload.
 * The rest follows in pieces, since who sends more single bytes than the server
 * keeps chunks of one frame is cut, and rightly.
 */
const SINGLE_BYTES = 40;
const PIECE_BYTES = 1_000;

export class RawSocket {
  readonly socket: Socket;
  readonly frames: HeardFrame[] = [];
  /** The status line and headers of the HTTP reply; empty until it is whole. */
  head = "";
  /** What followed the head where that was no upgrade. */
  body = "";
  /** The server's side is over. */
  ended = false;
  /** What the server sent and must not have. */
  fault: string | null = null;
  readonly #listeners = new Set<(frame: HeardFrame) => void>();
  #bytes: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (bytes) => this.#hear(bytes as Buffer));
    socket.on("end", () => (this.ended = true));
    socket.on("close", () => (this.ended = true));
    // A reset is one way to be refused.
    socket.on("error", () => {});
  }

  static async dial(port: number, options: DialOptions = {}): Promise<RawSocket> {
    const socket = connect({ port, host: options.host ?? "127.0.0.1", ...options });
    const raw = new RawSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return raw;
  }

  /** Resolves once the server has switched protocols. */
  static async open(port: number, options: OpenOptions = {}): Promise<RawSocket> {
    const { encoding = "json", headers = [], ...dial } = options;
    const raw = await RawSocket.dial(port, dial);
    raw.ask([
      "GET /ws HTTP/1.1",
      ...HANDSHAKE,
      `Sec-WebSocket-Protocol: golazo.v1.${encoding}`,
      ...headers,
    ]);
    await until("the server answers the handshake", () => raw.head !== "" || raw.ended);
    if (raw.status !== 101) throw new Error(`Cannot open a socket: ${raw.head || "no answer"}`);
    return raw;
  }

  /** Of the HTTP reply; 0: there is none. */
  get status(): number {
    return Number(/^HTTP\/1\.[01] (\d{3})/.exec(this.head)?.[1] ?? 0);
  }

  /** Of the server's close frame: 1005 where it says none, null where there is none. */
  get closeCode(): number | null {
    const last = this.frames.find((frame) => frame.opcode === opcode.close);
    if (last === undefined) return null;
    return last.payload.length === 0 ? 1005 : last.payload.readUInt16BE(0);
  }

  /** Until the answer is called. */
  onFrame(listener: (frame: HeardFrame) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Lines of a request's head. */
  ask(lines: string[]): void {
    this.send(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"));
  }

  send(bytes: Uint8Array): void {
    if (!this.socket.destroyed && this.socket.writable) this.socket.write(bytes);
  }

  /** In segments of one byte; `between` runs before each. */
  async sendSlowly(bytes: Buffer, between: () => void = () => {}): Promise<void> {
    for (let at = 0; at < bytes.length && !this.ended;) {
      const size = at < SINGLE_BYTES ? 1 : PIECE_BYTES;
      between();
      this.send(bytes.subarray(at, at + size));
      at += size;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  destroy(): void {
    this.socket.destroy();
  }

  #hear(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    if (this.head === "" && !this.#readHead()) return;
    if (this.status !== 101) {
      this.body += this.#bytes.toString("latin1");
      this.#bytes = Buffer.alloc(0);
      return;
    }
    try {
      for (let read = readFrame(this.#bytes); read !== null; read = readFrame(this.#bytes)) {
        this.#bytes = this.#bytes.subarray(read.length);
        if (this.closeCode !== null) this.fault ??= "a frame follows the close frame";
        this.frames.push(read.frame);
        for (const listener of this.#listeners) listener(read.frame);
      }
    } catch (error) {
      this.fault ??= (error as Error).message;
      this.socket.destroy();
    }
  }

  #readHead(): boolean {
    const end = this.#bytes.indexOf("\r\n\r\n");
    if (end < 0) return false;
    this.head = this.#bytes.subarray(0, end).toString("latin1");
    this.#bytes = this.#bytes.subarray(end + 4);
    return true;
  }
}
