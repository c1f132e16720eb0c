/**
 * The ledger of points as a list in memory, with what a database promises: a
 * chunk is one transaction that first asks whether its run is the current one,
 * and no prediction has two rows of one run.
 */
import type { MarketOutcomes } from "../prediction/market_outcome.ts";
import { differenceRows, type PointRow, type Prediction } from "./settlement_difference.ts";
import {
  cellName,
  type Chunk,
  chunksBetween,
  type PickCount,
  planSettlement,
  type SettlementPlan,
} from "./settlement_plan.ts";
import type { CellSum } from "./settlement_sums.ts";

export interface Run {
  id: string;
  plan: SettlementPlan;
  chunks: Chunk[];
}

export class PointsBook {
  readonly rows: PointRow[] = [];
  #current: string | null = null;
  readonly #predictions: Prediction[];

  constructor(predictions: Prediction[]) {
    this.#predictions = predictions;
  }

  /** Supersedes the run before. */
  open(id: string, outcomes: MarketOutcomes, chunkUsers: number): Run {
    this.#current = id;
    const users = [...new Set(this.#predictions.map(({ user }) => user))].sort();
    const lastIds = users.filter((_, at) => at % chunkUsers === chunkUsers - 1);
    const plan = planSettlement(this.#counts(), outcomes, 1);
    return { id, plan, chunks: chunksBetween(lastIds) };
  }

  /** The rows written; none where the run is not the current one. */
  commit({ id, plan }: Run, { after, upTo }: Chunk): PointRow[] {
    if (id !== this.#current) return [];
    const chunk = this.#predictions.filter(({ user }) =>
      (after === null || user > after) && (upTo === null || user <= upTo)
    );
    const rows = differenceRows(id, plan, chunk, this.rows);
    for (const { prediction, run } of rows) {
      if (this.rows.some((row) => row.prediction === prediction && row.run === run)) {
        throw new Error(`two rows of ${run} for ${prediction}`);
      }
    }
    this.rows.push(...rows);
    return rows;
  }

  commitAll(run: Run): PointRow[] {
    return run.chunks.flatMap((chunk) => this.commit(run, chunk));
  }

  points(prediction: string): number {
    const own = this.rows.filter((row) => row.prediction === prediction);
    return own.reduce((sum, { points }) => sum + points, 0);
  }

  sums(): CellSum[] {
    return this.#counts().map((count) => {
      const own = this.#predictions.filter((one) => cellName(one) === cellName(count));
      return { ...count, points: own.reduce((sum, { id }) => sum + this.points(id), 0) };
    });
  }

  #counts(): PickCount[] {
    const counts = new Map<string, PickCount>();
    for (const prediction of this.#predictions) {
      const { market, pick, late } = prediction;
      const before = counts.get(cellName(prediction))?.predictions ?? 0;
      counts.set(cellName(prediction), { market, pick, late, predictions: before + 1 });
    }
    return [...counts.values()];
  }
}
