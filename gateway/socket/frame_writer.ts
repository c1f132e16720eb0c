/**
 * Ready WebSocket frames, and one TCP stream that they are written to.
 *
 * A message for many is framed once and the same Buffer goes to every socket:
 * a server's frames are not masked, so they are equal for all (RFC 6455, 5.1).
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

/** What of `ws`'s WebSocket decides whether a frame may still go out. */
export interface ReadyState {
  readonly readyState: number;
}

const OPEN = 1;
const TEXT = 0x81;
const BINARY = 0x82;

export function frameBinary(payload: Uint8Array): Buffer {
  const frame = allocate(BINARY, payload.length);
  frame.set(payload, frame.length - payload.length);
  return frame;
}

export function frameText(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const frame = allocate(TEXT, length);
  frame.write(text, frame.length - length);
  return frame;
}

/** Header for `length` bytes: 7 bits, or 16 after 126, or 64 after 127. */
function allocate(opcode: number, length: number): Buffer {
  const headerBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame[0] = opcode;
  if (headerBytes === 2) {
    frame[1] = length;
  } else if (headerBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  return frame;
}

export class FrameWriter {
  readonly #socket: ReadyState;
  readonly #stream: Duplex;
  #written = 0;
  /** Ours alone, so nobody shares them: they can wait for each other. */
  #soon: Buffer[] = [];
  #soonBytes = 0;
  /** Bytes that had left us at the last look, and when that number last grew. */
  #drained = -1;
  #drainedAt = 0;

  constructor(socket: ReadyState, stream: Duplex) {
    this.#socket = socket;
    this.#stream = stream;
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
    this.#soon.push(frame);
    this.#soonBytes += frame.length;
    if (this.#soon.length === 1) setImmediate(() => this.flush());
  }

  /** One write, no copy; only where `waitingBytes` said so. `frame` must never change afterwards. */
  write(frame: Buffer): void {
    if (this.#soon.length > 0) {
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
    if (frames.length === 0) return;
    this.#soon = [];
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
