/**
 * A server for tests of the fans: accepts everybody, gives each channel its
 * number, and says what a test wants.
 */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import {
  type ClientFrame,
  decodeClientFrame,
  encodeServerFrame,
  type ServerFrameInit,
} from "../protocol/mod.ts";

export const CHANNELS = ["match:arg-fra", "match:fra-cro"];
/** Of the channels above; the first is the one of the golden goal. */
export const NUMBERS = [127, 3] as const;
export const EPOCH = "e1";

export function framed(payload: Uint8Array): Buffer {
  const { length } = payload;
  const header = length < 126 ? [0x82, length] : [0x82, 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), payload]);
}

interface Greeting {
  hello: { attempt: number; deviceId: string };
  positions: { epoch: string; offset: number }[];
}

export class ScriptedServer {
  readonly greetings: Greeting[] = [];
  refusals = 0;
  missed: ServerFrameInit[] = [];
  /** Nobody's position is known any more: all are shown the whole, at offset 50. */
  isForgetful = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #heard: ClientFrame[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => this.#accept(socket));
  }

  static async start(): Promise<ScriptedServer> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ScriptedServer(server);
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  tell(frame: ServerFrameInit): void {
    this.write(framed(encodeServerFrame(frame)));
  }

  write(bytes: Uint8Array): void {
    for (const socket of this.#sockets) socket.write(bytes);
  }

  /** Lets what was written go out alone. */
  async settle(): Promise<void> {
    const probe = connect(this.port, "127.0.0.1");
    await once(probe, "connect");
    probe.destroy();
  }

  async heard(isIt: (frame: ClientFrame) => boolean, times: number): Promise<void> {
    while (this.#heard.filter(isIt).length < times) await this.settle();
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    let rest: Buffer = Buffer.alloc(0);
    let isOpen = false;
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("data", (bytes) => {
      rest = Buffer.concat([rest, bytes as Buffer]);
      if (!isOpen) {
        if (!rest.includes("\r\n\r\n")) return;
        rest = rest.subarray(rest.indexOf("\r\n\r\n") + 4);
        if (this.refusals-- > 0) return void socket.end("HTTP/1.1 503 Service Unavailable\r\n\r\n");
        isOpen = true;
        this.#sockets.add(socket);
        socket.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n");
      }
      for (let end; (end = frameEnd(rest)) !== null; rest = rest.subarray(end)) {
        this.#hear(socket, decodeClientFrame(rest.subarray(rest[1] === 0xfe ? 8 : 6, end)));
      }
    });
  }

  #hear(socket: Socket, frame: ClientFrame): void {
    this.#heard.push(frame);
    const { hello, subscribe } = frame;
    if (hello) {
      this.greetings.push({ hello, positions: [] });
      socket.write(framed(encodeServerFrame({ welcome: { session: "s" } })));
    }
    if (!subscribe) return;
    const { id, channel, epoch, offset } = subscribe;
    const greeting = this.greetings.at(-1)!;
    greeting.positions.push({ epoch, offset });
    const number = NUMBERS[CHANNELS.indexOf(channel)]!;
    const missed = this.missed.filter(({ publication }) => publication!.channel === number);
    const head = {
      id,
      channel,
      number,
      epoch: EPOCH,
      offset: missed.length > 0 ? 42 : this.isForgetful ? 50 : 3,
    };
    const subscribed = epoch === "" || this.isForgetful
      ? { ...head, match: { id: channel, venue: "x".repeat(70_000) } }
      : { ...head, recovered: true, publications: missed.map((frame) => frame.publication!) };
    const payload = encodeServerFrame({ subscribed });
    const length = Buffer.alloc(10);
    length.writeBigUInt64BE(BigInt(payload.length), 2);
    length.set([0x82, 127]);
    const frameBytes = payload.length < 65_536 ? framed(payload) : Buffer.concat([length, payload]);
    socket.write(frameBytes);
  }
}

/** Null: more has to come. A client's frames are masked, the fans' with zeros. */
function frameEnd(bytes: Buffer): number | null {
  if (bytes.length < 8) return null;
  const short = bytes[1]! & 0x7f;
  const end = short < 126 ? 6 + short : 8 + bytes.readUInt16BE(2);
  return bytes.length < end ? null : end;
}
