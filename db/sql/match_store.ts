/**
 * The ledgers of all matches in SQL, and what is read of them in one look.
 *
 * Fences, gaps and conflicts are judged by ledger_append.ts; the fixture's row
 * follows its ledger in the same transaction.
 */
import type { MatchEntry } from "../../actors/match/match_event.ts";
import type { BatchOutcome, EntryBatch, MatchRecords } from "../../actors/ports/records.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { projectFixtures } from "./fixture_projection.ts";
import { judged, statementsOf } from "./ledger_append.ts";
import { entryOf, rowOf } from "./ledger_row.ts";
import type { SqlDatabase } from "./sql_database.ts";

export class MatchStore implements MatchRecords {
  readonly #sql: SqlDatabase;
  readonly #events: BusinessEvents;

  constructor(sql: SqlDatabase, events: BusinessEvents) {
    this.#sql = sql;
    this.#events = events;
  }

  async appendEntries(batches: EntryBatch[]): Promise<BatchOutcome[]> {
    return await this.#sql.kysely.transaction().execute(async (transaction) => {
      const asRows = batches.map((batch) => {
        const { entity, fence, entries } = batch;
        return { ...batch, entries: entries.map((entry) => rowOf(entity, fence, entry)) };
      });
      const { outcomes, added } = await judged(
        transaction,
        asRows,
        (ranges) =>
          transaction.selectFrom("match_ledger").select(["match_id as entity", "seq", "body"])
            .where(({ and, eb, or }) =>
              or(
                ranges.map(({ entity, first, last }) =>
                  and([eb("match_id", "=", entity), eb("seq", ">=", first), eb("seq", "<=", last)])
                ),
              )
            ).execute(),
      );
      for (const rows of statementsOf(added)) {
        await transaction.insertInto("match_ledger").values(rows).execute();
      }
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
