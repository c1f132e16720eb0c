/**
 * One fan's page, in either form: a `ws` client that says Hello, follows a match
 * and keeps its picture by the SDK's own fold, counting what comes.
 */
import { once } from "node:events";
import { WebSocket } from "ws";
import { foldPublication, type MatchPicture, pictureOf } from "../../clients/sdk/match_store.ts";
import {
  type ClientFrameInit,
  encodeClientFrame,
  encodeServerFrame,
  fromJson,
  type ServerFrame,
  splitServerFrames,
  toJson,
} from "../../protocol/mod.ts";
import { pause, systemClock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";

export type Form = "protobuf" | "json";

const PICTURE_MS_MAX = 5_000;

export class Follower {
  /** Of WebSocket messages, with their frames' headers. */
  bytes = 0;
  publications = 0;
  /** Of each goal alone, in protobuf. */
  readonly goalFrameBytes: number[] = [];
  picture: MatchPicture | null = null;
  readonly #socket: WebSocket;
  readonly #form: Form;

  private constructor(socket: WebSocket, form: Form) {
    this.#socket = socket;
    this.#form = form;
    socket.on("message", (message) => this.#hear(message as Buffer));
  }

  /** Resolves when the picture is there. */
  static async open(port: number, channel: string, form: Form): Promise<Follower> {
    const url = `ws://127.0.0.1:${port}/ws`;
    const socket = new WebSocket(url, `golazo.v1.${form}`, { perMessageDeflate: false });
    const follower = new Follower(socket, form);
    await once(socket, "open");
    follower.#send({ hello: { batch: true } });
    follower.#send({ subscribe: { id: 1, channel } });
    await follower.sees(() => true);
    return follower;
  }

  /** Resolves once the picture is so. @throws {Failure} `pictureWrong` where it does not become so. */
  async sees(isSo: (picture: MatchPicture) => boolean): Promise<void> {
    const until = systemClock.monotonic() + PICTURE_MS_MAX;
    while (this.picture === null || !isSo(this.picture)) {
      if (systemClock.monotonic() > until) {
        const reason = `Cannot count bytes: the ${this.#form} view is not what was played`;
        throw new Failure("pictureWrong", reason);
      }
      await pause(systemClock, 1);
    }
  }

  close(): void {
    this.#socket.terminate();
  }

  #send(frame: ClientFrameInit): void {
    this.#socket.send(
      this.#form === "protobuf"
        ? encodeClientFrame(frame)
        : JSON.stringify(toJson("ClientFrame", frame)),
    );
  }

  #hear(message: Buffer): void {
    this.bytes += framedBytes(message.length);
    const frames = this.#form === "protobuf"
      ? splitServerFrames(message)
      : message.toString().split("\n").map((line) => fromJson("ServerFrame", JSON.parse(line)));
    for (const frame of frames) this.#take(frame);
  }

  #take(frame: ServerFrame): void {
    const { subscribed, publication } = frame;
    if (subscribed?.match) this.picture = pictureOf(subscribed.match);
    if (!publication || this.picture === null) return;
    this.publications += 1;
    this.picture = foldPublication(this.picture, publication);
    if (publication.goal) this.goalFrameBytes.push(framedBytes(encodeServerFrame(frame).length));
  }
}

/** A server's frame has no mask. */
function framedBytes(length: number): number {
  return length + (length < 126 ? 2 : length < 65_536 ? 4 : 10);
}
