/**
 * An open SQL database: every table by kysely, with the words of its dialect.
 *
 * What stores and migrations are given, so that none of them knows which it is.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "./dialect_words.ts";
import type { ChatBodyTable } from "./tables/chat_body.ts";
import type { ChatOpTable } from "./tables/chat_op.ts";
import type { AuditHeadTable } from "./tables/audit_head.ts";
import type { AuditSealTable } from "./tables/audit_seal.ts";
import type { FanGroupTable } from "./tables/fan_group.ts";
import type { FixtureTable } from "./tables/fixture.ts";
import type { GroupMemberTable } from "./tables/group_member.ts";
import type { MarketVoidTable } from "./tables/market_void.ts";
import type { MatchLedgerTable } from "./tables/match_ledger.ts";
import type { ModerationAuditTable } from "./tables/moderation_audit.ts";
import type { ModerationEntryTable } from "./tables/moderation_entry.ts";
import type { PartitionFenceTable } from "./tables/partition_fence.ts";
import type { PointEntryTable } from "./tables/point_entry.ts";
import type { PredictionTable } from "./tables/prediction.ts";
import type { RoomTable } from "./tables/room.ts";
import type { SettlementCellTable } from "./tables/settlement_cell.ts";
import type { SettlementChunkTable } from "./tables/settlement_chunk.ts";
import type { SettlementCommandTable } from "./tables/settlement_command.ts";
import type { SettlementHeadTable } from "./tables/settlement_head.ts";
import type { SettlementRunTable } from "./tables/settlement_run.ts";
import type { SquadPlayerTable } from "./tables/squad_player.ts";
import type { TeamTable } from "./tables/team.ts";

export interface Tables {
  chat_body: ChatBodyTable;
  chat_op: ChatOpTable;
  audit_head: AuditHeadTable;
  audit_seal: AuditSealTable;
  fan_group: FanGroupTable;
  fixture: FixtureTable;
  group_member: GroupMemberTable;
  market_void: MarketVoidTable;
  match_ledger: MatchLedgerTable;
  moderation_audit: ModerationAuditTable;
  moderation_entry: ModerationEntryTable;
  partition_fence: PartitionFenceTable;
  point_entry: PointEntryTable;
  prediction: PredictionTable;
  room: RoomTable;
  settlement_cell: SettlementCellTable;
  settlement_chunk: SettlementChunkTable;
  settlement_command: SettlementCommandTable;
  settlement_head: SettlementHeadTable;
  settlement_run: SettlementRunTable;
  squad_player: SquadPlayerTable;
  team: TeamTable;
}

export interface SqlDatabase {
  kysely: Kysely<Tables>;
  words: DialectWords;
}
