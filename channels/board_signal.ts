/**
 * "Something of this board has changed", from the owners of its shards to who
 * tells it.
 *
 * Chunks come by the hundred, so what changed is collected and told four times a
 * second at most. A nudge and nothing more: it may be lost, and whoever hears it
 * reads the board.
 */
import type { Broker } from "../actors/ports/broker.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";

const CHANNEL = "signal/boards";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class BoardSignal {
  readonly #broker: Broker;
  readonly #clock: Clock;
  readonly #waiting = new Set<string>();
  #timer: Timer | null = null;

  constructor(broker: Broker, clock: Clock) {
    this.#broker = broker;
    this.#clock = clock;
  }

  /** Nobody waits for it. */
  changed(boardId: string): void {
    this.#waiting.add(boardId);
    this.#timer ??= this.#clock.after(limits.boardSignalMs, () => this.#tell());
  }

  /** @throws {Failure} where the broker is away. */
  hear(listener: (boardId: string) => void, onDoubt?: () => Promise<unknown>): Promise<() => void> {
    return this.#broker.subscribe(CHANNEL, (payload) => listener(decoder.decode(payload)), onDoubt);
  }

  /** What waits is not told any more. */
  close(): void {
    this.#timer?.cancel();
  }

  #tell(): void {
    this.#timer = null;
    const payloads = [...this.#waiting].map((boardId) => encoder.encode(boardId));
    this.#waiting.clear();
    this.#broker.publish(CHANNEL, payloads).catch(() => {});
  }
}
