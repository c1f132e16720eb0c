/**
 * What SQL holds for a run, asked bit by bit while the run goes on.
 *
 * Rows of a chunk are read back as soon as they are committed, beside its
 * ranking: nothing changes them afterwards but a later run, which ends this one.
 * Predictions are counted once all chunks are written. So only what a worker
 * before us wrote is left to be read in the end. Nothing here is taken from what
 * was meant to be written.
 */
import type { RunChunk, SettlementRun, Settlements } from "../ports/settlements.ts";
import { oneByOne } from "./one_by_one.ts";
import type { Patience } from "./patience.ts";
import type { PickCount } from "./settlement_plan.ts";
import { addedSums, type PointSum, type SumDifference, sumDifferences } from "./settlement_sums.ts";

export class RunSums {
  readonly #settlements: Settlements;
  readonly #patience: Patience;
  readonly #summed = new Set<number>();
  #points: PointSum[] = [];
  #counting: Promise<PickCount[]> | null = null;

  constructor(settlements: Settlements, patience: Patience) {
    this.#settlements = settlements;
    this.#patience = patience;
  }

  /** Of a chunk whose rows are committed. */
  async add(run: SettlementRun, chunk: RunChunk): Promise<void> {
    if (this.#summed.has(chunk.number)) return;
    const sums = await this.#patience.untilAnswered(() => this.#settlements.sums(run, chunk));
    this.#summed.add(chunk.number);
    this.#points = addedSums([], [this.#points, sums]);
  }

  /** All chunks are written; who waits for the count asks for `differences`. */
  count(run: SettlementRun, chunks: RunChunk[]): void {
    if (this.#counting !== null) return;
    this.#counting = this.#patience.untilAnswered(() => this.#settlements.counts(run, chunks));
    this.#counting.catch(() => {});
  }

  /** Where the rows are not what was planned; the next time everything is read again. */
  async differences(run: SettlementRun, chunks: RunChunk[]): Promise<SumDifference[]> {
    this.count(run, chunks);
    const left = chunks.filter(({ number }) => !this.#summed.has(number));
    await oneByOne(left, (chunk) => this.add(run, chunk));
    const counts = await this.#counting!;
    const plan = await this.#patience.untilAnswered(() => this.#settlements.planOf(run));
    const differences = sumDifferences(plan, addedSums(counts, [this.#points]));
    this.#summed.clear();
    [this.#points, this.#counting] = [[], null];
    return differences;
  }
}
