/**
 * HTTP as bytes on a TCP connection, for what a well-behaved client cannot say.
 */
import { connect, type Socket } from "node:net";
import { until } from "./until.ts";

export class RawHttp {
  readonly socket: Socket;
  received = "";
  ended = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (bytes) => (this.received += bytes.toString("latin1")));
    socket.on("close", () => (this.ended = true));
    socket.on("error", () => {});
  }

  static async connect(port: number): Promise<RawHttp> {
    const socket = connect(port, "127.0.0.1");
    const raw = new RawHttp(socket);
    await until(() => !socket.connecting, "a connection");
    return raw;
  }

  /** Sends the lines of a head, then the body. */
  send(head: string[], body = ""): void {
    this.socket.write(`${head.join("\r\n")}\r\n\r\n${body}`, "latin1");
  }

  /** Resolves with the status of the first reply. */
  async status(withinMs = 3_000): Promise<number> {
    const found = await until(
      () => /^HTTP\/1\.1 (\d{3})/.exec(this.received),
      "a status line",
      withinMs,
    );
    return Number(found[1]);
  }
}
