/**
 * One row a fan of a group.
 *
 * `place` counts those who ever came: the owner who leaves is followed by
 * whoever has the lowest.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface GroupMemberTable {
  group_id: string;
  user_id: string;
  /** From 1 within the group. */
  place: number;
  /** Milliseconds since 1970. */
  joined_at: number;
}

export async function createGroupMember(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await words.step(
    db.schema.createTable("group_member")
      .addColumn("group_id", words.id, (column) => column.notNull())
      .addColumn("user_id", words.id, (column) => column.notNull())
      .addColumn("place", "integer", (column) => column.notNull())
      .addColumn("joined_at", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("group_member_pk", ["group_id", "user_id"]),
  );
  await words.step(
    db.schema.createIndex("group_member_user").on("group_member").column("user_id"),
  );
}
