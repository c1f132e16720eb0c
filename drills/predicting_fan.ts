/**
 * A fan with a socket who predicts, and remembers what was answered.
 *
 * Raw on purpose, as the subscriber is. Whose socket ends before the answer
 * comes back elsewhere and asks again under the same client id, once: what came
 * of the first time the fan does not know, and is not told by the second.
 */
import { Buffer } from "node:buffer";
import WebSocket from "ws";
import { splitServerFrames } from "../protocol/frames.ts";
import { type ClientFrameInit, encodeClientFrame, type Reply } from "../protocol/golazo_codec.ts";
import { fanToken } from "./fan_token.ts";

export interface Asked {
  clientId: string;
  match: string;
  market: string;
  pick: string;
}

export class PredictingFan {
  readonly user: string;
  /** The last reply; null while none came. */
  answer: Reply | null = null;
  /** Milliseconds from the first asking to the answer. */
  answeredInMs = 0;
  /** Its socket ended before the answer. */
  wasCutOff = false;
  asked: Asked | null = null;
  isReady = false;
  readonly #addresses: () => string[];
  #socket: WebSocket;
  #askedAt = 0;
  #isOver = false;

  /** @param addresses of the gateways: its own, then where it goes when that is gone */
  constructor(user: string, addresses: () => string[]) {
    this.user = user;
    this.#addresses = addresses;
    this.#socket = this.#connect(0);
  }

  predict(asked: Asked): void {
    this.asked = asked;
    this.#askedAt = performance.now();
    this.#ask();
  }

  /** Ready for another prediction. */
  forget(): void {
    [this.asked, this.answer, this.wasCutOff] = [null, null, false];
  }

  close(): void {
    this.#isOver = true;
    this.#socket.terminate();
  }

  #connect(at: number): WebSocket {
    const url = `${this.#addresses()[at]!.replace("http", "ws")}/ws`;
    const socket = new WebSocket(url, ["golazo.v1.protobuf"]);
    socket.on("open", () => {
      this.#send(socket, { hello: { token: fanToken(this.user), batch: true } });
    });
    socket.on("message", (bytes: Buffer) => this.#hear(socket, bytes));
    // Every error is followed by a close.
    socket.on("error", () => {});
    socket.on("close", () => {
      this.isReady = false;
      if (this.#isOver) return;
      if (this.asked !== null && this.answer === null) this.wasCutOff = true;
      setTimeout(() => (this.#socket = this.#connect(1)), 20);
    });
    return socket;
  }

  #hear(socket: WebSocket, bytes: Buffer): void {
    for (const { welcome, reply, ping } of splitServerFrames(bytes)) {
      if (welcome) {
        this.isReady = true;
        if (this.asked !== null && this.answer === null) this.#ask();
      } else if (reply) {
        this.answer ??= reply;
        this.answeredInMs = performance.now() - this.#askedAt;
      } else if (ping) {
        this.#send(socket, { pong: { nonce: ping.nonce } });
      }
    }
  }

  #ask(): void {
    this.#send(this.#socket, { predict: { id: 1, ...this.asked } });
  }

  #send(socket: WebSocket, frame: ClientFrameInit): void {
    if (socket.readyState === WebSocket.OPEN) socket.send(encodeClientFrame(frame));
  }
}
