/**
 * A few who mean no good, there from kick-off to the end: heads that never end,
 * Hellos that are none, and followers who read next to nothing.
 *
 * From an address of their own, as they share nobody's. Who is thrown out comes
 * again, so there are always as many.
 */
import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import { encodeClientFrame } from "../../protocol/mod.ts";
import { every, systemClock, type Timer } from "../../runtime/clock.ts";

const ADDRESS = "127.0.9.9";
const SLOW_HEADS = 20;
const SLOW_READERS = 10;
const STEP_MS = 100;
const UPGRADE = [
  ...["GET /ws HTTP/1.1", "host: 127.0.0.1", "connection: Upgrade", "upgrade: websocket"],
  ...["sec-websocket-version: 13", "sec-websocket-key: Z29sYXpvLWJlbmNobWFyaw=="],
  ...["sec-websocket-protocol: golazo.v1.protobuf", "", ""],
].join("\r\n");
const HEAD_STEPS_MAX = 1_000;

interface Client {
  socket: Socket;
  step: number;
}

export class HostileClients {
  /** Connections begun, and those that the server ended. */
  readonly count = { begun: 0, ended: 0 };
  readonly #ports: number[];
  readonly #channel: string;
  readonly #slowHeads: Client[] = [];
  readonly #slowReaders: Client[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #steps: Timer;

  constructor(ports: number[], channel: string) {
    this.#ports = ports;
    this.#channel = channel;
    this.#steps = every(systemClock, STEP_MS, () => this.#step());
  }

  leave(): void {
    this.#steps.cancel();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** A byte of each head, a look of each reader, and one Hello that is none. */
  #step(): void {
    fill(this.#slowHeads, SLOW_HEADS, () => this.#dial());
    for (const client of this.#slowHeads) {
      client.socket.write(client.step++ === 0 ? "GET /ws HTTP/1.1\r\nx-slow: " : "a");
      if (client.step > HEAD_STEPS_MAX) client.socket.destroy();
    }
    fill(this.#slowReaders, SLOW_READERS, () => this.#follow());
    for (const { socket } of this.#slowReaders) socket.read(1);
    const stranger = this.#dial();
    stranger.write(UPGRADE);
    stranger.write(masked(Buffer.from("this is no Hello")));
    stranger.resume();
  }

  #follow(): Socket {
    const socket = this.#dial();
    const [deviceId, instanceId] = ["slow", `slow-${this.count.begun}`];
    const hello = encodeClientFrame({ hello: { deviceId, instanceId, attempt: 1 } });
    const subscribe = encodeClientFrame({ subscribe: { id: 1, channel: this.#channel } });
    socket.write(UPGRADE);
    for (const frame of [hello, subscribe]) socket.write(masked(frame));
    return socket;
  }

  #dial(): Socket {
    const port = this.#ports[this.count.begun++ % this.#ports.length]!;
    const socket = connect({ port, host: "127.0.0.1", localAddress: ADDRESS });
    this.#sockets.add(socket);
    // A reset is one way to be thrown out.
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#sockets.delete(socket);
      this.count.ended += 1;
    });
    return socket;
  }
}

function fill(clients: Client[], size: number, dial: () => Socket): void {
  for (let at = 0; at < size; at++) {
    if (clients[at]?.socket.destroyed ?? true) clients[at] = { socket: dial(), step: 0 };
  }
}

/** A binary frame of less than 126 bytes, masked with zeros. */
function masked(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(0x82, 0x80 | payload.length, 0, 0, 0, 0), payload]);
}
