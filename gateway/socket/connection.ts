/**
 * The life of one socket: Hello, frames in order, writes, and one end.
 *
 * Nothing is done for a peer before its Hello was accepted; frames of the same
 * flight wait for that, in order. However a socket ends, it leaves the hub, its
 * device and the wheel in the same step, so nobody writes to one that is gone.
 * A connection is never restarted: its client comes back and resumes.
 */
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { closeCode, comesBack } from "../../protocol/close_code.ts";
import type {
  Attention,
  Hello,
  Pong,
  ReplyInit,
  ServerFrameInit,
} from "../../protocol/golazo_codec.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import type { Clock } from "../../runtime/clock.ts";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import type { Subscriber } from "../audience.ts";
import { forbidden } from "../auth/permissions.ts";
import { type CommandRouter, replyToFailure } from "../command_router.ts";
import type { ConnectionLine, Described } from "../connection_desk.ts";
import type { Leaver } from "../drain.ts";
import type { Hub } from "../hub.ts";
import { TokenBucket } from "../token_bucket.ts";
import { ALL_LANES, FIRST_LANES, type LaneSet, lanesUnderPressure, NO_LANES } from "../lanes.ts";
import type { CloseLog } from "./close_log.ts";
import { type Encoding, frameMessage, type ReadFrame, readFrame } from "./encoding.ts";
import type { Expiry, TokenHolder } from "./expiry.ts";
import { FrameWriter } from "./frame_writer.ts";
import { type HandshakePorts, shakeHands, welcome } from "./handshake.ts";
import type { PingWheel, Spoke } from "./ping_wheel.ts";
import type { Seat, Session, Sessions } from "./session.ts";
import { SocketRecord } from "./socket_record.ts";
import { type Owner, Subscriptions } from "./subscriptions.ts";

/** What all connections of a gateway share. */
export interface ConnectionPorts extends HandshakePorts {
  clock: Clock;
  events: BusinessEvents;
  hub: Hub;
  sessions: Sessions;
  wheel: PingWheel;
  commands: CommandRouter;
  expiry: Expiry;
  closes: CloseLog;
}

type KnownFrame = Exclude<ReadFrame, { fault: string }>;

const FRAMES = { perSecond: limits.framesPerSecondMax, burst: limits.framesBurstMax };

export class Connection implements Owner, Subscriber, Spoke, Seat, Leaver, TokenHolder, Described {
  readonly encoding: Encoding;
  readonly openedAt: number;
  session: Session | null = null;
  awaitedPong = 0;
  readonly #ports: ConnectionPorts;
  readonly #socket: WebSocket;
  readonly #writer: FrameWriter;
  readonly #subscriptions: Subscriptions;
  readonly #budget: TokenBucket;
  readonly #record: SocketRecord;
  /** What came while Hello was being checked; null before and after. */
  #early: KnownFrame[] | null = null;
  #isInBackground = false;
  #faults = 0;
  #closedWith = 0;

  constructor(socket: WebSocket, stream: Duplex, encoding: Encoding, ports: ConnectionPorts) {
    this.encoding = encoding;
    this.openedAt = ports.clock.monotonic();
    this.#ports = ports;
    this.#socket = socket;
    this.#writer = new FrameWriter(socket, stream);
    this.#subscriptions = new Subscriptions(this, ports.hub);
    this.#budget = new TokenBucket(FRAMES, ports.clock);
    this.#record = new SocketRecord(ports.clock, ports.closes);
    socket.on("message", (message, isBinary) => this.#hear(message as Buffer, isBinary));
    // Broken WebSocket: `ws` closes by itself and says so in "close".
    socket.on("error", (error) => ports.events.requestRefused("socket", faultName(error)));
    socket.on("close", (code, reason) => {
      this.#withdraw();
      ports.events.socketClosed(this.#closedWith || code);
      this.#record.closed(this.session, this.#closedWith || code, reason.toString());
    });
    ports.events.socketOpened();
    ports.wheel.open(this);
  }

  get isBehind(): boolean {
    return this.#writer.isBehind;
  }

  stalledMs(now: number): number {
    return this.#writer.stalledMs(now);
  }

  caughtUp(): Promise<void> {
    return this.#writer.caughtUp();
  }

  /** One look at the queue decides what this socket gets now, or whether it has to go. */
  openLanes(): LaneSet {
    const waiting = this.#writer.waitingBytes;
    if (waiting < 0) return NO_LANES;
    const attended = this.#isInBackground ? FIRST_LANES : ALL_LANES;
    if (waiting <= limits.queueSoftBytes) return attended;
    if (waiting > limits.queueHardBytes) {
      this.close(closeCode.slow, "slow");
      return NO_LANES;
    }
    this.#ports.wheel.watch(this);
    return attended & lanesUnderPressure(waiting);
  }

  write(frame: Buffer): void {
    this.#writer.write(frame);
  }

  writeSoon(frame: Buffer): void {
    this.#writer.writeSoon(frame);
  }

  tell(reply: ReplyInit): void {
    this.#send({ reply });
  }

  ping(nonce: number): void {
    this.#record.pinged();
    this.#send({ ping: { nonce } });
    this.#ports.sessions.renew(this);
    this.#subscriptions.tellPositions();
  }

  /** The queue is short again: what was left out can follow. */
  caughtBreath(): void {
    if (this.#isInBackground) return;
    this.#subscriptions.mend().catch((thrown) => {
      // It will lag again or be looked at again, and is mended then.
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
    const subscriptions = this.#subscriptions.describe();
    const { waitingBytes } = this.#writer;
    return this.#record.describe(this, this.#isInBackground, waitingBytes, subscriptions);
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
    if ("fault" in read) return this.#complain(read.fault);
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
    try {
      const reply = await this.#answer(read);
      if (reply?.code === "tooManySubscriptions") {
        this.#ports.events.requestRefused("socket", reply.code);
      }
      if (reply !== null) this.#send({ reply });
    } catch (thrown) {
      if (!(thrown instanceof Failure)) {
        this.#ports.events.warned(`Cannot answer ${read.name}: ${reasonOf(thrown)}`);
      }
      const { id = 0 } = read.frame[read.name] as { id?: number };
      this.#send({ reply: replyToFailure(id, thrown) });
    }
  }

  /** Null where the answer went another way. */
  async #answer({ name, frame }: KnownFrame): Promise<ReplyInit | null> {
    const session = this.session!;
    const refusal = forbidden(session, name, frame, this.#ports.events);
    if (refusal !== null) return refusal;
    switch (name) {
      case "subscribe":
        return await this.#subscriptions.subscribe(frame.subscribe!, session.lite);
      case "unsubscribe":
        return this.#subscriptions.unsubscribe(frame.unsubscribe!);
      case "track":
        return await this.#subscriptions.track(frame.track!);
      case "predict":
      case "chatSend":
      case "react":
      case "moderate":
        return await this.#ports.commands.carryOut(name, frame[name]!, session);
      case "refresh":
        return await this.#ports.expiry.refresh(frame.refresh!, this);
      case "hello":
        this.#complain("Cannot take a second hello on one socket");
        return null;
      case "attention":
        this.#attend(frame.attention!);
        return null;
      case "pong":
        return null;
    }
  }

  #attend({ background }: Attention): void {
    this.#isInBackground = background;
    this.caughtBreath();
  }

  #send(message: ServerFrameInit): void {
    if (this.openLanes() !== NO_LANES) this.writeSoon(frameMessage(this.encoding, message));
  }

  /** The peer is told what was wrong, and let go when it goes on like that. */
  #complain(reason: string): void {
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
    this.#subscriptions.leaveAll();
    sessions.leave(this);
  }
}

/** `WS_ERR_UNSUPPORTED_MESSAGE_LENGTH` and the like, else what it is. */
function faultName(error: Error & { code?: string }): string {
  return error.code ?? error.name;
}
