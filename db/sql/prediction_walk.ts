/**
 * A match's predictions in steps: ranges of users that hold about so many rows.
 *
 * By keyset over the primary key, so all steps together read the index once and
 * each is short: a statement has a deadline on one database and holds the event
 * loop on the other. A user's predictions are never in two ranges.
 */
import { type RawBuilder, sql } from "kysely";
import type { CellKey, PickCount } from "../../actors/settlement/settlement_plan.ts";
import { cellName } from "../../actors/settlement/settlement_plan.ts";
import type { SqlDatabase } from "./sql_database.ts";

/** Users with an id above `after` and up to `upTo`; null: from the first, to the last. */
export interface UserRange {
  after: string | null;
  upTo: string | null;
}

/** The range as a condition; `of` is the table's alias. */
export function inRange(of: string, { after, upTo }: UserRange): RawBuilder<unknown> {
  const user = sql.ref(`${of}.user_id`);
  const from = after === null ? sql`` : sql` and ${user} > ${after}`;
  return upTo === null ? from : sql`${from} and ${user} <= ${upTo}`;
}

/** Every range of the match in order; the last one is open above. */
export async function* userRanges(
  { kysely, words }: SqlDatabase,
  matchId: string,
  rows: number,
): AsyncGenerator<UserRange & { lastId: string | null }> {
  for (let after: string | null = null;;) {
    const { rows: [found] } = await sql<{ user_id: string }>`
      select p.user_id from prediction p where p.match_id = ${matchId}
      ${inRange("p", { after, upTo: null })}
      order by p.user_id limit 1 offset ${sql.lit(rows - 1)}`.execute(kysely);
    const lastId: string | null = found?.user_id ?? null;
    yield { after, upTo: lastId, lastId };
    if (lastId === null) return;
    after = lastId;
    await words.rest();
  }
}

/** The last user of each range; of the last one, which is open above, no matter who. */
export async function lastUsers(
  database: SqlDatabase,
  matchId: string,
  rows: number,
): Promise<string[]> {
  const lastIds: string[] = [];
  for await (const { lastId } of userRanges(database, matchId, rows)) lastIds.push(lastId ?? "");
  return lastIds;
}

/**
 * How many made each pick, before the lock and after. At once, by the index of
 * cells, in a third of the time that rows take: 0.3 us a prediction.
 * @param ranges all of the match's users: the steps where that would hold the loop
 */
export async function countPicks(
  database: SqlDatabase,
  matchId: string,
  lockAt: number,
  ranges: UserRange[],
): Promise<PickCount[]> {
  const counts = new Map<string, PickCount>();
  const count = (cell: CellKey, predictions: number) => {
    if (predictions === 0) return;
    const before = counts.get(cellName(cell))?.predictions ?? 0;
    counts.set(cellName(cell), { ...cell, predictions: before + predictions });
  };
  const steps = database.words.holdsLoop
    ? ranges.map((range) => ({ index: sql``, range: inRange("p", range) }))
    : [{ index: database.words.byIndex("prediction_cell"), range: sql`` }];
  for (const { index, range } of steps) {
    const { rows } = await sql<{ market: string; pick: string; late: number; n: number }>`
      select p.market, p.pick, sum(p.accepted_at >= ${lockAt}) as late, count(*) as n
      from prediction p ${index} where p.match_id = ${matchId} ${range}
      group by p.market, p.pick`.execute(database.kysely);
    for (const { market, pick, late, n } of rows) {
      // MySQL's sums are decimals, which come as text.
      count({ market, pick, late: true }, Number(late));
      count({ market, pick, late: false }, Number(n) - Number(late));
    }
    await database.words.rest();
  }
  return [...counts.values()];
}
