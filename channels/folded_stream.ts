/**
 * A stream that many write and each process folds for itself, new lines at each look.
 *
 * Who asks has everything that was written before it asked. One look goes on at a time: two at
 * once would fold lines twice, and where the stream is emptied between them, lines of the old
 * one into what is kept of the new.
 */
import type { StreamStore } from "../actors/ports/stream.ts";
import { SharedRun } from "../runtime/shared_run.ts";

const PAGE_ENTRIES = 1_000;

export interface Folding<L> {
  /** Another stream begins: nothing that was folded holds any more. */
  forget(): void;
  fold(line: L): void;
}

/** `L` is what each entry holds as JSON. */
export class FoldedStream<L> {
  readonly #stream: StreamStore;
  readonly #name: string;
  readonly #folding: Folding<L>;
  readonly #looks = new SharedRun(() => this.#look());
  #read = 0;
  #epoch = "";

  constructor(stream: StreamStore, name: string, folding: Folding<L>) {
    this.#stream = stream;
    this.#name = name;
    this.#folding = folding;
  }

  /** Folds what is new. */
  look(): Promise<void> {
    return this.#looks.begin();
  }

  async push(line: L): Promise<void> {
    await this.#stream.push(this.#name, [new TextEncoder().encode(JSON.stringify(line))]);
  }

  async #look(): Promise<void> {
    const position = await this.#stream.position(this.#name);
    const epoch = position?.epoch ?? "";
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#folding.forget();
      this.#read = 0;
    }
    const top = position?.top ?? 0;
    while (this.#read < top) {
      const lines = await this.#stream.read(this.#name, this.#read, PAGE_ENTRIES);
      for (const { bytes } of lines) {
        this.#folding.fold(JSON.parse(new TextDecoder().decode(bytes)) as L);
      }
      // Nothing where something was: it is another stream by now, as the next look finds.
      this.#read = lines.at(-1)?.position ?? top;
    }
  }
}
