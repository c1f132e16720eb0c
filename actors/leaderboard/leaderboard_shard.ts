/**
 * One shard of a leaderboard: the counts of its scores in memory, its fans in
 * the store.
 *
 * The store moves points and remembers each chunk's key in one step; what it has
 * done is then counted here, so counts and store agree whenever nothing is under
 * way, and its actor asks one thing at a time. Where an outcome is unknown this
 * object is dropped: the next one first asks for the same chunks again, so that
 * none of them can land after the counts were read. Memory does not grow with
 * the fans: counts, one page, and what is under way.
 */
import { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { type Random, randomId } from "../../runtime/random.ts";
import { socketTurn } from "../../runtime/turn.ts";
import type { CellStore } from "../ports/cell.ts";
import type { Applied, Changes, RankedMember, RankingStore } from "../ports/ranking.ts";
import { type RankedRow, type Standing, standing, withRanks } from "./board_page.ts";
import { RankHistogram } from "./rank_histogram.ts";
import { fencedOut, putRecord, rankingName, readRecord, type ShardRecord } from "./shard_record.ts";

export interface ShardOptions {
  /** `<board>.<number>` */
  id: string;
  /** The owner's token. */
  fence: number;
  rankings: RankingStore;
  cells: CellStore;
  random: Random;
}

/** Changes of points that are applied once under their key, which names run and chunk. */
export interface Chunk {
  key: string;
  changes: Changes;
}

export type ChunkOutcome =
  | { outcome: "applied" }
  | { outcome: "applied before" }
  /** Nothing of the chunk was applied: these fans' totals would be no possible ones. */
  | { outcome: "rejected"; members: string[] };

type NotFenced = Exclude<Applied, { outcome: "fenced" }>;

/** The first rows of the shard; while `version` is the same, so are they. */
export interface TopPage {
  version: string;
  rows: RankedRow[];
}

/** Under which an owner shuts its predecessors out; no chunk's. */
const OWNER_KEY = "owner";

export class LeaderboardShard {
  readonly #options: ShardOptions;
  readonly #ranking: string;
  readonly #counts: RankHistogram;
  /** Versions of another load differ from ours, as its page may. */
  readonly #epoch: string;
  #record: ShardRecord;
  /** Given to the store, which has not yet answered for all of them. */
  #underWay: Chunk[] = [];
  #top: TopPage = { version: "", rows: [] };
  #pagesRead = 0;

  private constructor(options: ShardOptions, record: ShardRecord, counts: RankHistogram) {
    this.#options = options;
    this.#record = record;
    this.#ranking = rankingName(options.id, record.generation);
    this.#counts = counts;
    this.#epoch = randomId(options.random, 8);
  }

  /**
   * `dropped`: the one before, whose last outcomes were lost: they are certain before we count.
   * @throws {Failure} `fenced`, or retryable where the store is away.
   */
  static async load(
    options: ShardOptions,
    dropped?: LeaderboardShard,
  ): Promise<LeaderboardShard> {
    const { id, fence, rankings, cells } = options;
    const record = await claimed(options);
    const ranking = rankingName(id, record.generation);
    const unsure = dropped === undefined ? [] : dropped.#underWay;
    for (const { key, changes } of unsure) {
      await rankings.apply(ranking, key, changes, fence, limits.leaderboardPointsMax);
    }
    for (const generation of record.obsolete) {
      await rankings.clear(rankingName(id, generation), fence);
    }
    const clean = { ...record, obsolete: [] };
    await putRecord(cells, id, fence, clean);
    const held = await rankings.histogram(ranking);
    const counts = new RankHistogram(held.filter(({ score }) => score !== 0));
    const shard = new LeaderboardShard(options, clean, counts);
    await shard.#readTop();
    return shard;
  }

  /** Members and points, for whoever compares them with the ledger of points. */
  get totals(): { members: number; points: number } {
    return { members: this.#counts.members, points: this.#counts.points };
  }

  get record(): ShardRecord {
    return this.#record;
  }

  get top(): TopPage {
    return this.#top;
  }

  /** For ranks over all shards of a board. */
  get counts(): RankHistogram {
    return this.#counts;
  }

  /**
   * Applies chunks, each once whenever it comes; answers in their order.
   * @throws {Failure} `fenced`; any other: the outcome is unknown, load again.
   */
  async apply(chunks: Chunk[]): Promise<ChunkOutcome[]> {
    const underWay: Promise<PromiseSettledResult<NotFenced>>[] = [];
    const { holdsLoop } = this.#options.rankings;
    for (const chunk of chunks) {
      // The embedded store has done its work by then, and others have their turn.
      if (holdsLoop && underWay.length > 0) await socketTurn();
      underWay.push(settled(this.#applyOne(chunk)));
    }
    // Also where one failed nothing is under way any more.
    const answers = valuesOf(await Promise.all(underWay));
    this.#underWay = [];
    let highest = Number.NEGATIVE_INFINITY;
    const outcomes = answers.map((applied): ChunkOutcome => {
      if (applied.outcome !== "applied") return applied;
      for (const { from, to, members } of applied.moves) {
        this.#count(from, -members);
        this.#count(to, members);
        highest = Math.max(highest, from, to);
      }
      return { outcome: "applied" };
    });
    if (this.#reachesTop(highest)) await this.#readTop();
    return outcomes;
  }

  async #applyOne({ key, changes }: Chunk): Promise<NotFenced> {
    this.#underWay.push({ key, changes });
    const { rankings, fence, id } = this.#options;
    const most = limits.leaderboardPointsMax;
    const applied = await rankings.apply(this.#ranking, key, changes, fence, most);
    if (applied.outcome === "fenced") throw fencedOut(id);
    return applied;
  }

  /** Points and rank of several fans, in their order. */
  async standings(members: string[]): Promise<Standing[]> {
    const scores = await this.#options.rankings.scores(this.#ranking, members);
    return members.map((member, at) => standing(member, scores[at]!, this.#counts));
  }

  /** Who stands around a place; a fan of another shard may have it. */
  async around(place: RankedMember, above: number, below: number): Promise<RankedRow[]> {
    const rows = await this.#options.rankings.around(this.#ranking, place, above, below);
    return withRanks(rows, this.#counts);
  }

  /** Frozen, it keeps its points until it is told otherwise, restarts or not. */
  async freeze(isFrozen: boolean): Promise<void> {
    const { id, fence, cells } = this.#options;
    await putRecord(cells, id, fence, { ...this.#record, isFrozen });
    this.#record = { ...this.#record, isFrozen };
  }

  /** Who has no points is not counted. */
  #count(score: number, members: number): void {
    if (score !== 0) this.#counts.add(score, members);
  }

  #reachesTop(score: number): boolean {
    const { rows } = this.#top;
    if (rows.length < limits.leaderboardPageMax) return score !== Number.NEGATIVE_INFINITY;
    return score >= rows.at(-1)!.score;
  }

  async #readTop(): Promise<void> {
    const page = await this.#options.rankings.page(this.#ranking, 0, limits.leaderboardPageMax);
    const version = `${this.#epoch}-${++this.#pagesRead}`;
    this.#top = { version, rows: withRanks(page, this.#counts) };
  }
}

/**
 * The record as it is once no earlier owner can change its ranking: the claim
 * comes before the belief, else one could be in force that he then clears.
 */
async function claimed({ id, fence, rankings, cells }: ShardOptions): Promise<ShardRecord> {
  for (;;) {
    const { generation } = await readRecord(cells, id);
    const claim = await rankings.apply(rankingName(id, generation), OWNER_KEY, [], fence);
    if (claim.outcome === "fenced") throw fencedOut(id);
    const record = await readRecord(cells, id);
    if (record.generation === generation) return record;
  }
}

async function settled<T>(task: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([task]);
  return result;
}

/** @throws what the first one threw; that a newer owner came before all else. */
function valuesOf<T>(results: PromiseSettledResult<T>[]): T[] {
  const reasons = results.flatMap((one) => one.status === "rejected" ? [one.reason] : []);
  const fenced = reasons.find((one) => one instanceof Failure && one.code === "fenced");
  if (reasons.length > 0) throw fenced ?? reasons[0];
  return results.flatMap((one) => one.status === "fulfilled" ? [one.value] : []);
}
