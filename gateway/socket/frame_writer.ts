/**
 * One socket as the hub knows it: what it takes now, and the write of a ready frame.
 *
 * Everything that a goal touches on its way to a socket is here, side by side:
 * of ten thousand sockets none is in the processor's cache, so each object more
 * costs as much as the work itself.
 *
 * Writing past `ws` to its own stream is safe while three things hold: frames
 * are whole, so nothing of ours ever stands open; perMessageDeflate is off and
 * no Blob is sent, so `ws` writes its own frames (pong, close) whole and at
 * once, in the order of the calls; and nothing follows a close frame, which
 * `readyState` tells: `ws` leaves OPEN in the call that writes it. A peer may
 * start the closing at any time, so a socket that is not OPEN is an outcome.
 */
import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers";
import { limits } from "../../runtime/limits.ts";
import type { Subscriber } from "../audience.ts";
import { ALL_LANES, FIRST_LANES, type LaneSet, lanesUnderPressure, NO_LANES } from "../lanes.ts";
import type { Encoding } from "./encoding.ts";
import { ReadAhead } from "./read_ahead.ts";

/** What of `ws`'s WebSocket decides whether a frame may still go out. */
export interface ReadyState {
  readonly readyState: number;
}

const OPEN = 1;

/** Called while a frame is about to be written. */
export interface Pressure {
  /** More than the soft limit waits: look after it until that is over. */
  lags(): void;
  /** More than the hard limit waits: it has to go. */
  overflows(): void;
  /** Much was sent since the peer was heard to have read: it is to be asked, by a ping. */
  runsAhead(): void;
}

export class FrameWriter implements Subscriber {
  readonly encoding: Encoding;
  sample = 0;
  /** Nobody looks: only the first lanes are taken. */
  isInBackground = false;
  readonly #socket: ReadyState;
  readonly #stream: Duplex;
  readonly #pressure: Pressure;
  #written = 0;
  /** Of a socket that was to get posts. */
  #readAhead: ReadAhead | null = null;
  /** Ours alone, so nobody shares them: they can wait for each other. */
  #soon: Buffer[] | null = null;
  #soonBytes = 0;
  /** Bytes that had left us at the last look, and when that number last grew. */
  #drained = -1;
  #drainedAt = 0;

  constructor(socket: ReadyState, stream: Duplex, encoding: Encoding, pressure: Pressure) {
    this.#socket = socket;
    this.#stream = stream;
    this.encoding = encoding;
    this.#pressure = pressure;
  }

  /** One look at the queue decides what this socket gets now. */
  openLanes(): LaneSet {
    if (this.#socket.readyState !== OPEN) return NO_LANES;
    const waiting = this.#stream.writableLength + this.#soonBytes;
    const attended = this.isInBackground ? FIRST_LANES : ALL_LANES;
    if (waiting <= limits.queueSoftBytes) return attended;
    if (waiting > limits.queueHardBytes) {
      this.#pressure.overflows();
      return NO_LANES;
    }
    this.#pressure.lags();
    return attended & lanesUnderPressure(waiting);
  }

  takesPosts(): boolean {
    const sent = this.#written + this.#soonBytes;
    const ahead = this.#readAhead ??= new ReadAhead();
    if (ahead.isToBeAsked(sent)) this.#pressure.runsAhead();
    return ahead.isOpen(sent);
  }

  /** A ping is about to be written: its answer tells that all before it was read. */
  asks(now: number): void {
    this.#readAhead?.asked(this.#written + this.#soonBytes, now);
  }

  /** That ping was answered. */
  answered(now: number): void {
    this.#readAhead?.answered(now);
  }

  /** Whether more than the soft limit waits. */
  get isBehind(): boolean {
    return this.#stream.writableLength + this.#soonBytes > limits.queueSoftBytes;
  }

  /** Bytes that wait in our queue; -1 where nothing may be written any more. */
  get waitingBytes(): number {
    if (this.#socket.readyState !== OPEN) return -1;
    return this.#stream.writableLength + this.#soonBytes;
  }

  /** With whatever else is written in this turn, in one. */
  writeSoon(frame: Buffer): void {
    this.#soonBytes += frame.length;
    if (this.#soon !== null) return void this.#soon.push(frame);
    this.#soon = [frame];
    setImmediate(() => this.flush());
  }

  /** One write, no copy. */
  write(frame: Buffer): void {
    if (this.#soon !== null) {
      this.#soon.push(frame);
      return this.flush();
    }
    this.#written += frame.length;
    this.#stream.write(frame);
  }

  /** The last words of a socket; they may wait behind any queue. */
  writeLast(frame: Buffer): void {
    if (this.#socket.readyState === OPEN) this.write(frame);
  }

  /** Writes what waits for the end of the turn. */
  flush(): void {
    const frames = this.#soon;
    if (frames === null) return;
    this.#soon = null;
    this.#soonBytes = 0;
    if (this.#socket.readyState === OPEN) {
      this.write(frames.length === 1 ? frames[0]! : Buffer.concat(frames));
    }
  }

  /** For how long nothing left the queue; asked again and again while `isBehind`. */
  stalledMs(now: number): number {
    const drained = this.#written - this.#stream.writableLength;
    if (drained > this.#drained) {
      this.#drained = drained;
      this.#drainedAt = now;
    }
    return now - this.#drainedAt;
  }

  /** Resolves once less than the soft limit waits, or the stream is gone. */
  async caughtUp(): Promise<void> {
    if (this.isBehind) this.flush();
    while (this.isBehind && !this.#stream.destroyed) {
      await new Promise<void>((resolve) => {
        const done = () => {
          this.#stream.off("drain", done).off("close", done);
          resolve();
        };
        this.#stream.on("drain", done).on("close", done);
      });
    }
  }
}
