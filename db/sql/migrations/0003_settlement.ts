/**
 * Settlements: the ledger of points, and the runs that write it.
 *
 * Has run wherever Golazo has: never edited, its result is pinned by a test.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";
import { createPointEntry } from "../tables/point_entry.ts";
import { createSettlementCell } from "../tables/settlement_cell.ts";
import { createSettlementChunk } from "../tables/settlement_chunk.ts";
import { createSettlementCommand } from "../tables/settlement_command.ts";
import { createSettlementHead } from "../tables/settlement_head.ts";
import { createSettlementRun } from "../tables/settlement_run.ts";

export async function createSettlementTables(
  db: Kysely<unknown>,
  words: DialectWords,
): Promise<void> {
  await createPointEntry(db, words);
  await createSettlementHead(db, words);
  await createSettlementRun(db, words);
  await createSettlementCell(db, words);
  await createSettlementChunk(db, words);
  await createSettlementCommand(db, words);
}
