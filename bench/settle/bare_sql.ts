/**
 * The least chunked SQL that leaves the same point rows: no runs, no cells, no
 * checks, no ranks, one statement a chunk that commits by itself.
 *
 * What a settlement is compared with. Chunks are of as many rows as Golazo's,
 * and go one after another over one connection.
 */
import { systemClock } from "../../runtime/clock.ts";

export type Ask = (text: string) => Promise<Record<string, unknown>[]>;

/** Points of final score for a 2-1, as an expression over `pick`. */
const POINTS = "CASE WHEN pick = '2-1' THEN 5 WHEN pick IN ('1-0','3-2','4-3') THEN 3 " +
  "WHEN pick IN ('2-0','3-0','3-1','4-1','5-2','4-0') THEN 2 ELSE 0 END";

/** Into a table of its own, made like point_entry; answers the seconds it took. */
export async function settleBarely(
  ask: Ask,
  match: string,
  chunkRows: number,
  copy: string,
): Promise<number> {
  for (const text of copy.split(";")) await ask(text);
  const beganAt = systemClock.monotonic();
  for (let after = "", isOver = false; !isOver;) {
    const [last] = await ask(
      `SELECT user_id FROM prediction WHERE match_id = '${match}' AND user_id > '${after}' ` +
        `ORDER BY user_id LIMIT 1 OFFSET ${chunkRows - 1}`,
    );
    isOver = last === undefined;
    const upTo = isOver ? "" : ` AND user_id <= '${last!.user_id}'`;
    await ask(
      "INSERT INTO bare_entry (match_id, user_id, market, run, points) " +
        `SELECT match_id, user_id, market, 1, ${POINTS} FROM prediction ` +
        `WHERE match_id = '${match}' AND user_id > '${after}'${upTo} AND ${POINTS} <> 0`,
    );
    after = String(last?.user_id);
  }
  return (systemClock.monotonic() - beganAt) / 1_000;
}
