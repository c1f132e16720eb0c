/**
 * The hot bodies of messages in a SQLite file of their own.
 *
 * What is asked in one turn is one transaction, so a room of a thousand posts a
 * second waits for the disk a few times and not for each. The file overwrites
 * what it deletes (secure_delete), and what its -wal still holds goes with the
 * checkpoint that follows a removal: only then is it answered.
 */
import type { HotBodies } from "../../actors/ports/bodies.ts";
import { nextTurn } from "../../runtime/turn.ts";
import type { SqliteFile } from "./sqlite_file.ts";

const TABLE = `
  CREATE TABLE IF NOT EXISTS body (
    room TEXT NOT NULL, key TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (room, key)
  ) WITHOUT ROWID;
`;

interface Asked {
  change(): void;
  resolve(): void;
  reject(error: unknown): void;
}

export class SqliteBodies implements HotBodies {
  readonly #file: SqliteFile;
  #asked: Asked[] = [];
  #isErasing = false;

  constructor(file: SqliteFile) {
    this.#file = file;
    file.define(TABLE);
  }

  async put(room: string, key: string, bytes: Uint8Array): Promise<Uint8Array> {
    let held = bytes;
    await this.#change(() => {
      const sql = "INSERT INTO body (room, key, bytes) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
      if (this.#file.run(sql, room, key, bytes) === 0) held = this.#read(room, key)!;
    });
    return held;
  }

  // deno-lint-ignore require-await -- a throw must reach the caller as a rejection
  async get(room: string, keys: string[]): Promise<(Uint8Array | null)[]> {
    return keys.map((key) => this.#read(room, key));
  }

  async remove(room: string, keys: string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#change(() => {
      for (const key of keys) {
        const gone = this.#file.run("DELETE FROM body WHERE room = ? AND key = ?", room, key);
        if (gone > 0) this.#isErasing = true;
      }
    });
  }

  // deno-lint-ignore require-await -- a throw must reach the caller as a rejection
  async keys(room: string): Promise<string[]> {
    return this.#file.rows<{ key: string }>("SELECT key FROM body WHERE room = ?", room)
      .map(({ key }) => key);
  }

  #read(room: string, key: string): Uint8Array | null {
    const sql = "SELECT bytes FROM body WHERE room = ? AND key = ?";
    return this.#file.row<{ bytes: Uint8Array }>(sql, room, key)?.bytes ?? null;
  }

  #change(change: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ change, resolve, reject });
      if (this.#asked.length === 1) void nextTurn().then(() => this.#flush());
    });
  }

  #flush(): void {
    const asked = this.#asked;
    this.#asked = [];
    try {
      this.#file.transaction(() => {
        for (const { change } of asked) change();
      });
      if (this.#isErasing) this.#file.row("PRAGMA wal_checkpoint(TRUNCATE)");
      this.#isErasing = false;
      for (const { resolve } of asked) resolve();
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}
