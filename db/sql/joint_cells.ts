/**
 * How the fans of a match picked in all of its markets together.
 *
 * Fans who picked the same share a cell; a hundred scores times a few scorers
 * are some thousand cells for a million fans. Counted in steps, once the match
 * is locked; where there are too many cells the caller asks for a sample.
 */
import { sql } from "kysely";
import type { JointCell } from "../../actors/ports/settlements.ts";
import { type Market, MARKETS } from "../../actors/prediction/market.ts";
import { inRange, userRanges } from "./prediction_walk.ts";
import type { SqlDatabase } from "./sql_database.ts";

export interface JointCellsAsk {
  matchId: string;
  /** Later predictions are void and not looked at. */
  lockAt: number;
  /** One user of so many is looked at. */
  share: number;
  cellsMax: number;
  /** Predictions of one step. */
  rows: number;
}

type Row = Record<Market, string | null> & { members: number };

/** Null where there are more cells than asked for at most. */
export async function countJointCells(
  database: SqlDatabase,
  { matchId, lockAt, share, cellsMax, rows }: JointCellsAsk,
): Promise<JointCell[] | null> {
  const cells = new Map<string, JointCell>();
  const picks = MARKETS.map((market) =>
    sql`max(case when p.market = ${market} then p.pick end) as ${sql.ref(market)}`
  );
  const columns = sql.join(MARKETS.map((market) => sql.ref(`d.${market}`)));
  const sample = share === 1
    ? sql``
    : sql`and ${database.words.scatter(sql.ref("p.user_id"))} % ${share} = 0`;
  for await (const { lastId: _, ...range } of userRanges(database, matchId, rows)) {
    const counted = await sql<Row>`
      select ${columns}, count(*) as members from (
        select ${sql.join(picks)} from prediction p
        where p.match_id = ${matchId} ${inRange("p", range)} and p.accepted_at < ${lockAt} ${sample}
        group by p.user_id
      ) d group by ${columns}`.execute(database.kysely);
    for (const { members, ...row } of counted.rows) {
      const picked = MARKETS.flatMap((market) => {
        const pick = row[market];
        return pick === null ? [] : [{ market, pick }];
      });
      const name = JSON.stringify(picked);
      const before = cells.get(name)?.members ?? 0;
      cells.set(name, { picks: picked, members: before + Number(members) });
    }
    if (cells.size > cellsMax) return null;
    await database.words.rest();
  }
  return [...cells.values()];
}
