/**
 * Groups of fans and who is in them.
 *
 * Has run wherever Golazo has: never edited, its result is pinned by a test.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";
import { createFanGroup } from "../tables/fan_group.ts";
import { createGroupMember } from "../tables/group_member.ts";

export async function createGroupTables(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await createFanGroup(db, words);
  await createGroupMember(db, words);
}
