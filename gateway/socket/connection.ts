/**
 * The life of one socket: Hello, frames in order, writes, and one end.
 *
 * Nothing is done for a peer before its Hello was accepted; frames of the same
 * flight wait for that, in order. However a socket ends, it leaves the hub, its
 * device and the wheel in the same step, so nobody writes to one that is gone.
 * A connection is never restarted: its client comes back and resumes.
 */
import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { closeCode, comesBack } from "../../protocol/close_code.ts";
import type { Hello, Pong, ReplyInit, ServerFrameInit } from "../../protocol/golazo_codec.ts";
import { sampleOf } from "../../actors/room/pace_rules.ts";
import type { Clock } from "../../runtime/clock.ts";
import { reasonOf } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import type { ConnectionLine, Described } from "../connection_desk.ts";
import type { Leaver } from "../drain.ts";
import type { Hub } from "../hub.ts";
import { TokenBucket } from "../token_bucket.ts";
import { NO_LANES } from "../lanes.ts";
import { answer, type Answerers, type Asker, type KnownFrame } from "./answer.ts";
import type { CloseLog } from "./close_log.ts";
import { type Encoding, frameMessage, readFrame } from "./encoding.ts";
import { FrameWriter, type Pressure } from "./frame_writer.ts";
import { type HandshakePorts, shakeHands, welcome } from "./handshake.ts";
import type { PingWheel, Spoke } from "./ping_wheel.ts";
import type { Place, Seat, Session, Sessions } from "./session.ts";
import { SocketRecord } from "./socket_record.ts";
import { Subscriptions } from "./subscriptions.ts";

/** What all connections of a gateway share. */
export interface ConnectionPorts extends HandshakePorts, Answerers {
  clock: Clock;
  hub: Hub;
  sessions: Sessions;
  wheel: PingWheel;
  closes: CloseLog;
  /** All of a gateway; each is among them until its socket is closed. */
  connections: Set<Connection>;
}

/** A socket that knows whose it is, so that all of them share three listeners. */
interface OwnSocket extends WebSocket {
  [OWNER]: Connection;
}

const OWNER = Symbol("connection");

/** Of pings that ask how far a reader is; the wheel's count seconds from 1. */
const PACE_NONCE = 0xffff_ffff;
const FRAMES = { perSecond: limits.framesPerSecondMax, burst: limits.framesBurstMax };

export class Connection implements Spoke, Seat, Leaver, Asker, Described, Pressure {
  readonly encoding: Encoding;
  session: Session | null = null;
  awaitedPong = 0;
  place: Place | null = null;
  readonly #ports: ConnectionPorts;
  readonly #socket: WebSocket;
  readonly #writer: FrameWriter;
  readonly subscriptions: Subscriptions;
  readonly #budget: TokenBucket;
  readonly #record: SocketRecord;
  /** What came while Hello was being checked; null before and after. */
  #early: KnownFrame[] | null = null;
  #faults = 0;
  #closedWith = 0;

  constructor(socket: WebSocket, stream: Duplex, encoding: Encoding, ports: ConnectionPorts) {
    this.encoding = encoding;
    this.#ports = ports;
    this.#socket = socket;
    this.#writer = new FrameWriter(socket, stream, encoding, this);
    this.subscriptions = new Subscriptions(this.#writer, ports.hub);
    this.#budget = new TokenBucket(FRAMES, ports.clock);
    this.#record = new SocketRecord(ports.clock, ports.closes);
    (socket as OwnSocket)[OWNER] = this;
    socket.on("message", Connection.#heard);
    socket.on("error", Connection.#broken);
    socket.on("close", Connection.#ended);
    ports.connections.add(this);
    ports.events.socketOpened();
    ports.wheel.open(this);
  }

  static #heard(this: WebSocket, message: RawData, isBinary: boolean): void {
    (this as OwnSocket)[OWNER].#hear(message as Buffer, isBinary);
  }

  /** Broken WebSocket: `ws` closes by itself and says so in "close". */
  static #broken(this: WebSocket, error: Error): void {
    (this as OwnSocket)[OWNER].#ports.events.requestRefused("socket", faultName(error));
  }

  static #ended(this: WebSocket, code: number, reason: Buffer): void {
    (this as OwnSocket)[OWNER].#end(code, reason.toString());
  }

  #end(code: number, reason: string): void {
    const { connections, events } = this.#ports;
    connections.delete(this);
    this.#withdraw();
    events.socketClosed(this.#closedWith || code);
    this.#record.closed(this.session, this.#closedWith || code, reason);
  }

  get isBehind(): boolean {
    return this.#writer.isBehind;
  }

  stalledMs(now: number): number {
    return this.#writer.stalledMs(now);
  }

  lags(): void {
    this.#ports.wheel.watch(this);
  }

  overflows(): void {
    this.close(closeCode.slow, "slow");
  }

  runsAhead(): void {
    this.#writer.asks(this.#ports.clock.monotonic());
    this.#send({ ping: { nonce: PACE_NONCE } });
  }

  tell(reply: ReplyInit): void {
    this.#send({ reply });
  }

  ping(nonce: number): void {
    this.#record.pinged();
    this.#send({ ping: { nonce } });
    this.#ports.sessions.renew(this);
    // Once more where the store was away when it caught its breath.
    if (this.isBehind) this.subscriptions.tellPositions();
    else this.caughtBreath();
  }

  /** The queue is short: what was left out can follow. */
  caughtBreath(): void {
    if (this.#writer.isInBackground) return this.subscriptions.tellPositions();
    this.subscriptions.mend().catch((thrown) => {
      // With the next ping again.
      this.#ports.events.warned(`Cannot mend a lagging socket: ${reasonOf(thrown)}`);
    });
  }

  timeOut(limit: "hello" | "pong" | "stalled"): void {
    // A silent newcomer may be a phone in a tunnel: it may come back.
    if (limit === "hello") {
      this.#refuse(closeCode.slow, "noHello", `no hello within ${limits.helloMsMax} ms`);
    } else {
      this.close(closeCode.slow, limit === "pong" ? "no pong" : "slow");
    }
  }

  /** Goodbye is said where the client may come back. */
  close(code: number, reason: string, retryAfterMs = 0): void {
    if (this.#closedWith !== 0) return;
    this.#closedWith = code;
    this.#record.closing(reason);
    this.#withdraw();
    this.#writer.flush();
    if (comesBack(code)) {
      this.#writer.writeLast(
        frameMessage(this.encoding, { goodbye: { reason, retryAfterMs, code } }),
      );
    }
    // 123 bytes are what a close frame has room for: 41 UTF-16 units at most.
    this.#socket.close(code, reason.slice(0, 41));
  }

  /** Of one that said Hello. */
  describe(): ConnectionLine {
    const subscriptions = this.subscriptions.describe();
    const { waitingBytes, isInBackground } = this.#writer;
    return this.#record.describe(this, isInBackground, waitingBytes, subscriptions);
  }

  /** Without a word, at once. */
  cut(): void {
    this.#socket.terminate();
  }

  #hear(message: Buffer, isBinary: boolean): void {
    if (this.#closedWith !== 0) return;
    if (this.#budget.tokens() < 1) {
      return this.#refuse(closeCode.busy, "tooManyFrames", "too many", limits.busyRetryMs);
    }
    this.#budget.take();
    const read = readFrame(this.encoding, message, isBinary);
    if ("fault" in read) return this.complain(read.fault);
    if (read.frame.pong !== undefined) return this.#hearPong(read.frame.pong);
    if (this.session !== null) return void this.#obey(read);
    if (this.#early !== null) {
      if (this.#early.push(read) > limits.framesBeforeWelcomeMax) {
        this.#refuse(closeCode.protocol, "impatient", "too many frames before welcome");
      }
      return;
    }
    if (read.frame.hello === undefined) {
      return this.#refuse(closeCode.protocol, "noHello", `needed hello, found ${read.name}`);
    }
    this.#early = [];
    void this.#greet(read.frame.hello);
  }

  #hearPong({ nonce }: Pong): void {
    if (nonce === this.awaitedPong) this.awaitedPong = 0;
    this.#record.ponged();
    if (nonce !== PACE_NONCE) return;
    this.#writer.answered(this.#ports.clock.monotonic());
    if (!this.isBehind) this.caughtBreath();
  }

  async #greet(hello: Hello): Promise<void> {
    const { clock, events, sessions, wheel } = this.#ports;
    try {
      const outcome = await shakeHands(hello, this.#ports);
      if (this.#closedWith !== 0 || this.#socket.readyState !== this.#socket.OPEN) return;
      if ("refused" in outcome) {
        return this.#refuse(outcome.code, outcome.refused, outcome.reason, outcome.retryAfterMs);
      }
      this.session = outcome.session;
      this.#writer.sample = sampleOf(outcome.session.id);
    } catch (thrown) {
      events.warned(`Cannot check a token: ${reasonOf(thrown)}`);
      return this.#refuse(closeCode.busy, "internal", "internal", limits.busyRetryMs);
    }
    if (!sessions.enter(this, this.session)) return this.close(closeCode.replaced, "replaced");
    wheel.greeted(this);
    this.#ports.expiry.enter(this);
    this.#send({ welcome: welcome(this.session, clock) });
    const early = this.#early!;
    this.#early = null;
    for (const frame of early) void this.#obey(frame);
  }

  async #obey(read: KnownFrame): Promise<void> {
    if (this.#closedWith !== 0) return;
    const reply = await answer(read, this.session!, this, this.#ports);
    if (reply !== null) this.#send({ reply });
  }

  attend(background: boolean): void {
    this.#writer.isInBackground = background;
    this.caughtBreath();
  }

  #send(message: ServerFrameInit): void {
    if (this.#writer.openLanes() === NO_LANES) return;
    this.#writer.writeSoon(frameMessage(this.encoding, message));
  }

  /** The peer is told what was wrong, and let go when it goes on like that. */
  complain(reason: string): void {
    this.#faults += 1;
    this.#send({ reply: { code: "malformed", reason } });
    if (this.#faults >= limits.protocolErrorsMax) {
      this.#refuse(closeCode.protocol, "malformed", "malformed");
    }
  }

  /** `why` is one word, for counting. */
  #refuse(code: number, why: string, reason: string, retryAfterMs = 0): void {
    this.#ports.events.requestRefused("socket", why);
    this.close(code, reason, retryAfterMs);
  }

  #withdraw(): void {
    const { sessions, wheel } = this.#ports;
    wheel.remove(this);
    this.#ports.expiry.leave(this);
    this.subscriptions.leaveAll();
    sessions.leave(this);
  }
}

/** `WS_ERR_UNSUPPORTED_MESSAGE_LENGTH` and the like, else what it is. */
function faultName(error: Error & { code?: string }): string {
  return error.code ?? error.name;
}
