/**
 * The loop of one settlement: what its machine says, done at SQL and boards.
 *
 * Like a board's shard it has its ledger in SQL: begun from the rows of the
 * match's current run, whoever wrote them, it folds them into words and goes on
 * from there. So nothing of a killed worker is lost, and nothing is done that
 * the rows do not say. Each chunk is written, then every board is told, then it
 * is marked; all three are harmless a second time. Chunks of earlier runs that
 * boards lack go before ours, so nobody's points are ever what no run gave.
 */
import { initialTransition, type SnapshotFrom, transition } from "xstate";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import type { Clock } from "../../runtime/clock.ts";
import { assert } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import type { Random } from "../../runtime/random.ts";
import type { Boards } from "../ports/boards.ts";
import type { RankedMember } from "../ports/ranking.ts";
import type { RunChunk, SettlementRun, Settlements } from "../ports/settlements.ts";
import { ChunkRanking } from "./chunk_ranking.ts";
import { oneByOne } from "./one_by_one.ts";
import { Patience } from "./patience.ts";
import {
  type SettlementEvent,
  settlementMachine,
  type SettlementPhase,
} from "./settlement_machine.ts";
import { progressOf, type SettlementProgress } from "./settlement_progress.ts";
import type { SettlementWord } from "./settlement_run.ts";
import { RunSums } from "./run_sums.ts";
import { writeDifferences } from "./settlement_sums.ts";

export type { SettlementProgress };

/** Where a drill may stop a chunk on its way. */
export type SettlementMoment = "beforeCommit" | "afterCommit" | "afterRanks";

export interface SettlementLoopOptions {
  matchId: string;
  settlements: Settlements;
  boards: Pick<Boards, "apply" | "changesMax">;
  clock: Clock;
  random: Random;
  events: BusinessEvents;
  /** Said whenever it has changed. */
  announce(progress: SettlementProgress): void;
  faultHook?(moment: SettlementMoment, matchId: string): Promise<void>;
}

type Snapshot = SnapshotFrom<typeof settlementMachine>;

const ENDS: readonly SettlementPhase[] = ["settled", "superseded", "unchanged"];

export class SettlementLoop {
  readonly #options: SettlementLoopOptions;
  readonly #patience: Patience;
  readonly #ranking: ChunkRanking;
  readonly #sums: RunSums;
  #snapshot!: Snapshot;
  #run!: SettlementRun;
  #chunks: RunChunk[] = [];
  #words = 0;
  readonly #ranked = new Set<number>();

  constructor(options: SettlementLoopOptions) {
    this.#options = options;
    const { matchId, faultHook } = options;
    this.#patience = new Patience({ ...options, who: `The settlement of ${matchId}` });
    this.#sums = new RunSums(options.settlements, this.#patience);
    this.#ranking = new ChunkRanking({
      ...options,
      patience: this.#patience,
      ...(faultHook ? { afterRanks: () => faultHook("afterRanks", matchId) } : {}),
    });
  }

  /** Something about the run may have changed: it is looked at. */
  nudge(): void {
    this.#patience.nudge();
  }

  /** What is in hand is finished first. */
  stop(): void {
    this.#patience.end();
  }

  /**
   * Runs the match's current run; answers how it ended, or null where it was stopped.
   * @throws {Failure} what waiting does not cure.
   */
  async run(): Promise<SettlementPhase | null> {
    try {
      await this.#load();
      while (!ENDS.includes(this.phase)) {
        this.#patience.goOn();
        if (this.phase === "chunking") await this.#settleChunks();
        else if (this.phase === "verifying") await this.#verify();
        else await this.#wait();
      }
      return this.phase;
    } catch (error) {
      if (this.#patience.isOver) return null;
      throw error;
    }
  }

  get phase(): SettlementPhase {
    return this.#snapshot.value;
  }

  async #load(): Promise<void> {
    const { settlements, matchId } = this.#options;
    [this.#snapshot] = initialTransition(settlementMachine);
    const run = await this.#patience.untilAnswered(() => settlements.latest(matchId));
    assert(run !== null, "a settlement is run after it has begun");
    this.#run = run;
    this.#chunks = await this.#patience.untilAnswered(() => settlements.chunks(matchId, run.run));
    for (const { number, isRanked } of this.#chunks) if (isRanked) this.#ranked.add(number);
    await this.#tell({
      type: "run.planned",
      run: `${matchId}/${run.run}`,
      matchId,
      ledgerSeq: run.ledgerSeq,
      rulesVersion: run.rulesVersion,
      chunks: this.#chunks.length,
      predictions: run.predictions,
      setAside: run.setAside.length,
      holdUntil: run.holdUntil,
      isUnchanged: run.state === "unchanged",
    });
    for (const { number, entries, points, isWritten } of this.#chunks) {
      if (isWritten) this.#fold({ type: "chunk.committed", chunk: number, rows: entries, points });
    }
    if (run.state === "settled") this.#fold({ type: "sums.matched" });
    await this.#heed(run);
  }

  /** What the run's row says that the machine has not heard yet. */
  async #heed(row: SettlementRun): Promise<void> {
    const { held, hasHoldingEnded } = this.#snapshot.context;
    if (row.run !== this.#run.run) {
      return await this.#tell({ type: "run.superseded", by: `${row.matchId}/${row.run}` });
    }
    this.#run = row;
    if (row.held !== null && held === null) await this.#tell({ type: "run.held", ...row.held });
    if (row.held === null && held !== null) {
      await this.#tell({ type: "run.resumed", by: "operator" });
    }
    const isOver = row.state === "settled" || this.#options.clock.now() >= row.holdUntil;
    if (isOver && !hasHoldingEnded) await this.#tell({ type: "holding.ended" });
  }

  async #look(): Promise<void> {
    const { settlements, matchId } = this.#options;
    const row = await this.#patience.untilAnswered(() => settlements.latest(matchId));
    assert(row !== null, "runs are never taken out");
    await this.#heed(row);
  }

  /** Until a nudge, the holding time's end, or long enough to look by itself. */
  async #wait(): Promise<void> {
    const { clock } = this.#options;
    const left = this.#run.holdUntil - clock.now();
    const delayMs = this.phase === "planned" ? Math.min(left, limits.settlementLookMs) : Infinity;
    await this.#patience.sleep(Math.max(1, Math.min(delayMs, limits.settlementLookMs)));
    await this.#look();
  }

  /** Of ours, those that are not on every board: each is there before the next is written. */
  async #settleChunks(): Promise<void> {
    await this.#ranking.rankEarlier(this.#run.run);
    const left = this.#chunks.filter(({ number }) => !this.#ranked.has(number));
    await oneByOne(left, async (chunk) => {
      const changes = await this.#write(chunk);
      if (changes !== null) await this.#rank(chunk, changes);
    });
    if (this.phase === "verifying") this.#sums.count(this.#run, this.#chunks);
  }

  /** What the chunk changes; null where it is not to be written now. */
  async #write(chunk: RunChunk): Promise<RankedMember[] | null> {
    if (this.phase !== "chunking" && this.phase !== "verifying") return null;
    const { settlements, matchId, faultHook, clock, events } = this.#options;
    const beforeCommit = faultHook && (() => faultHook("beforeCommit", matchId));
    const beganAt = clock.monotonic();
    const written = await this.#patience.untilAnswered(() =>
      settlements.writeChunk(matchId, chunk, beforeCommit)
    );
    if (written.outcome !== "written") {
      await this.#look();
      return null;
    }
    events.hopTook("settle_chunk", (clock.monotonic() - beganAt) / 1_000);
    const { entries, points, changes } = written;
    await faultHook?.("afterCommit", matchId);
    await this.#tell({ type: "chunk.committed", chunk: chunk.number, rows: entries, points });
    return changes;
  }

  async #rank(chunk: RunChunk, changes: RankedMember[]): Promise<void> {
    const both = await Promise.allSettled([
      this.#ranking.rank(chunk, this.#run.boards, changes),
      this.#sums.add(this.#run, chunk),
    ]);
    for (const one of both) if (one.status === "rejected") throw one.reason;
    this.#ranked.add(chunk.number);
    this.#announce();
  }

  /** Nothing is settled that boards lack or whose sums are others than planned. */
  async #verify(): Promise<void> {
    await this.#settleChunks();
    if (this.phase !== "verifying") return;
    const { matchId, events } = this.#options;
    const run = this.#run;
    const differences = await this.#sums.differences(run, this.#chunks);
    if (differences.length === 0) return await this.#tell({ type: "sums.matched" });
    const reason = writeDifferences(differences);
    events.settlementHeld(matchId, run.run, reason);
    await this.#tell({ type: "sums.differed", reason });
  }

  /** Folds the word; what the machine comes to is in SQL before anything follows from it. */
  async #tell(word: SettlementWord): Promise<void> {
    const before = this.phase;
    this.#fold(word);
    const { phase } = this;
    const { settlements, matchId, clock } = this.#options;
    if (phase !== before && phase !== this.#run.state) {
      const { held } = this.#snapshot.context;
      const isEnd = ENDS.includes(phase);
      await this.#patience.untilAnswered(() =>
        settlements.save(matchId, this.#run.run, {
          state: phase,
          ...(word.type === "sums.differed" ? { held } : {}),
          ...(isEnd ? { endedAt: clock.now() } : {}),
        })
      );
    }
    this.#announce();
  }

  #fold(body: SettlementWord): void {
    const entry = { seq: ++this.#words, recordedAt: this.#options.clock.now(), body };
    const event = { type: body.type, entry } as SettlementEvent;
    [this.#snapshot] = transition(settlementMachine, this.#snapshot, event);
  }

  #announce(): void {
    const chunks = { chunks: this.#chunks.length, ranked: this.#ranked.size };
    this.#options.announce(progressOf(this.#run, this.#snapshot, chunks));
  }
}
