/**
 * A client with a real socket, for tests: sends frames, keeps what came.
 */
import { type ClientOptions, WebSocket } from "ws";
import { serverFrameName } from "../../protocol/frames.ts";
import {
  type ClientFrameInit,
  decodeServerFrame,
  encodeClientFrame,
  type HelloInit,
  type ServerFrame,
} from "../../protocol/golazo_codec.ts";
import { fromJson, toJson } from "../../protocol/json_mapping.ts";
import type { Encoding } from "../socket/encoding.ts";
import { until } from "./until.ts";

export interface FanOptions extends ClientOptions {
  encoding?: Encoding;
}

export class Fan {
  readonly socket: WebSocket;
  readonly encoding: Encoding;
  readonly frames: ServerFrame[] = [];
  closedWith: { code: number; reason: string } | null = null;

  private constructor(socket: WebSocket, encoding: Encoding) {
    this.socket = socket;
    this.encoding = encoding;
    socket.on("message", (message) => this.frames.push(this.#read(message as Buffer)));
    socket.on("close", (code, reason) => (this.closedWith = { code, reason: String(reason) }));
    socket.on("error", () => {});
  }

  /** Resolves once the socket is open. */
  static async connect(port: number, options: FanOptions = {}): Promise<Fan> {
    const { encoding = "protobuf", ...rest } = options;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, `golazo.v1.${encoding}`, rest);
    const fan = new Fan(socket, encoding);
    await until(() => socket.readyState !== WebSocket.CONNECTING, "a socket");
    return fan;
  }

  /** Resolves once Welcome came. */
  static async enter(port: number, hello: HelloInit = {}, options: FanOptions = {}): Promise<Fan> {
    const fan = await Fan.connect(port, options);
    fan.send({ hello });
    await fan.next("welcome");
    return fan;
  }

  send(frame: ClientFrameInit): void {
    this.socket.send(
      this.encoding === "protobuf"
        ? encodeClientFrame(frame)
        : JSON.stringify(toJson("ClientFrame", frame)),
    );
  }

  /** Asks for a match's channel and resolves with the Subscribed. */
  async watch(match: string, position: { epoch?: string; offset?: number } = {}) {
    this.send({ subscribe: { channel: `match:${match}`, ...position } });
    const seen = this.all("subscribed").length;
    return await until(() => this.all("subscribed")[seen], `Subscribed to ${match}`);
  }

  all<N extends keyof ServerFrame>(name: N): NonNullable<ServerFrame[N]>[] {
    return this.frames.flatMap((frame) => frame[name] === undefined ? [] : [frame[name]]);
  }

  /** The first frame of that name, when it comes. */
  async next<N extends keyof ServerFrame>(name: N): Promise<NonNullable<ServerFrame[N]>> {
    return await until(() => this.all(name)[0], `${name}; came: ${this.names()}`);
  }

  names(): string {
    return this.frames.map(serverFrameName).join(" ");
  }

  /** Resolves with the close code. */
  async closed(): Promise<number> {
    return (await until(() => this.closedWith, "a close")).code;
  }

  #read(message: Buffer): ServerFrame {
    return this.encoding === "protobuf"
      ? decodeServerFrame(message)
      : fromJson("ServerFrame", JSON.parse(message.toString()));
  }
}
