/**
 * One chunk of a run, in one transaction.
 *
 * Its first statement holds the match's head in share, so no newer run can begin
 * before it ends; its second claims the chunk. Then one statement writes, for
 * every prediction of the range, what its cell is worth less what the ledger of
 * points gave it before, and nothing where that is 0. What cells are worth
 * stands in the statement, by market and points: looking each up in its table
 * takes twice as long. The first run of a match has nothing before it, and does
 * not look.
 */
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { ChunkWriting, RunChunk } from "../../actors/ports/settlements.ts";
import type { RankedMember } from "../../actors/ports/ranking.ts";
import { nextTurn } from "../../runtime/turn.ts";
import { inRange } from "./prediction_walk.ts";
import type { SqlDatabase, Tables } from "./sql_database.ts";
import type { SettlementCellTable } from "./tables/settlement_cell.ts";

export function writeChunk(
  { kysely, words }: SqlDatabase,
  matchId: string,
  chunk: RunChunk,
  now: number,
  beforeCommit?: () => Promise<void>,
): Promise<ChunkWriting> {
  return kysely.transaction().execute(async (transaction): Promise<ChunkWriting> => {
    const head = await transaction.selectFrom("settlement_head").select("run")
      .where("match_id", "=", matchId).modifyEnd(words.inShare).executeTakeFirstOrThrow();
    if (head.run !== chunk.run) return { outcome: "superseded" };
    const { lock_at, held_by } = await transaction.selectFrom("settlement_run")
      .select(["lock_at", "held_by"])
      .where("match_id", "=", matchId).where("run", "=", chunk.run).executeTakeFirstOrThrow();
    if (held_by !== null) return { outcome: "held" };
    const ours = transaction.updateTable("settlement_chunk")
      .where("match_id", "=", matchId).where("run", "=", chunk.run)
      .where("chunk", "=", chunk.number);
    const claimed = await ours.where("written_at", "is", null).set({ written_at: now })
      .executeTakeFirst();
    const isNew = Number(claimed.numUpdatedRows) === 1;
    if (isNew) await insertDifferences(transaction, matchId, chunk, lock_at);
    await nextTurn();
    const { changes, entries, points } = await chunkChanges(transaction, matchId, chunk);
    if (isNew) await ours.set({ entries, points }).execute();
    await beforeCommit?.();
    return { outcome: "written", entries, points, changes };
  });
}

async function insertDifferences(
  transaction: Kysely<Tables>,
  matchId: string,
  chunk: RunChunk,
  lockAt: number,
): Promise<void> {
  const paid = await transaction.selectFrom("settlement_cell")
    .select(["market", "pick", "late", "points"])
    .where("match_id", "=", matchId).where("run", "=", chunk.run).where("points", "<>", 0)
    .execute();
  const worth = worthOf(paid, lockAt);
  const given = chunk.run === 1 ? sql`0` : sql`coalesce((
      select sum(e.points) from point_entry e
      where e.match_id = p.match_id and e.user_id = p.user_id and e.market = p.market
    ), 0)`;
  await sql`
    insert into point_entry (match_id, user_id, market, run, points)
    select d.match_id, d.user_id, d.market, ${chunk.run}, d.points from (
      select p.match_id, p.user_id, p.market, ${worth} - ${given} as points
      from prediction p
      where p.match_id = ${matchId} ${inRange("p", chunk)}
    ) d where d.points <> 0`.execute(transaction);
}

type PaidCell = Pick<SettlementCellTable, "market" | "pick" | "late" | "points">;

/** Points of the cell of a prediction `p`; 0 where it has none. */
function worthOf(paid: PaidCell[], lockAt: number): RawBuilder<unknown> {
  const markets = [...Map.groupBy(paid, ({ market }) => market)].map(([market, cells]) => {
    const kinds = Map.groupBy(cells, ({ late, points }) => `${late} ${points}`);
    const picks = [...kinds.values()].map((alike) => {
      const [{ late, points }] = alike as [PaidCell];
      const time = late === 1 ? sql`p.accepted_at >= ${lockAt}` : sql`p.accepted_at < ${lockAt}`;
      const names = sql.join(alike.map(({ pick }) => pick));
      return sql`when ${time} and p.pick in (${names}) then ${points}`;
    });
    return sql`when ${market} then case ${sql.join(picks, sql` `)} else 0 end`;
  });
  if (markets.length === 0) return sql`0`;
  return sql`case p.market ${sql.join(markets, sql` `)} else 0 end`;
}

export interface ChunkChanges {
  /** Of each fan whose points the chunk changes. */
  changes: RankedMember[];
  entries: number;
  points: number;
}

/** As its rows say it, the same whenever asked. */
export async function chunkChanges(
  kysely: Kysely<Tables>,
  matchId: string,
  chunk: RunChunk,
): Promise<ChunkChanges> {
  const { rows } = await sql<{ user_id: string; n: number; points: number }>`
    select e.user_id, count(*) as n, sum(e.points) as points from point_entry e
    where e.match_id = ${matchId} ${inRange("e", chunk)} and e.run = ${chunk.run}
    group by e.user_id`.execute(kysely);
  let [entries, points] = [0, 0];
  const changes: RankedMember[] = [];
  for (const row of rows) {
    const score = Number(row.points);
    entries += Number(row.n);
    points += score;
    if (score !== 0) changes.push({ member: row.user_id, score });
  }
  return { changes, entries, points };
}
