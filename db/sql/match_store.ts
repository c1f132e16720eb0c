/**
 * The ledgers of all matches in SQL.
 *
 * A transaction first raises the fences of its partitions and so holds their
 * rows until it ends; what it then reads of a ledger cannot change under it. A
 * ledger has no gap and no entry is ever written twice or over: each batch is
 * judged whole before a row of it is written.
 */
import { isDeepStrictEqual } from "node:util";
import { sql, type Transaction } from "kysely";
import type { MatchEntry } from "../../actors/match/match_event.ts";
import type { BatchOutcome, EntryBatch, MatchRecords } from "../../actors/ports/records.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { assert } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { projectFixtures } from "./fixture_projection.ts";
import { entryOf, rowOf } from "./ledger_row.ts";
import type { SqlDatabase, Tables } from "./sql_database.ts";
import type { MatchLedgerTable } from "./tables/match_ledger.ts";
import { PARTITIONS } from "./tables/partition_fence.ts";

/** Bodies that SQL holds, by match and seq. */
type Held = Map<string, Map<number, string>>;

export class MatchStore implements MatchRecords {
  readonly #sql: SqlDatabase;
  readonly #events: BusinessEvents;

  constructor(sql: SqlDatabase, events: BusinessEvents) {
    this.#sql = sql;
    this.#events = events;
  }

  async appendEntries(batches: EntryBatch[]): Promise<BatchOutcome[]> {
    return await this.#sql.kysely.transaction().execute(async (transaction) => {
      const admitted = await raiseFences(transaction, batches);
      const held = await readHeld(transaction, batches.filter((_, index) => admitted[index]));
      const added: MatchLedgerTable[] = [];
      // What follows a refused batch was decided upon it, though SQL may hold its predecessor's seq.
      const refused = new Map<string, BatchOutcome>();
      const outcomes = batches.map((batch, index): BatchOutcome => {
        if (!admitted[index]) return { outcome: "fenced" };
        const isClaim = batch.entries.length === 0;
        const before = isClaim ? undefined : refused.get(batch.matchId);
        const outcome = before ?? judge(batch, held, added);
        if (outcome.outcome !== "recorded") refused.set(batch.matchId, outcome);
        return outcome;
      });
      await insert(transaction, added);
      await projectFixtures(transaction, this.#sql.words, this.#events, added);
      return outcomes;
    });
  }

  async entriesAfter(matchId: string, seq: number, limit: number): Promise<MatchEntry[]> {
    const rows = await this.#sql.kysely.selectFrom("match_ledger").selectAll()
      .where("match_id", "=", matchId).where("seq", ">", seq)
      .orderBy("seq").limit(limit).execute();
    return rows.map(entryOf);
  }

  async top(matchId: string): Promise<number> {
    const last = await this.#sql.kysely.selectFrom("match_ledger").select("seq")
      .where("match_id", "=", matchId).orderBy("seq", "desc").limit(1).executeTakeFirst();
    return last?.seq ?? 0;
  }

  async matchIds(): Promise<string[]> {
    const rows = await this.#sql.kysely.selectFrom("match_ledger").select("match_id").distinct()
      .orderBy("match_id").execute();
    return rows.map((row) => row.match_id);
  }
}

/**
 * Raises the fences of all partitions in one statement; answers which batches SQL
 * admits. A raised row holds exactly the fence, a refused one a higher token.
 */
async function raiseFences(
  transaction: Transaction<Tables>,
  batches: EntryBatch[],
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

/** What SQL holds where the batches go, and of the entry before each. */
async function readHeld(transaction: Transaction<Tables>, batches: EntryBatch[]): Promise<Held> {
  const held: Held = new Map(batches.map(({ matchId }) => [matchId, new Map()]));
  const filled = batches.filter(({ entries }) => entries.length > 0);
  if (filled.length === 0) return held;
  const rows = await transaction.selectFrom("match_ledger").select(["match_id", "seq", "body"])
    .where(({ and, eb, or }) =>
      or(filled.map(({ matchId, entries }) =>
        and([
          eb("match_id", "=", matchId),
          eb("seq", ">=", entries[0]!.seq - 1),
          eb("seq", "<=", entries.at(-1)!.seq),
        ])
      ))
    ).execute();
  for (const { match_id, seq, body } of rows) held.get(match_id)!.set(seq, body);
  return held;
}

/** Judges a batch; where it goes through, its new rows are added and count as held. */
function judge(batch: EntryBatch, held: Held, added: MatchLedgerTable[]): BatchOutcome {
  const bodies = held.get(batch.matchId)!;
  const rows: MatchLedgerTable[] = [];
  let previous = (batch.entries[0]?.seq ?? 1) - 1;
  if (previous > 0 && !bodies.has(previous)) return { outcome: "gap", seq: previous + 1 };
  for (const entry of batch.entries) {
    assert(entry.seq === previous + 1, `entries of ${batch.matchId} go on after ${previous}`);
    previous = entry.seq;
    const row = rowOf(batch.matchId, batch.fence, entry);
    const body = bodies.get(entry.seq);
    if (body === undefined) rows.push(row);
    else if (!isSame(body, row.body)) return { outcome: "conflict", seq: entry.seq };
  }
  for (const row of rows) bodies.set(row.seq, row.body);
  added.push(...rows);
  return { outcome: "recorded" };
}

function isSame(body: string, other: string): boolean {
  return body === other || isDeepStrictEqual(JSON.parse(body), JSON.parse(other));
}

async function insert(transaction: Transaction<Tables>, rows: MatchLedgerTable[]): Promise<void> {
  for (let start = 0; start < rows.length;) {
    const end = endOfStatement(rows, start);
    await transaction.insertInto("match_ledger").values(rows.slice(start, end)).execute();
    start = end;
  }
}

/** As many rows as one statement may have and a server takes in one packet. */
function endOfStatement(rows: MatchLedgerTable[], start: number): number {
  let end = start;
  let chars = 0;
  while (end < rows.length && end - start < limits.historyFlushEntriesMax) {
    chars += rows[end]!.body.length;
    if (end > start && chars > limits.historyInsertCharsMax) break;
    end++;
  }
  return end;
}
