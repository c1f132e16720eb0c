// deno-lint-ignore-file require-await -- a throw must reach the caller as a rejection
/**
 * The stream primitive on SQLite: one commit an append.
 *
 * The stream's row carries what an append is judged by (epoch, top, highest
 * fence seen), so judging and writing are one transaction, and positions have no
 * gap whoever writes. A publication goes out once it is written and just before
 * the commit: streams that publish are caches, which nobody waits for, and one
 * whose commit fails is written and published again at its offsets. Who hears it
 * with a hole before it reads at once, in the open transaction, and must find it.
 */
import type { Broker } from "../../actors/ports/broker.ts";
import type {
  Append,
  AppendResult,
  PushOptions,
  StreamEntry,
  StreamPosition,
  StreamStore,
} from "../../actors/ports/stream.ts";
import { type Random, randomId } from "../../runtime/random.ts";
import type { SqliteFile } from "./sqlite_file.ts";

const TABLES = `
  CREATE TABLE IF NOT EXISTS stream (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    epoch TEXT NOT NULL,
    top INTEGER NOT NULL,
    fence INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS stream_entry (
    stream INTEGER NOT NULL,
    position INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (stream, position)
  ) WITHOUT ROWID;
`;

/** Sorts after every character that a name may begin with. */
const LAST_CHARACTER = "\u{10ffff}";

interface StreamRow {
  id: number;
  epoch: string;
  top: number;
  fence: number;
}

export class SqliteStream implements StreamStore {
  readonly #file: SqliteFile;
  readonly #broker: Broker;
  readonly #random: Random;

  constructor(file: SqliteFile, broker: Broker, random: Random) {
    this.#file = file;
    this.#broker = broker;
    this.#random = random;
    file.define(TABLES);
  }

  async append(stream: string, append: Append): Promise<AppendResult> {
    let published: Promise<void> | null = null;
    const result = this.#file.transaction(() =>
      this.#append(stream, append, () => {
        const { publish } = append;
        if (publish !== undefined) {
          published = this.#broker.publish(publish.channel, publish.payloads);
        }
      })
    );
    await published;
    return result;
  }

  async push(
    stream: string,
    entries: Uint8Array[],
    { relaxed = false }: PushOptions = {},
  ): Promise<number[]> {
    const push = () => {
      const row = this.#row(stream) ?? this.#begin(stream);
      this.#write(row, entries);
      return entries.map((_, index) => row.top + 1 + index);
    };
    return relaxed ? this.#file.relaxedTransaction(push) : this.#file.transaction(push);
  }

  async read(stream: string, after: number, limit: number): Promise<StreamEntry[]> {
    return this.#file.rows<StreamEntry>(
      `SELECT position, bytes FROM stream_entry
       WHERE stream = (SELECT id FROM stream WHERE name = ?) AND position > ?
       ORDER BY position LIMIT ?`,
      stream,
      after,
      limit,
    );
  }

  /** A file loses nothing with its process; one that was damaged is put aside whole. */
  renew(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async position(stream: string): Promise<StreamPosition | null> {
    const row = this.#row(stream);
    return row === undefined ? null : this.#position(row);
  }

  /** What comes back with the power is offered again and found to be known. */
  async remove(stream: string, positions: number[]): Promise<void> {
    this.#file.relaxedTransaction(() => {
      const row = this.#row(stream);
      if (row === undefined) return;
      for (const position of positions) {
        this.#file.run(
          "DELETE FROM stream_entry WHERE stream = ? AND position = ?",
          row.id,
          position,
        );
      }
    });
  }

  async trim(stream: string, upTo: number): Promise<void> {
    this.#file.run(
      `DELETE FROM stream_entry
       WHERE stream = (SELECT id FROM stream WHERE name = ?) AND position <= ?`,
      stream,
      upTo,
    );
  }

  async reset(stream: string, fence: number, startAt: number): Promise<StreamPosition | null> {
    return this.#file.transaction(() => {
      const row = this.#row(stream) ?? this.#begin(stream);
      if (fence < row.fence) return null;
      const epoch = randomId(this.#random);
      this.#file.run("DELETE FROM stream_entry WHERE stream = ?", row.id);
      this.#file.run(
        "UPDATE stream SET epoch = ?, top = ?, fence = ? WHERE id = ?",
        epoch,
        startAt,
        fence,
        row.id,
      );
      return { epoch, first: startAt + 1, top: startAt };
    });
  }

  async names(prefix: string): Promise<string[]> {
    return this.#file.rows<{ name: string }>(
      "SELECT name FROM stream WHERE name >= ? AND name < ? ORDER BY name",
      prefix,
      prefix + LAST_CHARACTER,
    ).map((row) => row.name);
  }

  #append(
    stream: string,
    { fence, expectedTop, entries }: Append,
    written: () => void,
  ): AppendResult {
    const row = this.#row(stream) ?? this.#begin(stream);
    if (fence < row.fence) return { outcome: "fenced", fence: row.fence };
    if (fence > row.fence) {
      this.#file.run("UPDATE stream SET fence = ? WHERE id = ?", fence, row.id);
    }
    const { epoch, top } = row;
    const held = top - expectedTop;
    if (held < 0) return { outcome: "gap", top, epoch };
    if (held > 0 && held >= entries.length) return { outcome: "ahead", top, epoch };
    const missing = entries.slice(held);
    this.#write(row, missing);
    written();
    return { outcome: "appended", top: top + missing.length, epoch };
  }

  #write(row: StreamRow, entries: Uint8Array[]): void {
    if (entries.length === 0) return;
    entries.forEach((bytes, index) => {
      this.#file.run(
        "INSERT INTO stream_entry (stream, position, bytes) VALUES (?, ?, ?)",
        row.id,
        row.top + 1 + index,
        bytes,
      );
    });
    this.#file.run("UPDATE stream SET top = ? WHERE id = ?", row.top + entries.length, row.id);
  }

  #row(stream: string): StreamRow | undefined {
    return this.#file.row("SELECT id, epoch, top, fence FROM stream WHERE name = ?", stream);
  }

  #begin(stream: string): StreamRow {
    return this.#file.row<StreamRow>(
      `INSERT INTO stream (name, epoch, top, fence) VALUES (?, ?, 0, 0)
       RETURNING id, epoch, top, fence`,
      stream,
      randomId(this.#random),
    )!;
  }

  #position({ id, epoch, top }: StreamRow): StreamPosition {
    const oldest = this.#file.row<{ first: number | null }>(
      "SELECT MIN(position) AS first FROM stream_entry WHERE stream = ?",
      id,
    );
    return { epoch, first: oldest?.first ?? top + 1, top };
  }
}
