/**
 * When a snapshot is worth writing: after 32 entries, 2 s or a new phase, or at
 * the pace that its kind of actor asks for.
 *
 * It is never on a goal's way: the loop asks after the batch is published.
 */
import type { Clock, Timer } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { SnapshotPace } from "./actor_definition.ts";

const PACE: SnapshotPace = {
  entriesMax: limits.snapshotEntriesMax,
  ageMsMax: limits.snapshotAgeMsMax,
};

export class SnapshotKeeper {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  readonly #pace: SnapshotPace;
  #entries = 0;
  #due = false;
  #timer: Timer | null = null;

  /** `onDue` is called when time alone made a snapshot due. */
  constructor(clock: Clock, onDue: () => void, pace: SnapshotPace = PACE) {
    this.#clock = clock;
    this.#onDue = onDue;
    this.#pace = pace;
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
    if (isNewPhase || this.#entries >= this.#pace.entriesMax) this.#due = true;
    this.#timer ??= this.#clock.after(this.#pace.ageMsMax, () => {
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
