/**
 * The global log of moderation in SQL, and what is asked of all owners' audit.
 *
 * Entries go in as a match's do (ledger_append.ts), each action with its row of
 * the audit in the same transaction.
 */
import type { Committed } from "../../actors/actor_definition.ts";
import { GLOBAL_LOG, type GlobalEntryBody } from "../../actors/moderation/global_log_entry.ts";
import type { AuditPage, AuditTrail } from "../../actors/ports/moderation_desk.ts";
import type { BatchOutcome, EntryBatch } from "../../actors/ports/records.ts";
import { auditRow, recordAudit } from "./audit_rows.ts";
import { judged, statementsOf } from "./ledger_append.ts";
import type { SqlDatabase } from "./sql_database.ts";
import type { ModerationAuditTable } from "./tables/moderation_audit.ts";

/** An entry on its way into SQL; `body` is its JSON. */
export interface GlobalLine {
  seq: number;
  recordedAt: number;
  body: string;
}

export class ModerationStore implements AuditTrail {
  readonly #sql: SqlDatabase;

  constructor(sql: SqlDatabase) {
    this.#sql = sql;
  }

  /** @throws {Failure} retryable where SQL is away; whether anything was written is then unknown. */
  async appendEntries(batches: EntryBatch<GlobalLine>[]): Promise<BatchOutcome[]> {
    const { kysely, words } = this.#sql;
    return await kysely.transaction().execute(async (transaction) => {
      const asRows = batches.map((batch) => ({
        ...batch,
        entries: batch.entries.map(({ seq, recordedAt, body }) => ({
          ...{ log: batch.entity, seq, fence: batch.fence, recorded_at: recordedAt, body },
        })),
      }));
      const { outcomes, added } = await judged(
        transaction,
        asRows,
        (ranges) =>
          transaction.selectFrom("moderation_entry").select(["log as entity", "seq", "body"])
            .where(({ and, eb, or }) =>
              or(
                ranges.map(({ entity, first, last }) =>
                  and([eb("log", "=", entity), eb("seq", ">=", first), eb("seq", "<=", last)])
                ),
              )
            ).execute(),
      );
      for (const rows of statementsOf(added)) {
        await transaction.insertInto("moderation_entry").values(rows).execute();
      }
      const lines = added.flatMap(({ log: owner, body }) => {
        const entry = JSON.parse(body) as GlobalEntryBody;
        return entry.type === "action.taken" ? [{ owner, row: entry.row }] : [];
      });
      await recordAudit(transaction, words, lines);
      return outcomes;
    });
  }

  async entriesAfter(seq: number, limit: number): Promise<Committed<GlobalEntryBody>[]> {
    const rows = await this.#sql.kysely.selectFrom("moderation_entry").selectAll()
      .where("log", "=", GLOBAL_LOG).where("seq", ">", seq)
      .orderBy("seq").limit(limit).execute();
    return rows.map(({ seq, recorded_at, body }) => ({
      seq: Number(seq),
      recordedAt: Number(recorded_at),
      body: JSON.parse(body),
    }));
  }

  /** The last seq that SQL holds; 0 where it holds nothing. */
  async top(): Promise<number> {
    const last = await this.#sql.kysely.selectFrom("moderation_entry").select("seq")
      .where("log", "=", GLOBAL_LOG).orderBy("seq", "desc").limit(1).executeTakeFirst();
    return Number(last?.seq ?? 0);
  }

  async page(
    { owner, before, limit }: { owner: string; before: number | null; limit: number },
  ): Promise<AuditPage> {
    const rows = await this.#sql.kysely.selectFrom("moderation_audit").selectAll()
      .where("owner", "=", owner).where("number", "<", before ?? Number.MAX_SAFE_INTEGER)
      .orderBy("number", "desc").limit(limit).execute();
    return pageOf(rows, limit, ({ number }) => number);
  }

  async ofUser(
    { user, before, limit }: { user: string; before: number | null; limit: number },
  ): Promise<AuditPage> {
    const rows = await this.#sql.kysely.selectFrom("moderation_audit").selectAll()
      .where("target", "=", user).where("at", "<", before ?? Number.MAX_SAFE_INTEGER)
      .orderBy("at", "desc").orderBy("owner").orderBy("number", "desc").limit(limit).execute();
    return pageOf(rows, limit, ({ at }) => at);
  }

  /** Rooms in which the user has ever written, as far as SQL knows. */
  async roomsOf(user: string): Promise<string[]> {
    const rows = await this.#sql.kysely.selectFrom("chat_body").select("room_id").distinct()
      .where("author", "=", user).orderBy("room_id").execute();
    return rows.map(({ room_id }) => room_id);
  }
}

function pageOf(
  rows: ModerationAuditTable[],
  limit: number,
  place: (row: ModerationAuditTable) => number,
): AuditPage {
  return {
    actions: rows.map((stored) => ({ owner: stored.owner, row: auditRow(stored) })),
    before: rows.length < limit ? null : Number(place(rows.at(-1)!)),
  };
}
