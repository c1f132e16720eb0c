/**
 * What operators may ask of one socket: since when, its last ping and pong, how
 * it ended. Kept beside the connection, which knows the rest.
 */
import type { Clock } from "../../runtime/clock.ts";
import type { ConnectionLine, SubscriptionLine } from "../connection_desk.ts";
import { ALL_LANES, FIRST_LANES, lanesIn, lanesUnderPressure } from "../lanes.ts";
import type { CloseLog } from "./close_log.ts";
import type { Encoding } from "./encoding.ts";
import type { Session } from "./session.ts";

/** A socket as others see it. */
interface Seen {
  readonly session: Session | null;
  readonly encoding: Encoding;
}

export class SocketRecord {
  readonly #clock: Clock;
  readonly #closes: CloseLog;
  /** Milliseconds since 1970, all of them. */
  readonly #since: number;
  #lastPing: number | null = null;
  #lastPong: number | null = null;
  #reason: string | null = null;

  constructor(clock: Clock, closes: CloseLog) {
    this.#clock = clock;
    this.#closes = closes;
    this.#since = clock.now();
  }

  pinged(): void {
    this.#lastPing = this.#clock.now();
  }

  ponged(): void {
    this.#lastPong = this.#clock.now();
  }

  /** By us. */
  closing(reason: string): void {
    this.#reason = reason;
  }

  /** `reason`: the client's own words, where it went by itself. */
  closed(session: Session | null, code: number, reason: string): void {
    if (session === null) return;
    this.#closes.closed(session, code, this.#reason ?? reason, this.#clock.now());
  }

  /** One that said Hello; fewer than 0 bytes wait where nothing may be written any more. */
  describe(
    seen: Seen,
    background: boolean,
    waitingBytes: number,
    subscriptions: SubscriptionLine[],
  ): ConnectionLine {
    const { encoding } = seen;
    const session = seen.session!;
    const attended = background ? FIRST_LANES : ALL_LANES;
    return {
      session: session.id,
      device: session.deviceId,
      instance: session.instanceId,
      subject: session.subject,
      encoding,
      lite: session.lite,
      background,
      openLanes: waitingBytes < 0 ? [] : lanesIn(attended & lanesUnderPressure(waitingBytes)),
      queueBytes: Math.max(0, waitingBytes),
      since: this.#since,
      lastPing: this.#lastPing,
      lastPong: this.#lastPong,
      subscriptions,
    };
  }
}
