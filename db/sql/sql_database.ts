/**
 * An open SQL database: every table by kysely, with the words of its dialect.
 *
 * What stores and migrations are given, so that none of them knows which it is.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "./dialect_words.ts";
import type { FixtureTable } from "./tables/fixture.ts";
import type { MatchLedgerTable } from "./tables/match_ledger.ts";
import type { PartitionFenceTable } from "./tables/partition_fence.ts";
import type { SquadPlayerTable } from "./tables/squad_player.ts";
import type { TeamTable } from "./tables/team.ts";

export interface Tables {
  fixture: FixtureTable;
  match_ledger: MatchLedgerTable;
  partition_fence: PartitionFenceTable;
  squad_player: SquadPlayerTable;
  team: TeamTable;
}

export interface SqlDatabase {
  kysely: Kysely<Tables>;
  words: DialectWords;
}
