/**
 * What tests of leaderboards begin with: the embedded stores in memory, and a
 * ranking store that loses answers on request, before or after it did the work.
 */
import { SqliteCell } from "../../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../../db/embedded/sqlite_file.ts";
import { SqliteRanking } from "../../db/embedded/sqlite_ranking.ts";
import { systemClock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import { seededRandom } from "../../runtime/random.ts";
import { countOf } from "../ports/packed_changes.ts";
import type { RankedMember, RankingStore } from "../ports/ranking.ts";
import type { Standing } from "./board_page.ts";
import type { ShardOptions } from "./leaderboard_shard.ts";
import type { PointSums } from "./shard_rebuild.ts";

/** When the work is done whose answer is lost: never, at once, or after the counts were read. */
export type Loss = "never" | "at once" | "late";

export class LossyRanking implements RankingStore {
  /** Taken by the next applies that change something; empty: nothing is lost. */
  losses: (Loss | null)[] = [];
  /** While true every call fails. */
  isAway = false;
  /** Applies begin once this resolves. */
  held: Promise<void> = Promise.resolve();
  readonly #store: RankingStore;
  #late: (() => Promise<unknown>)[] = [];

  constructor(store: RankingStore) {
    this.#store = store;
  }

  get changesMax(): number {
    return this.#store.changesMax;
  }

  get holdsLoop(): boolean {
    return this.#store.holdsLoop;
  }

  async apply(...[ranking, key, changes, fence, scoreMax]: Parameters<RankingStore["apply"]>) {
    await this.held;
    this.#reach();
    const loss = countOf(changes) > 0 ? this.losses.shift() : null;
    const work = () => this.#store.apply(ranking, key, changes, fence, scoreMax);
    if (loss === "late") this.#late.push(work);
    if (loss === "late" || loss === "never") throw lost();
    const outcome = await work();
    if (loss === "at once") throw lost();
    return outcome;
  }

  scores(ranking: string, members: string[]) {
    return this.#reach().scores(ranking, members);
  }

  page(ranking: string, start: number, count: number) {
    return this.#reach().page(ranking, start, count);
  }

  around(ranking: string, place: RankedMember, above: number, below: number) {
    return this.#reach().around(ranking, place, above, below);
  }

  async histogram(ranking: string) {
    const counts = await this.#reach().histogram(ranking);
    for (const work of this.#late.splice(0)) await work();
    return counts;
  }

  size(ranking: string) {
    return this.#reach().size(ranking);
  }

  clear(ranking: string, fence: number) {
    return this.#reach().clear(ranking, fence);
  }

  #reach(): RankingStore {
    if (this.isAway) throw lost();
    return this.#store;
  }
}

function lost(): Failure {
  return new Failure("storeUnavailable", "Cannot reach the store", { retryable: true });
}

export interface ShardBench {
  options: ShardOptions;
  rankings: LossyRanking;
  close(): void;
}

export function shardBench(id = "global.0"): ShardBench {
  const file = new SqliteFile(":memory:", { synchronous: "off" });
  const rankings = new LossyRanking(new SqliteRanking(file, systemClock));
  const cells = new SqliteCell(file, systemClock);
  return {
    options: { id, fence: 1, rankings, cells, random: seededRandom(1) },
    rankings,
    close: () => file.close(),
  };
}

export function changes(scores: Record<string, number>): RankedMember[] {
  return Object.entries(scores).map(([member, score]) => ({ member, score }));
}

/** Sums as of now, in batches of two, and the chunks that they contain. */
export function pointSums(scores: Record<string, number>, keys: string[] = []): PointSums {
  async function* batches<T>(list: T[]): AsyncGenerator<T[]> {
    for (let at = 0; at < list.length; at += 2) yield await Promise.resolve(list.slice(at, at + 2));
  }
  return { sums: batches(changes(scores)), contained: batches(keys) };
}

/** What a count member by member says. */
export function bruteForce(totals: Map<string, number>): Standing[] {
  const pointed = [...totals].filter(([, score]) => score !== 0);
  return [...totals].map(([member, score]) => ({
    member,
    score,
    rank: score === 0 ? null : 1 + pointed.filter(([, other]) => other > score).length,
  }));
}
