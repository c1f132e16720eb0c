/**
 * How entries of several ledgers go into SQL in one transaction, whatever they
 * are entries of.
 *
 * It first raises the fences of their partitions and so holds those rows until it
 * ends; what is then read of a ledger cannot change under it. A ledger has no gap
 * and no entry is ever written twice or over: each batch is judged whole before a
 * row of it is written, and one that is refused leaves the others as they are.
 */
import { isDeepStrictEqual } from "node:util";
import { sql, type Transaction } from "kysely";
import type { BatchOutcome, EntryBatch } from "../../actors/ports/records.ts";
import { assert } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import type { Tables } from "./sql_database.ts";
import { PARTITIONS } from "./tables/partition_fence.ts";

/** A row of a ledger; its body is JSON. */
export interface LedgerLine {
  seq: number;
  body: string;
}

/** Where batches go, the entry before each included. */
export interface LedgerRange {
  entity: string;
  first: number;
  last: number;
}

/** Bodies that SQL holds, by entity and seq. */
type Held = Map<string, Map<number, string>>;

/** Answers in the order of the batches; `added` are the rows that SQL has not. */
export async function judged<R extends LedgerLine>(
  transaction: Transaction<Tables>,
  batches: EntryBatch<R>[],
  read: (ranges: LedgerRange[]) => Promise<(LedgerLine & { entity: string })[]>,
): Promise<{ outcomes: BatchOutcome[]; added: R[] }> {
  const admitted = await raiseFences(transaction, batches);
  const held: Held = new Map(batches.map(({ entity }) => [entity, new Map()]));
  const ranges = batches.flatMap(({ entity, entries }, index) => {
    if (!admitted[index] || entries.length === 0) return [];
    return [{ entity, first: entries[0]!.seq - 1, last: entries.at(-1)!.seq }];
  });
  const found = ranges.length === 0 ? [] : await read(ranges);
  for (const { entity, seq, body } of found) held.get(entity)!.set(seq, body);
  const added: R[] = [];
  // What follows a refused batch was decided upon it, though SQL may hold its predecessor's seq.
  const refused = new Map<string, BatchOutcome>();
  const outcomes = batches.map((batch, index): BatchOutcome => {
    if (!admitted[index]) return { outcome: "fenced" };
    const isClaim = batch.entries.length === 0;
    const before = isClaim ? undefined : refused.get(batch.entity);
    const outcome = before ?? judge(batch, held, added);
    if (outcome.outcome !== "recorded") refused.set(batch.entity, outcome);
    return outcome;
  });
  return { outcomes, added };
}

/** Rows in as many pieces as one statement may have and a server takes in one packet. */
export function* statementsOf<R extends { body: string }>(rows: R[]): Iterable<R[]> {
  for (let start = 0; start < rows.length;) {
    let end = start;
    let chars = 0;
    while (end < rows.length && end - start < limits.historyFlushEntriesMax) {
      chars += rows[end]!.body.length;
      if (end > start && chars > limits.historyInsertCharsMax) break;
      end++;
    }
    yield rows.slice(start, end);
    start = end;
  }
}

/**
 * Raises the fences of all partitions in one statement; answers which batches SQL
 * admits. A raised row holds exactly the fence, a refused one a higher token.
 */
async function raiseFences(
  transaction: Transaction<Tables>,
  batches: Pick<EntryBatch, "partition" | "fence">[],
): Promise<boolean[]> {
  const fences = new Map<number, number>();
  for (const { partition, fence } of batches) {
    assert(partition >= 0 && partition < PARTITIONS, `a partition is below ${PARTITIONS}`);
    fences.set(partition, Math.max(fence, fences.get(partition) ?? 0));
  }
  if (fences.size === 0) return [];
  const cases = [...fences].map(([id, fence]) => sql`when ${id} then ${fence}`);
  const raised = await transaction.updateTable("partition_fence")
    .set({ token: sql<number>`case id ${sql.join(cases, sql` `)} end` })
    .where(({ and, eb, or }) =>
      or([...fences].map(([id, fence]) => and([eb("id", "=", id), eb("token", "<=", fence)])))
    ).executeTakeFirst();
  const tokens = Number(raised.numUpdatedRows) === fences.size
    ? fences
    : await readTokens(transaction, [...fences.keys()]);
  return batches.map(({ partition, fence }) => tokens.get(partition) === fence);
}

async function readTokens(
  transaction: Transaction<Tables>,
  partitions: number[],
): Promise<Map<number, number>> {
  const rows = await transaction.selectFrom("partition_fence").selectAll()
    .where("id", "in", partitions).execute();
  return new Map(rows.map(({ id, token }) => [id, token]));
}

/** Judges a batch; where it goes through, its new rows are added and count as held. */
function judge<R extends LedgerLine>(
  { entity, entries }: EntryBatch<R>,
  held: Held,
  added: R[],
): BatchOutcome {
  const bodies = held.get(entity)!;
  const rows: R[] = [];
  let previous = (entries[0]?.seq ?? 1) - 1;
  if (previous > 0 && !bodies.has(previous)) return { outcome: "gap", seq: previous + 1 };
  for (const row of entries) {
    assert(row.seq === previous + 1, `entries of ${entity} go on after ${previous}`);
    previous = row.seq;
    const body = bodies.get(row.seq);
    if (body === undefined) rows.push(row);
    else if (!isSame(body, row.body)) return { outcome: "conflict", seq: row.seq };
  }
  for (const row of rows) bodies.set(row.seq, row.body);
  added.push(...rows);
  return { outcome: "recorded" };
}

function isSame(body: string, other: string): boolean {
  return body === other || isDeepStrictEqual(JSON.parse(body), JSON.parse(other));
}
