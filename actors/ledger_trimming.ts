/**
 * How the ledger's stream of a kind that never ends stays small.
 *
 * What the snapshot holds and SQL has is not needed there any more, but for the
 * last entries, which whoever takes over compares with SQL's. Nobody waits for
 * it, and nothing is forgotten on a guess: SQL itself is asked how far it is, so
 * while it is away the stream only grows. A snapshot is put before and in the same
 * slot, so no replica has one without the other.
 */
import { Failure, reasonOf } from "../runtime/failure.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { History } from "./ports/history.ts";
import type { StreamStore } from "./ports/stream.ts";

export interface LedgerTrimmingOptions {
  id: string;
  /** Entries that stay, at least one; twice as many are held before any goes. */
  definition: { ledgerKept?: number };
  stream: Pick<StreamStore, "trim">;
  history: Pick<History<unknown>, "top">;
  events: Pick<BusinessEvents, "warned">;
}

export class LedgerTrimming {
  readonly #options: LedgerTrimmingOptions;
  readonly #stream: string;
  /** Zero: not known, so the first snapshot of an owner tries. */
  #trimmedTo = 0;
  #isUnderWay = false;

  constructor(options: LedgerTrimmingOptions, stream: string) {
    this.#options = options;
    this.#stream = stream;
  }

  /** A snapshot with everything up to `seq` is in its store. */
  snapshotPut(seq: number): void {
    const kept = this.#options.definition.ledgerKept!;
    if (this.#isUnderWay || seq - this.#trimmedTo < 2 * kept) return;
    this.#isUnderWay = true;
    void this.#trim(seq, kept).finally(() => this.#isUnderWay = false);
  }

  async #trim(seq: number, kept: number): Promise<void> {
    const { id, stream, history, events } = this.#options;
    try {
      const upTo = Math.min(seq, await history.top(id)) - kept;
      if (upTo <= this.#trimmedTo) return;
      await stream.trim(this.#stream, upTo);
      this.#trimmedTo = upTo;
    } catch (error) {
      // The next snapshot tries again.
      if (error instanceof Failure && error.retryable) return;
      events.warned(`Cannot trim ${this.#stream}, which grows: ${reasonOf(error)}`);
    }
  }
}
