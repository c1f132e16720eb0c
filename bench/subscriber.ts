/**
 * A fan's socket with as little around it as a receiver can have: a TCP stream,
 * RFC 6455's framing, and our codec for what is inside.
 *
 * Thousands of these share one core with nothing else, so what a bench reads is
 * the server's time and not a WebSocket library's. Everything that comes is
 * decoded in full. Client frames are masked with zeros, which the RFC allows
 * and which changes no byte.
 */
import { connect, type Socket } from "node:net";
import { splitServerFrames } from "../protocol/frames.ts";
import { type ClientFrameInit, encodeClientFrame, type ServerFrame } from "../protocol/mod.ts";
import { Failure } from "../runtime/failure.ts";

const UPGRADE = [
  "GET /ws HTTP/1.1",
  "host: 127.0.0.1",
  "connection: Upgrade",
  "upgrade: websocket",
  "sec-websocket-version: 13",
  "sec-websocket-key: Z29sYXpvLWJlbmNobWFyaw==",
  "sec-websocket-protocol: golazo.v1.protobuf",
  "\r\n",
].join("\r\n");

const BINARY = 0x82;
const CLOSE = 0x88;
const MASKED = 0x80;

export class Subscriber {
  readonly #socket: Socket;
  readonly #onFrame: (frame: ServerFrame) => void;
  readonly #opened = Promise.withResolvers<void>();
  #isOpen = false;
  /** What came of a frame whose end has not. */
  #rest: Buffer = Buffer.alloc(0);

  private constructor(port: number, onFrame: (frame: ServerFrame) => void) {
    this.#onFrame = onFrame;
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.setNoDelay(true);
    this.#socket.on("connect", () => this.#socket.write(UPGRADE));
    this.#socket.on("data", (bytes) => this.#hear(bytes as Buffer));
    this.#socket.on("error", (error) => this.#fail(error.message));
    this.#socket.on("close", () => this.#fail("it was closed"));
  }

  /** Resolves once frames can be sent. @throws {Failure} `socketRefused`. */
  static async open(port: number, onFrame: (frame: ServerFrame) => void): Promise<Subscriber> {
    const subscriber = new Subscriber(port, onFrame);
    await subscriber.#opened.promise;
    return subscriber;
  }

  send(...frames: ClientFrameInit[]): void {
    this.#socket.write(Buffer.concat(frames.map((frame) => masked(encodeClientFrame(frame)))));
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(bytes: Buffer): void {
    const received = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    this.#rest = received.subarray(
      this.#isOpen ? this.#read(received) : this.#shakeHands(received),
    );
  }

  /** Both answer how many bytes they are done with. */
  #shakeHands(received: Buffer): number {
    const end = received.indexOf("\r\n\r\n");
    if (end === -1) return 0;
    const status = received.toString("latin1", 0, received.indexOf("\r\n"));
    if (!status.includes(" 101 ")) {
      this.#fail(`the server said ${status}`);
      return received.length;
    }
    this.#isOpen = true;
    this.#opened.resolve();
    return end + 4 + this.#read(received.subarray(end + 4));
  }

  #read(received: Buffer): number {
    let at = 0;
    while (received.length - at >= 2) {
      const short = received[at + 1]!;
      const headerBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (received.length - at < headerBytes) break;
      const length = short < 126
        ? short
        : short === 126
        ? received.readUInt16BE(at + 2)
        : Number(received.readBigUInt64BE(at + 2));
      const end = at + headerBytes + length;
      if (received.length < end) break;
      this.#take(received[at]!, received.subarray(at + headerBytes, end));
      at = end;
    }
    return at;
  }

  #take(kind: number, payload: Buffer): void {
    if (kind === CLOSE) return this.#fail("the server said goodbye");
    if (kind !== BINARY) return;
    for (const frame of splitServerFrames(payload)) {
      if (frame.ping) this.send({ pong: { nonce: frame.ping.nonce } });
      else this.#onFrame(frame);
    }
  }

  #fail(reason: string): void {
    this.#opened.reject(new Failure("socketRefused", `Cannot open a fan's socket: ${reason}`));
  }
}

/** Our frames have less than 126 bytes or less than 64 KiB. */
function masked(payload: Uint8Array): Buffer {
  const { length } = payload;
  const header = length < 126
    ? [BINARY, MASKED | length]
    : [BINARY, MASKED | 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([...header, 0, 0, 0, 0]), payload]);
}
