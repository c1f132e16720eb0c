/**
 * One timer for the time limits of every socket.
 *
 * A wheel of as many slots as a ping period has seconds: each second one slot's
 * sockets are pinged, so 20,000 sockets cost 800 small writes a second instead
 * of a burst and 20,000 timers. The same second looks after the slot whose pong
 * is due, the newcomers without Hello, and the sockets that lag behind. A limit
 * is kept to within one such second, never early.
 */
import type { Clock, Timer } from "../../runtime/clock.ts";
import { limits } from "../../runtime/limits.ts";

const TICK_MS = 1_000;

export interface Spoke {
  /** Nonce of the ping that was not answered; 0: none. */
  awaitedPong: number;
  ping(nonce: number): void;
  /** Whether the queue is still past the soft limit. */
  readonly isBehind: boolean;
  stalledMs(now: number): number;
  /** It is behind no more. */
  caughtBreath(): void;
  timeOut(limit: "hello" | "pong" | "stalled"): void;
}

export class PingWheel {
  readonly #clock: Clock;
  readonly #slots: Set<Spoke>[];
  readonly #greeted: (spoke: Spoke) => void;
  /** With when it came, in that order, so the first is the first to be late. */
  readonly #greeting = new Map<Spoke, number>();
  readonly #behind = new Set<Spoke>();
  #tick = 0;
  #timer: Timer;

  /** `greeted` hears of each newcomer that said Hello or went without. */
  constructor(clock: Clock, greeted: (spoke: Spoke) => void = () => {}) {
    this.#clock = clock;
    this.#greeted = greeted;
    const slots = Math.round(limits.pingEveryMs / TICK_MS);
    this.#slots = Array.from({ length: slots }, () => new Set<Spoke>());
    this.#timer = clock.after(TICK_MS, () => this.#turn());
  }

  /** A newcomer: its Hello is due. */
  open(spoke: Spoke): void {
    this.#greeting.set(spoke, this.#clock.monotonic());
  }

  /** Hello was said: from now on it is pinged, the first time after a whole period. */
  greeted(spoke: Spoke): void {
    this.#endGreeting(spoke);
    this.#slots[this.#tick % this.#slots.length]!.add(spoke);
  }

  /** Looked after every second until its queue is short again. */
  watch(spoke: Spoke): void {
    this.#behind.add(spoke);
  }

  remove(spoke: Spoke): void {
    this.#endGreeting(spoke);
    this.#behind.delete(spoke);
    for (const slot of this.#slots) if (slot.delete(spoke)) return;
  }

  stop(): void {
    this.#timer.cancel();
  }

  #endGreeting(spoke: Spoke): void {
    if (this.#greeting.delete(spoke)) this.#greeted(spoke);
  }

  #turn(): void {
    this.#timer = this.#clock.after(TICK_MS, () => this.#turn());
    this.#tick += 1;
    this.#expireGreetings();
    this.#expirePongs();
    this.#ping();
    this.#expireStalled();
  }

  #expireGreetings(): void {
    const opened = this.#clock.monotonic() - limits.helloMsMax;
    for (const [spoke, openedAt] of this.#greeting) {
      if (openedAt > opened) return;
      spoke.timeOut("hello");
    }
  }

  /** The nonce is the tick, so an answer tells which ping it answers. */
  #ping(): void {
    for (const spoke of this.#slots[this.#tick % this.#slots.length]!) {
      spoke.awaitedPong = this.#tick;
      spoke.ping(this.#tick);
    }
  }

  #expirePongs(): void {
    const asked = this.#tick - Math.ceil(limits.pongMsMax / TICK_MS);
    if (asked <= 0) return;
    for (const spoke of this.#slots[asked % this.#slots.length]!) {
      if (spoke.awaitedPong === asked) spoke.timeOut("pong");
    }
  }

  #expireStalled(): void {
    const now = this.#clock.monotonic();
    for (const spoke of this.#behind) {
      if (!spoke.isBehind) {
        this.#behind.delete(spoke);
        spoke.caughtBreath();
      } else if (spoke.stalledMs(now) > limits.queueStalledMsMax) spoke.timeOut("stalled");
    }
  }
}
