/**
 * Settlements in SQL, for MariaDB, MySQL and SQLite.
 *
 * What is long is done in steps (prediction_walk.ts) outside of transactions:
 * nobody predicts any more when a match is settled, and what was missed all the
 * same shows in the sums. Short and in one transaction: beginning a run, writing
 * a chunk, an operator's command.
 */
import { sql } from "kysely";
import type { RankedMember } from "../../actors/ports/ranking.ts";
import type {
  ChunkWriting,
  CommandAsk,
  CommandOutcome,
  JointCell,
  RunChange,
  RunChunk,
  RunToBegin,
  SettlementRun,
  Settlements,
} from "../../actors/ports/settlements.ts";
import { isMarket, type Market } from "../../actors/prediction/market.ts";
import type { PickCount, SettlementPlan } from "../../actors/settlement/settlement_plan.ts";
import type { PointSum } from "../../actors/settlement/settlement_sums.ts";
import type { Clock } from "../../runtime/clock.ts";
import { countJointCells } from "./joint_cells.ts";
import { countPicks, inRange } from "./prediction_walk.ts";
import { beginRun } from "./settlement_beginning.ts";
import { commandRun } from "./settlement_commands.ts";
import { chunkOf, runOf } from "./settlement_row.ts";
import { chunkChanges, writeChunk } from "./settlement_writing.ts";
import type { SqlDatabase } from "./sql_database.ts";

export interface SettlementStoreOptions {
  clock: Clock;
  /** Predictions of one chunk, give or take those of its last user. */
  chunkRows: number;
}

export class SettlementStore implements Settlements {
  readonly #sql: SqlDatabase;
  readonly #options: SettlementStoreOptions;

  constructor(database: SqlDatabase, options: SettlementStoreOptions) {
    this.#sql = database;
    this.#options = options;
  }

  rest(): Promise<void> {
    return this.#sql.words.rest();
  }

  async latest(matchId: string): Promise<SettlementRun | null> {
    const row = await this.#sql.kysely.selectFrom("settlement_run").selectAll()
      .where("match_id", "=", matchId).orderBy("run", "desc").limit(1).executeTakeFirst();
    return row === undefined ? null : runOf(row);
  }

  async find(matchId: string, run: number): Promise<SettlementRun | null> {
    const row = await this.#sql.kysely.selectFrom("settlement_run").selectAll()
      .where("match_id", "=", matchId).where("run", "=", run).executeTakeFirst();
    return row === undefined ? null : runOf(row);
  }

  async begin(run: RunToBegin): Promise<"begun" | "overtaken"> {
    const before = await this.latest(run.matchId);
    if ((before?.run ?? 0) !== run.after) return "overtaken";
    const isWhole = before?.state === "settled" || before?.state === "unchanged";
    const basis = before !== null && isWhole
      ? { run: before, plan: await this.planOf(before) }
      : null;
    return await beginRun(
      this.#sql,
      { ...this.#options, now: this.#options.clock.now() },
      run,
      basis,
    );
  }

  async planOf(run: SettlementRun): Promise<SettlementPlan> {
    const rows = await this.#sql.kysely.selectFrom("settlement_cell").selectAll()
      .where("match_id", "=", run.matchId).where("run", "=", run.run).execute();
    const cells = rows.map(({ market, pick, late, points, mark, predictions }) => ({
      market: market as Market,
      pick,
      late: late === 1,
      points,
      mark,
      predictions,
    }));
    const { rulesVersion, outcomes, setAside } = run;
    return { rulesVersion, outcomes, cells, setAside };
  }

  async chunks(matchId: string, run: number): Promise<RunChunk[]> {
    const rows = await this.#sql.kysely.selectFrom("settlement_chunk").selectAll()
      .where("match_id", "=", matchId).where("run", "=", run).orderBy("chunk").execute();
    return rows.map(chunkOf);
  }

  async unranked(matchId: string): Promise<RunChunk[]> {
    const rows = await this.#sql.kysely.selectFrom("settlement_chunk").selectAll()
      .where("match_id", "=", matchId)
      .where("written_at", "is not", null).where("ranked_at", "is", null)
      .orderBy("run").orderBy("chunk").execute();
    return rows.map(chunkOf);
  }

  async writeChunk(
    matchId: string,
    chunk: RunChunk,
    beforeCommit?: () => Promise<void>,
  ): Promise<ChunkWriting> {
    await this.#sql.words.rest();
    return await writeChunk(this.#sql, matchId, chunk, this.#options.clock.now(), beforeCommit);
  }

  async changes(matchId: string, chunk: RunChunk): Promise<RankedMember[]> {
    return (await chunkChanges(this.#sql.kysely, matchId, chunk)).changes;
  }

  async markRanked(matchId: string, { run, number }: RunChunk): Promise<void> {
    await this.#sql.kysely.updateTable("settlement_chunk")
      .set({ ranked_at: this.#options.clock.now() })
      .where("match_id", "=", matchId).where("run", "=", run).where("chunk", "=", number)
      .where("ranked_at", "is", null).execute();
  }

  /** A run that has ended stays as it ended. */
  async save(matchId: string, run: number, change: RunChange): Promise<void> {
    const { state, held, endedAt } = change;
    await this.#sql.kysely.updateTable("settlement_run")
      .set({
        ...state === undefined ? {} : { state },
        ...held === undefined
          ? {}
          : { held_by: held?.by ?? null, held_reason: held?.reason ?? null },
        ...endedAt === undefined ? {} : { ended_at: endedAt },
      })
      .where("match_id", "=", matchId).where("run", "=", run).where("ended_at", "is", null)
      .execute();
  }

  counts({ matchId, lockAt }: SettlementRun, chunks: RunChunk[]): Promise<PickCount[]> {
    return countPicks(this.#sql, matchId, lockAt, chunks);
  }

  /** Joined outwards, so that both databases begin with the entries: who has none costs nothing. */
  async sums({ matchId, lockAt }: SettlementRun, chunk: RunChunk): Promise<PointSum[]> {
    await this.#sql.words.rest();
    const { rows } = await sql<Omit<PointSum, "late"> & { late: number }>`
      select e.market, coalesce(p.pick, '') as pick,
        coalesce(p.accepted_at >= ${lockAt}, 0) as late, sum(e.points) as points
      from point_entry e
      left join prediction p on p.match_id = e.match_id and p.user_id = e.user_id
        and p.market = e.market
      where e.match_id = ${matchId} ${inRange("e", chunk)}
      group by e.market, p.pick, late`.execute(this.#sql.kysely);
    return rows.map(({ market, pick, late, points }) => (
      { market, pick, late: late === 1, points: Number(points) }
    ));
  }

  async voided(matchId: string): Promise<Market[]> {
    const rows = await this.#sql.kysely.selectFrom("market_void").select("market")
      .where("match_id", "=", matchId).orderBy("market").execute();
    return rows.map(({ market }) => market).filter(isMarket);
  }

  command(matchId: string, ask: CommandAsk): Promise<CommandOutcome> {
    return commandRun(this.#sql, matchId, ask, this.#options.clock.now());
  }

  jointCells(
    matchId: string,
    lockAt: number,
    share: number,
    cellsMax: number,
  ): Promise<JointCell[] | null> {
    const { chunkRows } = this.#options;
    return countJointCells(this.#sql, { matchId, lockAt, share, cellsMax, rows: chunkRows });
  }
}
