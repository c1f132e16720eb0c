/**
 * Rooms in SQL: their ledgers, the bodies of messages beside them, the audit
 * trail, and who made which room.
 *
 * A ledger's entries go in as a match's do (ledger_append.ts), with the bodies
 * that they name in the same transaction. A body is removed by making it NULL;
 * on SQLite its bytes are then in no file any more, while a server's own logs
 * and backups keep what they keep.
 */
import { sql, type Transaction } from "kysely";
import type { AuditRow } from "../../actors/moderation/audit_chain.ts";
import type { Erasure } from "../../actors/ports/bodies.ts";
import type { BatchOutcome, EntryBatch } from "../../actors/ports/records.ts";
import type { RoomRecord } from "../../actors/ports/rooms.ts";
import type { ChatOp } from "../../actors/room/chat_op.ts";
import { auditRow, recordAudit } from "./audit_rows.ts";
import { auditOwner, bodiesOf, type ChatLine, committed, opsOf, rowOf } from "./chat_row.ts";
import { judged, statementsOf } from "./ledger_append.ts";
import type { SqlDatabase, Tables } from "./sql_database.ts";
import type { ChatBodyTable } from "./tables/chat_body.ts";
import type { ChatOpTable } from "./tables/chat_op.ts";

/** What was written, by its key; null: it was removed. */
export type BytesOf = (roomId: string, key: string) => Uint8Array | null;

type Added = ChatOpTable & { parts: Parts };
interface Parts {
  bodies: ReturnType<typeof bodiesOf>;
  audit: AuditRow | null;
}

export class ChatStore {
  readonly #sql: SqlDatabase;

  constructor(sql: SqlDatabase) {
    this.#sql = sql;
  }

  /**
   * Records the batches in one transaction, judging each by itself.
   * @throws {Failure} retryable where SQL is away; whether anything was written is then unknown.
   */
  async appendEntries(batches: EntryBatch<ChatLine>[], bytesOf: BytesOf): Promise<BatchOutcome[]> {
    return await this.#sql.kysely.transaction().execute(async (transaction) => {
      const asRows = batches.map((batch): EntryBatch<Added> => ({
        ...batch,
        entries: batch.entries.map((line) => addedOf(batch.entity, batch.fence, line)),
      }));
      const { outcomes, added } = await judged(
        transaction,
        asRows,
        (ranges) =>
          transaction.selectFrom("chat_op").select(["room_id as entity", "seq", "body"])
            .where(({ and, eb, or }) =>
              or(
                ranges.map(({ entity, first, last }) =>
                  and([eb("room_id", "=", entity), eb("seq", ">=", first), eb("seq", "<=", last)])
                ),
              )
            ).execute(),
      );
      for (const rows of statementsOf(added)) {
        const plain = rows.map(({ parts: _, ...row }) => row);
        await transaction.insertInto("chat_op").values(plain).execute();
        await this.#keepBodies(transaction, rows, bytesOf);
      }
      const audits = added.flatMap(({ room_id, parts: { audit } }) =>
        audit === null ? [] : [{ owner: auditOwner(room_id), row: audit }]
      );
      await recordAudit(transaction, this.#sql.words, audits);
      return outcomes;
    });
  }

  async #keepBodies(
    transaction: Transaction<Tables>,
    added: Added[],
    bytesOf: BytesOf,
  ): Promise<void> {
    const rows = added.flatMap(({ room_id, parts }) =>
      parts.bodies.map((body): ChatBodyTable => ({
        ...{ room_id, ...body },
        bytes: bytesOf(room_id, body.key),
      }))
    );
    if (rows.length === 0) return;
    const { words } = this.#sql;
    const insert = transaction.insertInto("chat_body").values(rows);
    // Said again, as a held message that was let in: under its new name.
    await words.upsert(insert, ["room_id", "key"], {
      message: words.proposed("message") as never,
      bytes: sql`coalesce(${words.proposed("bytes")}, ${sql.ref("chat_body.bytes")})` as never,
    }).execute();
  }

  async entriesAfter(roomId: string, seq: number, limit: number): Promise<ChatLine[]> {
    const rows = await this.#sql.kysely.selectFrom("chat_op").select(["seq", "said_at", "body"])
      .where("room_id", "=", roomId).where("seq", ">", seq)
      .orderBy("seq").limit(limit).execute();
    return rows.map(({ seq, said_at: recordedAt, body }) => ({ seq, recordedAt, body }));
  }

  /** The last seq that SQL holds; 0 where it holds nothing. */
  async top(roomId: string): Promise<number> {
    const last = await this.#sql.kysely.selectFrom("chat_op").select("seq")
      .where("room_id", "=", roomId).orderBy("seq", "desc").limit(1).executeTakeFirst();
    return last?.seq ?? 0;
  }

  /** Names of the newest messages before `before`, newest first. */
  async messagesBefore(roomId: string, before: string, limit: number): Promise<string[]> {
    const rows = await this.#sql.kysely.selectFrom("chat_op").select("stamp")
      .where("room_id", "=", roomId).where("op", "=", "post").where("stamp", "<", before)
      .orderBy("stamp", "desc").limit(limit).execute();
    return rows.map(({ stamp }) => stamp!);
  }

  /** Every op about these messages, and every purge, in order. */
  async opsAbout(roomId: string, messages: string[]): Promise<ChatOp[]> {
    if (messages.length === 0) return [];
    const rows = await this.#sql.kysely.selectFrom("chat_op").select(["seq", "said_at", "body"])
      .where("room_id", "=", roomId)
      .where(({ eb, or }) => or([eb("target", "in", messages), eb("op", "=", "purgeUser")]))
      .orderBy("seq").execute();
    return rows.flatMap(({ seq, said_at: recordedAt, body }) =>
      opsOf(committed({ seq, recordedAt, body }).body)
    );
  }

  /** By key; what was removed, or never was, is not among them. */
  async bodies(roomId: string, keys: string[]): Promise<Map<string, Uint8Array>> {
    if (keys.length === 0) return new Map();
    const rows = await this.#sql.kysely.selectFrom("chat_body").select(["key", "bytes"])
      .where("room_id", "=", roomId).where("key", "in", keys).where("bytes", "is not", null)
      .execute();
    return new Map(rows.map(({ key, bytes }) => [key, new Uint8Array(bytes!)]));
  }

  /** Answers the keys of all that it removed; what is not there yet is not meant. */
  async erase(roomId: string, { keys, messages, purge }: Erasure): Promise<string[]> {
    const { kysely, words } = this.#sql;
    const erased = await kysely.transaction().execute(async (transaction) => {
      const rows = await transaction.selectFrom("chat_body").select("key")
        .where("room_id", "=", roomId).where("bytes", "is not", null)
        .where(({ and, eb, or }) =>
          or([
            ...keys.length > 0 ? [eb("key", "in", keys)] : [],
            ...messages.length > 0 ? [eb("message", "in", messages)] : [],
            ...purge === null
              ? []
              : [and([eb("author", "=", purge.user), eb("message", "<=", purge.upTo)])],
          ])
        ).execute();
      const found = rows.map(({ key }) => key);
      if (found.length === 0) return [];
      await transaction.updateTable("chat_body").set({ bytes: null })
        .where("room_id", "=", roomId).where("key", "in", found).execute();
      return found;
    });
    if (erased.length > 0) await words.forget(kysely);
    return erased;
  }

  /** Newest first. */
  async auditBefore(roomId: string, before: number | null, limit: number): Promise<AuditRow[]> {
    const rows = await this.#sql.kysely.selectFrom("moderation_audit").selectAll()
      .where("owner", "=", auditOwner(roomId))
      .where("number", "<", before ?? Number.MAX_SAFE_INTEGER)
      .orderBy("number", "desc").limit(limit).execute();
    return rows.map(auditRow);
  }

  /** Answers the room of that id, whoever's it is. */
  async create(record: RoomRecord): Promise<RoomRecord> {
    const { kysely, words } = this.#sql;
    const { id: room_id, title, matchId: match_id, owner, inviteCode, createdAt } = record;
    const insert = kysely.insertInto("room").values({
      ...{ room_id, title, match_id, owner },
      ...{ invite_code: inviteCode, created_at: createdAt },
    });
    // Where it is there already this writes nothing.
    await words.upsert(insert, ["room_id"], { room_id: sql.ref("room.room_id") }).execute();
    return (await this.find(room_id))!;
  }

  async find(id: string): Promise<RoomRecord | null> {
    const row = await this.#sql.kysely.selectFrom("room").selectAll()
      .where("room_id", "=", id).executeTakeFirst();
    if (row === undefined) return null;
    const { title, match_id: matchId, owner, invite_code: inviteCode, created_at } = row;
    return { id, title, matchId, owner, inviteCode, createdAt: Number(created_at) };
  }
}

function addedOf(roomId: string, fence: number, line: ChatLine): Added {
  const entry = committed(line).body;
  const audit = entry.type === "action.taken" ? entry.row : null;
  return { ...rowOf(roomId, fence, line, entry), parts: { bodies: bodiesOf(entry), audit } };
}
