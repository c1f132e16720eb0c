/**
 * The beginning of a run: counted, planned, and made the match's current one.
 *
 * Raising the head waits for the chunks of the run before that are being
 * written, and shuts out those that are not; so from its commit on only this
 * run writes. Rows go in few at a time and the event loop has its turn between.
 */
import { type Kysely } from "kysely";
import type { RunToBegin, SettlementRun } from "../../actors/ports/settlements.ts";
import {
  type Chunk,
  chunksBetween,
  isUnchanged,
  planSettlement,
  type SettlementPlan,
} from "../../actors/settlement/settlement_plan.ts";
import { nextTurn } from "../../runtime/turn.ts";
import { countPicks, lastUsers } from "./prediction_walk.ts";
import { rowOfRun } from "./settlement_row.ts";
import type { SqlDatabase, Tables } from "./sql_database.ts";
import type { SettlementCellTable } from "./tables/settlement_cell.ts";
import type { SettlementChunkTable } from "./tables/settlement_chunk.ts";

/** Rows of one INSERT: kysely takes 0.5 ms to write them out. */
const INSERT_ROWS = 40;

export interface Basis {
  run: SettlementRun;
  plan: SettlementPlan;
}

/** @param basis the run before, where that one was written to its end */
export async function beginRun(
  database: SqlDatabase,
  { chunkRows, now }: { chunkRows: number; now: number },
  asked: RunToBegin,
  basis: Basis | null,
): Promise<"begun" | "overtaken"> {
  const { after, ...settlesBy } = asked;
  const { matchId, lockAt, outcomes, rulesVersion } = asked;
  const cutting = lastUsers(database, matchId, chunkRows).then(chunksBetween);
  const count = (ranges: Chunk[]) => countPicks(database, matchId, lockAt, ranges);
  // Beside each other, where counting needs no steps.
  const counting = database.words.holdsLoop ? cutting.then(count) : count([]);
  const [ranges, counts] = await Promise.all([cutting, counting]);
  const plan = planSettlement(counts, outcomes, rulesVersion);
  const number = after + 1;
  const isSame = basis !== null && basis.run.outcomeKey !== AGAIN && isUnchanged(plan, basis.plan);
  const run: SettlementRun = {
    ...settlesBy,
    run: number,
    state: isSame ? "unchanged" : "planned",
    predictions: counts.reduce((sum, { predictions }) => sum + predictions, 0),
    setAside: plan.setAside,
    held: null,
    createdAt: now,
    endedAt: isSame ? now : null,
  };
  const cells = plan.cells.map(({ market, pick, late, points, mark, predictions }) => ({
    ...{ match_id: matchId, run: number, market, pick, late: late ? 1 : 0 } as const,
    ...{ points, mark, predictions },
  }));
  const chunks = isSame ? [] : ranges;
  return await database.kysely.transaction().execute(async (transaction) => {
    if (!await raiseHead(database, transaction, matchId, after)) return "overtaken";
    await transaction.updateTable("settlement_run").set({ state: "superseded", ended_at: now })
      .where("match_id", "=", matchId).where("ended_at", "is", null).execute();
    await transaction.insertInto("settlement_run").values(rowOfRun(run)).execute();
    await insertFew(transaction, "settlement_cell", cells);
    await insertFew(
      transaction,
      "settlement_chunk",
      chunks.map((chunk) => ({
        ...{ match_id: matchId, run: number, chunk: chunk.number },
        ...{ after_user: chunk.after, up_to_user: chunk.upTo },
        ...{ entries: 0, points: 0, written_at: null, ranked_at: null },
      })),
    );
    return "begun";
  });
}

/** What an operator's `again` leaves in the place of a run's key: equal to none. */
export const AGAIN = "again";

async function raiseHead(
  { words }: SqlDatabase,
  transaction: Kysely<Tables>,
  matchId: string,
  after: number,
): Promise<boolean> {
  const insert = transaction.insertInto("settlement_head").values({ match_id: matchId, run: 0 });
  await words.upsert(insert, ["match_id"], { match_id: matchId }).execute();
  const raised = await transaction.updateTable("settlement_head").set({ run: after + 1 })
    .where("match_id", "=", matchId).where("run", "=", after).executeTakeFirst();
  return Number(raised.numUpdatedRows) === 1;
}

async function insertFew(
  transaction: Kysely<Tables>,
  table: "settlement_cell" | "settlement_chunk",
  rows: (SettlementCellTable | SettlementChunkTable)[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += INSERT_ROWS) {
    const few = rows.slice(at, at + INSERT_ROWS);
    await transaction.insertInto(table).values(few as never).execute();
    await nextTurn();
  }
}
