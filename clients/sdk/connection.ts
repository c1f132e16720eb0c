/**
 * The life of one socket, from opening to its one end.
 *
 * Says Hello and the first commands in one flight, answers pings and notices
 * when the other side is gone without a word: a half-open socket looks healthy
 * to the platform for minutes. Whatever happens, `ended` comes once and nothing
 * after it.
 */
import { encodeClientFrame } from "../../protocol/golazo_codec.ts";
import type { ClientFrame, ServerFrame, Welcome } from "../../protocol/golazo_codec.ts";
import { splitServerFrames } from "../../protocol/frames.ts";
import { clientLimits } from "./client_limits.ts";
import type { ClientPlatform, Transport } from "./client_platform.ts";
import { serverClockOffset } from "./match_minute.ts";

export const SUBPROTOCOL = "golazo.v1.protobuf";

/** The socket closed without a code, or we gave it up: RFC 6455's "abnormal". */
const ABNORMAL = 1006;

export interface ConnectionEvents {
  welcomed(welcome: Welcome, clockOffset: number): void;
  received(frame: ServerFrame): void;
  ended(code: number, reason: string, retryAfterMs: number): void;
}

export class Connection {
  /** When the last bytes came, by the platform's clock. */
  heardAt: number;
  isWelcome = false;
  readonly #platform: ClientPlatform;
  readonly #events: ConnectionEvents;
  readonly #transport: Transport;
  #openedAt = 0;
  #quietMsMax = 0;
  #goodbye = { code: 0, reason: "", retryAfterMs: 0 };
  #over = false;
  #cancelDeadline: () => void;

  constructor(
    platform: ClientPlatform,
    url: string,
    firstFlight: () => ClientFrame[],
    events: ConnectionEvents,
  ) {
    this.#platform = platform;
    this.#events = events;
    this.heardAt = platform.now();
    this.#cancelDeadline = platform.after(
      clientLimits.handshakeMsMax,
      () => this.#end(ABNORMAL, "no answer"),
    );
    this.#transport = platform.openTransport(url, SUBPROTOCOL, {
      opened: () => {
        if (this.#over) return;
        this.#openedAt = platform.now();
        for (const frame of firstFlight()) this.send(frame);
      },
      received: (bytes) => this.#receive(bytes),
      closed: (code) => this.#end(code, ""),
    });
  }

  send(frame: ClientFrame): void {
    if (!this.#over) this.#transport.send(encodeClientFrame(frame));
  }

  /** Every channel is answered: from now on only silence ends this from our side. */
  established(): void {
    this.#cancelDeadline();
    this.#watchForSilence();
  }

  /** Whether the other side has been silent for longer than it promised. */
  isQuiet(): boolean {
    return this.#quietMsMax > 0 && this.#platform.now() - this.heardAt >= this.#quietMsMax;
  }

  /** Ends it from our side, without an event. */
  close(): void {
    this.#finish();
  }

  #receive(bytes: Uint8Array): void {
    if (this.#over) return;
    this.heardAt = this.#platform.now();
    let frames: ServerFrame[];
    try {
      frames = splitServerFrames(bytes);
    } catch {
      return this.#end(ABNORMAL, "not understood");
    }
    for (const frame of frames) {
      // A listener may close us in the middle of a batch.
      if (this.#over) return;
      this.#take(frame);
    }
  }

  #take(frame: ServerFrame): void {
    const { ping, welcome, goodbye } = frame;
    if (ping) this.send({ pong: { nonce: ping.nonce } });
    else if (goodbye) this.#goodbye = goodbye;
    else if (welcome) {
      this.isWelcome = true;
      this.#quietMsMax = welcome.pingEveryMs + welcome.pongWithinMs;
      const offset = serverClockOffset(welcome.serverTime, this.#openedAt, this.heardAt);
      this.#events.welcomed(welcome, offset);
    } else this.#events.received(frame);
  }

  /** One timer for the whole silence instead of one a frame. */
  #watchForSilence(): void {
    const leftMs = this.heardAt + this.#quietMsMax - this.#platform.now();
    this.#cancelDeadline = this.#platform.after(Math.max(leftMs, 0), () => {
      if (this.isQuiet()) this.#end(ABNORMAL, "silence");
      else this.#watchForSilence();
    });
  }

  #end(closeCode: number, why: string): void {
    if (this.#over) return;
    this.#finish();
    const { code, reason, retryAfterMs } = this.#goodbye;
    this.#events.ended(
      closeCode >= 4000 ? closeCode : code || closeCode,
      reason || why,
      retryAfterMs,
    );
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelDeadline();
    this.#transport.close();
  }
}
