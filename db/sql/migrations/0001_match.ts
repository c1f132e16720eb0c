/**
 * Matches: fixtures, ledger, teams, squads, and the fences of the partitions.
 *
 * Has run wherever Golazo has: never edited, its result is pinned by a test.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";
import { createFixture } from "../tables/fixture.ts";
import { createMatchLedger } from "../tables/match_ledger.ts";
import { createPartitionFence } from "../tables/partition_fence.ts";
import { createSquadPlayer } from "../tables/squad_player.ts";
import { createTeam } from "../tables/team.ts";

export async function createMatchTables(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await createPartitionFence(db, words);
  await createMatchLedger(db, words);
  await createFixture(db, words);
  await createTeam(db, words);
  await createSquadPlayer(db, words);
}
