// deno-lint-ignore-file require-await -- a throw must reach the caller as a rejection
/**
 * The cell primitive on SQLite: snapshots, leases, sessions, limits.
 *
 * Time is the injected clock's, the store's own. What has expired counts as gone
 * at once and is swept by the next write that expires. A lease's row outlives its
 * holder, so a token is never given twice; and since a token is never below the
 * time in ms, it rises even over a store that was emptied.
 */
import type { Cell, CellStore, LeaseResult, PutOptions } from "../../actors/ports/cell.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { SqliteFile } from "./sqlite_file.ts";

const TABLES = `
  CREATE TABLE IF NOT EXISTS cell (
    key TEXT PRIMARY KEY, bytes BLOB NOT NULL, fence INTEGER NOT NULL, expires_at INTEGER
  );
  CREATE TABLE IF NOT EXISTS counter (
    key TEXT PRIMARY KEY, value INTEGER NOT NULL, expires_at INTEGER
  );
  CREATE TABLE IF NOT EXISTS lease (
    key TEXT PRIMARY KEY, holder TEXT NOT NULL, token INTEGER NOT NULL, expires_at INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS attendance (
    roll TEXT NOT NULL, member TEXT NOT NULL, expires_at INTEGER NOT NULL,
    PRIMARY KEY (roll, member)
  );
  CREATE INDEX IF NOT EXISTS attendance_expiry ON attendance (expires_at);
  CREATE INDEX IF NOT EXISTS cell_expiry ON cell (expires_at) WHERE expires_at IS NOT NULL;
  CREATE INDEX IF NOT EXISTS counter_expiry ON counter (expires_at) WHERE expires_at IS NOT NULL;
`;

export class SqliteCell implements CellStore {
  readonly #file: SqliteFile;
  readonly #clock: Clock;

  constructor(file: SqliteFile, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
    file.define(TABLES);
  }

  async get(key: string): Promise<Cell | null> {
    return this.#file.row<Cell>(
      "SELECT bytes, fence FROM cell WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)",
      key,
      this.#clock.now(),
    ) ?? null;
  }

  /** A snapshot that is lost with the power is made again from its ledger. */
  async put(key: string, bytes: Uint8Array, options: PutOptions = {}): Promise<"put" | "fenced"> {
    return this.#file.relaxedTransaction(() => {
      const now = this.#clock.now();
      if (options.expireMs !== undefined) this.#sweep(now);
      const held = this.#file.row<{ fence: number }>(
        "SELECT fence FROM cell WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)",
        key,
        now,
      );
      const heldFence = held?.fence ?? 0;
      if (options.fence !== undefined && options.fence < heldFence) return "fenced";
      this.#file.run(
        "INSERT OR REPLACE INTO cell (key, bytes, fence, expires_at) VALUES (?, ?, ?, ?)",
        key,
        bytes,
        options.fence ?? heldFence,
        options.expireMs === undefined ? null : now + options.expireMs,
      );
      return "put";
    });
  }

  async remove(key: string): Promise<void> {
    this.#file.run("DELETE FROM cell WHERE key = ?", key);
  }

  async count(key: string, by: number, expireMs?: number): Promise<number> {
    return this.#file.transaction(() => {
      const now = this.#clock.now();
      this.#sweep(now);
      return this.#file.row<{ value: number }>(
        `INSERT INTO counter (key, value, expires_at) VALUES (?, ?, ?)
         ON CONFLICT (key) DO UPDATE SET value = value + excluded.value RETURNING value`,
        key,
        by,
        expireMs === undefined ? null : now + expireMs,
      )!.value;
    });
  }

  async lease(key: string, holder: string, expireMs: number): Promise<LeaseResult> {
    return this.#file.transaction((): LeaseResult => {
      const now = this.#clock.now();
      const held = this.#file.row<{ holder: string; token: number; expires_at: number }>(
        "SELECT holder, token, expires_at FROM lease WHERE key = ?",
        key,
      );
      const isHeld = held !== undefined && held.expires_at > now;
      if (isHeld && held.holder !== holder) return { outcome: "held", by: held.holder };
      const token = isHeld ? held.token : Math.max((held?.token ?? 0) + 1, now);
      this.#file.run(
        "INSERT OR REPLACE INTO lease (key, holder, token, expires_at) VALUES (?, ?, ?, ?)",
        key,
        holder,
        token,
        now + expireMs,
      );
      return { outcome: "granted", token };
    });
  }

  async release(key: string, holder: string): Promise<void> {
    this.#file.run("UPDATE lease SET expires_at = 0 WHERE key = ? AND holder = ?", key, holder);
  }

  async attend(roll: string, member: string, expireMs: number): Promise<string[]> {
    return this.#file.transaction(() => {
      const now = this.#clock.now();
      this.#file.run("DELETE FROM attendance WHERE expires_at <= ?", now);
      this.#file.run(
        "INSERT OR REPLACE INTO attendance (roll, member, expires_at) VALUES (?, ?, ?)",
        roll,
        member,
        now + expireMs,
      );
      return this.#file.rows<{ member: string }>(
        "SELECT member FROM attendance WHERE roll = ? ORDER BY member",
        roll,
      ).map(({ member }) => member);
    });
  }

  async depart(roll: string, member: string): Promise<void> {
    this.#file.run("DELETE FROM attendance WHERE roll = ? AND member = ?", roll, member);
  }

  #sweep(now: number): void {
    this.#file.run("DELETE FROM cell WHERE expires_at <= ?", now);
    this.#file.run("DELETE FROM counter WHERE expires_at <= ?", now);
  }
}
