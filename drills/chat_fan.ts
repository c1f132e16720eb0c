/**
 * Somebody with a socket in one room, who folds what they hear and remembers
 * what they were answered.
 *
 * Raw on purpose, as the subscriber is. What was asked before the socket ended
 * is asked again on the next one, under the same client id, until it is answered.
 */
import { Buffer } from "node:buffer";
import WebSocket from "ws";
import { splitServerFrames } from "../protocol/frames.ts";
import { type ClientFrameInit, encodeClientFrame, type Reply } from "../protocol/golazo_codec.ts";
import { ChatFold } from "./chat_fold.ts";
import { fanToken } from "./fan_token.ts";

export interface ChatFanOptions {
  user: string;
  role?: "fan" | "moderator" | "operator";
  device: string;
  room: string;
  /** Of its gateway at that moment. */
  address(): string;
  /** Posts by their answers alone, and hears nothing of the room. */
  isDeaf?: boolean;
}

export interface Asked {
  frame: ClientFrameInit;
  /** Milliseconds since 1970, of the first time. */
  at: number;
  reply: Reply | null;
  answeredAt: number;
}

const COME_BACK_MS = 20;
const ASK_AGAIN_MS = 200;
/** Answers that say nothing of the wish itself. */
const UNSURE = new Set(["ownerUnavailable", "roomUnavailable", "busy", "storeAway"]);

export class ChatFan {
  readonly user: string;
  readonly fold = new ChatFold();
  readonly asked: Asked[] = [];
  /** Reasons of answers after which it asked again. */
  readonly unsure: string[] = [];
  isReady = false;
  /** Codes with which its sockets were closed. */
  readonly closes: number[] = [];
  /** Where it would resume; a drill may set it back. */
  position = { epoch: "", offset: 0 };
  /** How often it began with a snapshot. */
  snapshots = 0;
  /** False: its socket's end is its own. */
  comesBack = true;
  readonly #options: ChatFanOptions;
  #socket: WebSocket;

  constructor(options: ChatFanOptions) {
    this.#options = options;
    this.user = options.user;
    this.#socket = this.#connect();
  }

  post(clientId: string, text: string): Asked {
    return this.ask({ chatSend: { id: 0, clientId, room: this.#options.room, text } });
  }

  moderate(
    action: string,
    target: string,
    fields: { confirm?: boolean; room?: string } = {},
  ): Asked {
    const reason = "by the drill";
    const room = fields.room ?? this.#options.room;
    const clientId = `${action}-${this.asked.length}`;
    const { confirm = false } = fields;
    return this.ask({ moderate: { id: 0, room, action, target, reason, clientId, confirm } });
  }

  ask(frame: ClientFrameInit): Asked {
    const asked = { frame, at: Date.now(), reply: null, answeredAt: 0 };
    this.asked.push(asked);
    this.#ask(this.asked.length - 1);
    return asked;
  }

  /** Ends its socket without a word; it comes back with its position. */
  cut(): void {
    this.#socket.terminate();
  }

  close(): void {
    this.comesBack = false;
    this.#socket.terminate();
  }

  #connect(): WebSocket {
    const { role, device, room, isDeaf } = this.#options;
    const url = `${this.#options.address().replace("http", "ws")}/ws`;
    const socket = new WebSocket(url, ["golazo.v1.protobuf"]);
    socket.on("open", () => {
      const token = fanToken(this.user, role);
      this.#send(socket, {
        hello: { token, deviceId: device, instanceId: device, batch: true },
      });
      const channel = `chat:room:${room}`;
      if (!isDeaf) this.#send(socket, { subscribe: { id: 1, channel, ...this.position } });
    });
    socket.on("message", (bytes: Buffer) => this.#hear(socket, bytes));
    // Every error is followed by a close.
    socket.on("error", () => {});
    socket.on("close", (code: number) => {
      this.isReady = false;
      this.closes.push(code);
      if (this.comesBack) setTimeout(() => this.#return(), COME_BACK_MS);
    });
    return socket;
  }

  #return(): void {
    if (this.comesBack) this.#socket = this.#connect();
  }

  #hear(socket: WebSocket, bytes: Buffer): void {
    for (const { welcome, subscribed, publication, reply, ping } of splitServerFrames(bytes)) {
      if (publication) {
        if (publication.offset > 0) this.position.offset = publication.offset;
        this.fold.hear(publication);
      } else if (subscribed) {
        const { epoch, offset, room, publications } = subscribed;
        this.position = { epoch, offset };
        if (room) {
          this.snapshots += 1;
          this.fold.begin(room);
        }
        for (const one of publications) this.fold.hear(one);
        this.#isIn();
      } else if (welcome && this.#options.isDeaf) {
        this.#isIn();
      } else if (reply) {
        this.#answered(socket, reply);
      } else if (ping) {
        this.#send(socket, { pong: { nonce: ping.nonce } });
      }
    }
  }

  #isIn(): void {
    this.isReady = true;
    for (const [at, { reply }] of this.asked.entries()) if (reply === null) this.#ask(at);
  }

  #answered(socket: WebSocket, reply: Reply): void {
    if (reply.id < 2) {
      // Its room is not there yet.
      setTimeout(() => socket.terminate(), ASK_AGAIN_MS);
      return;
    }
    const asked = this.asked[reply.id - 2]!;
    if (UNSURE.has(reply.code)) {
      this.unsure.push(reply.code);
      setTimeout(() => this.#ask(reply.id - 2), reply.retryAfterMs || ASK_AGAIN_MS);
      return;
    }
    asked.reply ??= reply;
    asked.answeredAt ||= Date.now();
  }

  /** A request's id is its place, from 2. */
  #ask(at: number): void {
    const { frame, reply } = this.asked[at]!;
    if (reply !== null || !this.isReady) return;
    const { chatSend, moderate } = frame;
    const id = at + 2;
    this.#send(
      this.#socket,
      chatSend ? { chatSend: { ...chatSend, id } } : { moderate: { ...moderate!, id } },
    );
  }

  #send(socket: WebSocket, frame: ClientFrameInit): void {
    if (socket.readyState === WebSocket.OPEN) socket.send(encodeClientFrame(frame));
  }
}
