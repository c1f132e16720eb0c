/**
 * A client that keeps everything it hears, with the time of its arrival.
 *
 * Raw on purpose: no SDK, no fold, no forgiveness. It says Hello and where it
 * was, writes down every frame, and comes back at once when its socket closes,
 * or when the Goodbye said; whether what it heard was right is for the history checker.
 */
import { Buffer } from "node:buffer";
import WebSocket from "ws";
import { splitServerFrames } from "../protocol/frames.ts";
import {
  type ClientFrameInit,
  encodeClientFrame,
  type ServerFrame,
} from "../protocol/golazo_codec.ts";

export interface HeardFrame {
  /** Milliseconds, monotonic. */
  at: number;
  /** Which of its sockets, from 1. */
  socket: number;
  frame: ServerFrame;
}

export interface Position {
  epoch: string;
  offset: number;
}

export interface SubscriberOptions {
  name: string;
  /** Of the server at that moment: `http://127.0.0.1:<port>`. */
  address(): string;
  channels: string[];
}

const RECONNECT_MS = 20;
const ASK_AGAIN_MS = 100;
/** RFC 6455's word for a socket that ended without a close frame. */
const ABNORMAL = 1006;

export class Subscriber {
  readonly name: string;
  readonly log: HeardFrame[] = [];
  /** By channel: where it would resume. */
  readonly positions = new Map<string, Position>();
  sockets = 0;
  /** Of its sockets, those that ended by a close frame. */
  readonly closeCodes: number[] = [];
  readonly #options: SubscriberOptions;
  /** Channels by their number on the present socket. */
  readonly #numbers = new Map<number, string>();
  readonly #listeners = new Set<(heard: HeardFrame) => void>();
  #socket: WebSocket | null = null;
  #comesBackMs = RECONNECT_MS;
  #isOver = false;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.name = options.name;
    this.#connect();
  }

  /** Until the answer is called. */
  onFrame(listener: (heard: HeardFrame) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The channel that a number stands for on the present socket. */
  channelOf(number: number): string | undefined {
    return this.#numbers.get(number);
  }

  /** Every channel has answered on the present socket. */
  get isSubscribed(): boolean {
    return this.#numbers.size === this.#options.channels.length;
  }

  /** Both have heard the same of every channel. */
  isLevelWith(other: Subscriber): boolean {
    return [...other.positions].every(([channel, { epoch, offset }]) => {
      const own = this.positions.get(channel);
      return own?.epoch === epoch && own.offset === offset;
    });
  }

  close(): void {
    this.#isOver = true;
    this.#socket?.terminate();
  }

  #connect(): void {
    if (this.#isOver) return;
    this.sockets += 1;
    this.#numbers.clear();
    this.#comesBackMs = RECONNECT_MS;
    const url = `${this.#options.address().replace("http", "ws")}/ws`;
    const socket = new WebSocket(url, ["golazo.v1.protobuf"]);
    this.#socket = socket;
    socket.on("open", () => this.#greet(socket));
    socket.on("message", (bytes: Buffer) => this.#hear(socket, bytes));
    // Every error is followed by a close.
    socket.on("error", () => {});
    socket.on("close", (code: number) => {
      if (code !== ABNORMAL) this.closeCodes.push(code);
      setTimeout(() => this.#connect(), this.#comesBackMs);
    });
  }

  #greet(socket: WebSocket): void {
    const { name, channels } = this.#options;
    const attempt = this.sockets;
    send(socket, { hello: { deviceId: name, instanceId: name, attempt, batch: true } });
    for (const at of channels.keys()) this.#ask(socket, at);
  }

  /** A request's id is its channel's place, from 1. */
  #ask(socket: WebSocket, at: number): void {
    const channel = this.#options.channels[at]!;
    send(socket, { subscribe: { id: at + 1, channel, ...this.positions.get(channel) } });
  }

  #hear(socket: WebSocket, bytes: Buffer): void {
    const at = performance.now();
    for (const frame of splitServerFrames(bytes)) {
      const heard = { at, socket: this.sockets, frame };
      this.log.push(heard);
      this.#follow(socket, frame);
      for (const listener of this.#listeners) listener(heard);
    }
  }

  #follow(socket: WebSocket, frame: ServerFrame): void {
    const { subscribed, publication, reply, ping, goodbye } = frame;
    if (subscribed) {
      const { channel, number, epoch, offset } = subscribed;
      this.#numbers.set(number, channel);
      this.positions.set(channel, { epoch, offset });
    } else if (publication && publication.offset > 0) {
      const position = this.positions.get(this.#numbers.get(publication.channel) ?? "");
      if (position) position.offset = publication.offset;
    } else if (reply && reply.code !== "ok") {
      const askAgain = () => {
        if (socket === this.#socket) this.#ask(socket, reply.id - 1);
      };
      setTimeout(askAgain, reply.retryAfterMs || ASK_AGAIN_MS);
    } else if (ping) {
      send(socket, { pong: { nonce: ping.nonce } });
    } else if (goodbye) {
      this.#comesBackMs = Math.max(RECONNECT_MS, goodbye.retryAfterMs);
    }
  }
}

function send(socket: WebSocket, frame: ClientFrameInit): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(encodeClientFrame(frame));
}
