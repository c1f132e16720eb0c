/**
 * When a snapshot is worth writing: after 32 entries, 2 s or a new phase.
 *
 * It is never on a goal's way: the loop asks after the batch is published.
 */
import type { Clock, Timer } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";

export class SnapshotKeeper {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  #entries = 0;
  #due = false;
  #timer: Timer | null = null;

  /** `onDue` is called when time alone made a snapshot due. */
  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Entries that no snapshot holds yet. */
  get pending(): number {
    return this.#entries;
  }

  get isDue(): boolean {
    return this.#due;
  }

  committed(entries: number, isNewPhase: boolean): void {
    this.#entries += entries;
    if (isNewPhase || this.#entries >= limits.snapshotEntriesMax) this.#due = true;
    this.#timer ??= this.#clock.after(limits.snapshotAgeMsMax, () => {
      this.#timer = null;
      if (this.#entries === 0) return;
      this.#due = true;
      this.#onDue();
    });
  }

  written(): void {
    this.#entries = 0;
    this.#due = false;
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
