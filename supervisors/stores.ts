/**
 * Which store holds what: the one file that chooses.
 *
 * Embedded: three SQLite files in one folder. `hot.db` (intake, ledgers,
 * snapshots, leases) and `golazo.db` (SQL) each hold every committed entry, so
 * one of them may lose its tail or itself and is filled from the other;
 * `channels.db` is a cache. A damaged file is put aside, never overwritten.
 */
import { join } from "node:path";
import type { Broker } from "../actors/ports/broker.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import type { RankingStore } from "../actors/ports/ranking.ts";
import type { MatchRecords } from "../actors/ports/records.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { SqliteCell } from "../db/embedded/sqlite_cell.ts";
import { openOrSetAside } from "../db/embedded/sqlite_file.ts";
import { SqliteRanking } from "../db/embedded/sqlite_ranking.ts";
import { SqliteStream } from "../db/embedded/sqlite_stream.ts";
import { MatchStore } from "../db/sql/match_store.ts";
import { migrate } from "../db/sql/migration_list.ts";
import { sqliteDatabase } from "../db/sql/sqlite_dialect.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Random } from "../runtime/random.ts";

export interface Stores {
  /** Intake, ledgers, the match directory, dead letters: durable before they answer. */
  streams: StreamStore;
  /** Channel histories: a cache. */
  channels: StreamStore;
  cells: CellStore;
  broker: Broker;
  ranking: RankingStore;
  records: MatchRecords;
  close(): Promise<void>;
}

export interface StoreParts {
  clock: Clock;
  random: Random;
  events: BusinessEvents;
}

/** @throws {Failure} `storeUnavailable`, `storeBusy`, `storeFull`, `migrationFailed`. */
export async function openEmbeddedStores(folder: string, parts: StoreParts): Promise<Stores> {
  const { clock, random, events } = parts;
  const open = (name: string, synchronous: "full" | "off") =>
    openOrSetAside(join(folder, name), { synchronous, clock }, events).file;
  const hot = open("hot.db", "full");
  const cache = open("channels.db", "off");
  const sql = sqliteDatabase(open("golazo.db", "full"));
  await migrate(sql);
  const broker = new MemoryBroker(events);
  return {
    streams: new SqliteStream(hot, broker, random),
    channels: new SqliteStream(cache, broker, random),
    cells: new SqliteCell(hot, clock),
    broker,
    ranking: new SqliteRanking(hot),
    records: new MatchStore(sql, events),
    async close() {
      await sql.kysely.destroy();
      cache.close();
      hot.close();
    },
  };
}
