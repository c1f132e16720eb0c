/**
 * Settlements in SQL: runs, their chunks, and the ledger of points they write.
 *
 * One run a match is the current one, the latest; whoever writes a chunk asks
 * for that in the chunk's own transaction, and for whether somebody holds the
 * run. So a process that was replaced, or that has not heard yet, writes nothing.
 */
import type { Market } from "../prediction/market.ts";
import type { MarketOutcomes } from "../prediction/market_outcome.ts";
import type { Chunk, PickCount, SetAside, SettlementPlan } from "../settlement/settlement_plan.ts";
import type { PointSum } from "../settlement/settlement_sums.ts";
import type { RankedMember } from "./ranking.ts";

export type RunState =
  | "planned"
  | "chunking"
  | "verifying"
  | "held"
  | "settled"
  | "superseded"
  | "unchanged";

export interface RunToBegin {
  matchId: string;
  /** The run before, which this one supersedes; 0 where there is none. */
  after: number;
  /** The match's ledger that the outcomes were read from. */
  ledgerSeq: number;
  rulesVersion: number;
  lockAt: number;
  holdUntil: number;
  outcomes: MarketOutcomes;
  /** Equal for runs that settle by the same. */
  outcomeKey: string;
  /** Ids of the boards that the points count on. */
  boards: string[];
}

export interface SettlementRun extends Omit<RunToBegin, "after"> {
  /** From 1 within the match. */
  run: number;
  state: RunState;
  predictions: number;
  setAside: SetAside[];
  held: { by: string; reason: string } | null;
  createdAt: number;
  endedAt: number | null;
}

export interface RunChunk extends Chunk {
  run: number;
  /** Point entries that it wrote, and the sum of their points. */
  entries: number;
  points: number;
  isWritten: boolean;
  isRanked: boolean;
}

export type ChunkWriting =
  /** Now or before; `changes`: of each fan's points, in no order. */
  | { outcome: "written"; entries: number; points: number; changes: RankedMember[] }
  | { outcome: "held" | "superseded" };

export interface RunChange {
  state?: RunState;
  held?: SettlementRun["held"];
  endedAt?: number;
}

export type SettlementCommand = "settle" | "hold" | "resume" | "void" | "again";

export interface CommandAsk {
  command: SettlementCommand;
  by: string;
  reason: string;
  /** Of `void`. */
  market?: Market;
}

export type CommandOutcome =
  | { outcome: "done"; run: number | null }
  | { outcome: "refused"; code: "noRun" | "notOpen" | "notHeld"; reason: string };

/** Fans who made the same picks in all markets. */
export interface JointCell {
  picks: { market: Market; pick: string }[];
  members: number;
}

/** @throws {Failure} retryable where SQL is away; whether anything was written is then unknown. */
export interface Settlements {
  /** Between tasks: where this database and its ranks hold the loop, sockets are read. */
  rest(): Promise<void>;
  /** The match's current run; null before its first. */
  latest(matchId: string): Promise<SettlementRun | null>;
  find(matchId: string, run: number): Promise<SettlementRun | null>;
  /** Counts, plans, and makes the run the match's current one. */
  begin(run: RunToBegin): Promise<"begun" | "overtaken">;
  planOf(run: SettlementRun): Promise<SettlementPlan>;
  chunks(matchId: string, run: number): Promise<RunChunk[]>;
  /** Of all runs, earliest first: written, and not on every board yet. */
  unranked(matchId: string): Promise<RunChunk[]>;
  /** @param beforeCommit where a drill stops it */
  writeChunk(
    matchId: string,
    chunk: RunChunk,
    beforeCommit?: () => Promise<void>,
  ): Promise<ChunkWriting>;
  /** What a written chunk changes of each fan's points. */
  changes(matchId: string, chunk: RunChunk): Promise<RankedMember[]>;
  markRanked(matchId: string, chunk: RunChunk): Promise<void>;
  save(matchId: string, run: number, change: RunChange): Promise<void>;
  /** Predictions of each cell, now; `chunks` are all of the run. */
  counts(run: SettlementRun, chunks: RunChunk[]): Promise<PickCount[]>;
  /** What the ledger of points holds for the fans of a chunk, by cell. */
  sums(run: SettlementRun, chunk: RunChunk): Promise<PointSum[]>;
  /** Markets that an operator took out. */
  voided(matchId: string): Promise<Market[]>;
  /** Does what an operator asks and writes down that it was done, in one step. */
  command(matchId: string, ask: CommandAsk): Promise<CommandOutcome>;
  /**
   * How the fans of a match picked, one user of `share` looked at, chosen by a
   * hash of the id; null where there are more than `cellsMax` cells.
   */
  jointCells(
    matchId: string,
    lockAt: number,
    share: number,
    cellsMax: number,
  ): Promise<JointCell[] | null>;
}
