// deno-lint-ignore-file require-await -- a throw must reach the caller as a rejection
/**
 * The ranking primitive on SQLite: whole scores, moved once per key.
 *
 * A change set and its key are one transaction, so a chunk that is sent again
 * after a crash finds its key and does nothing. Keys are kept for days, longer
 * than any chunk is sent again, and each new one takes a few old ones with it.
 * `clear` forgets members and keys but never the fence.
 */
import { unpackedChanges } from "../../actors/ports/packed_changes.ts";
import type { Applied, Changes, RankedMember, RankingStore } from "../../actors/ports/ranking.ts";
import type { Clock } from "../../runtime/clock.ts";
import { assert } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { socketTurn } from "../../runtime/turn.ts";
import type { SqliteFile, SqlValue } from "./sqlite_file.ts";

const TABLES = `
  CREATE TABLE IF NOT EXISTS ranking_fence (ranking TEXT PRIMARY KEY, fence INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS ranking_key (
    ranking TEXT NOT NULL, key TEXT NOT NULL, applied_at INTEGER NOT NULL,
    PRIMARY KEY (ranking, key)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS ranking_key_age ON ranking_key (applied_at);
  CREATE TABLE IF NOT EXISTS ranking_member (
    ranking TEXT NOT NULL, member TEXT NOT NULL, score INTEGER NOT NULL,
    PRIMARY KEY (ranking, member)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS ranking_order ON ranking_member (ranking, score DESC, member);
`;

/** Scores of one slice of a count: 8 of a match's 50 are 10,000 of 60,000 fans, 0.5 ms. */
const SCORES_COUNTED = 8;

/** Thrown within a transaction whose writes are not to be. */
const UNDONE = Symbol("undone");

export class SqliteRanking implements RankingStore {
  readonly changesMax = limits.leaderboardChangesMaxSqlite;
  readonly holdsLoop = true;
  readonly #file: SqliteFile;
  readonly #clock: Clock;
  readonly #keysKeptMs: number;

  constructor(file: SqliteFile, clock: Clock, keysKeptMs: number = limits.leaderboardKeysKeptMs) {
    this.#file = file;
    this.#clock = clock;
    this.#keysKeptMs = keysKeptMs;
    file.define(TABLES);
  }

  async apply(
    ranking: string,
    key: string,
    changes: Changes,
    fence: number,
    scoreMax = Number.MAX_SAFE_INTEGER,
  ): Promise<Applied> {
    const single = unpackedChanges(changes);
    assert(single.every(({ score }) => Number.isSafeInteger(score)), "scores are whole numbers");
    const rejected: string[] = [];
    try {
      return this.#file.transaction(() => {
        if (!this.#admits(ranking, fence)) return { outcome: "fenced" };
        this.#forgetKeys();
        const isNew = this.#file.run(
          `INSERT INTO ranking_key (ranking, key, applied_at) VALUES (?, ?, ?)
           ON CONFLICT DO NOTHING`,
          ranking,
          key,
          this.#clock.now(),
        );
        if (isNew === 0) return { outcome: "applied before" };
        const moves = single.map(({ member, score }) => {
          const to = this.#move(ranking, member, score);
          if (Math.abs(to) > scoreMax) rejected.push(member);
          return { from: to - score, to, members: 1 };
        });
        if (rejected.length > 0) throw UNDONE;
        return { outcome: "applied", moves };
      });
    } catch (error) {
      if (error !== UNDONE) throw error;
      return { outcome: "rejected", members: rejected };
    }
  }

  /** One by one: all in one statement, by json_each, takes half as long again. */
  #move(ranking: string, member: string, score: number): number {
    return this.#file.row<{ score: number }>(
      `INSERT INTO ranking_member (ranking, member, score) VALUES (?, ?, ?)
       ON CONFLICT (ranking, member) DO UPDATE SET score = score + excluded.score
       RETURNING score`,
      ranking,
      member,
      score,
    )!.score;
  }

  async scores(ranking: string, members: string[]): Promise<(number | null)[]> {
    const rows = this.#file.rows<{ score: number | null }>(
      `SELECT score FROM json_each(?) AS asked
       LEFT JOIN ranking_member ON ranking = ? AND member = asked.value ORDER BY asked.key`,
      JSON.stringify(members),
      ranking,
    );
    return rows.map(({ score }) => score);
  }

  async page(ranking: string, start: number, count: number): Promise<RankedMember[]> {
    return this.#file.rows<RankedMember>(
      `SELECT member, score FROM ranking_member WHERE ranking = ?
       ORDER BY score DESC, member LIMIT ? OFFSET ?`,
      ranking,
      count,
      start,
    );
  }

  /** By the place and not by counting up to it: the same few rows are read wherever it is. */
  async around(
    ranking: string,
    { member, score }: RankedMember,
    above: number,
    below: number,
  ): Promise<RankedMember[]> {
    const read = (where: string, order: string, count: number, ...values: SqlValue[]) =>
      this.#file.rows<RankedMember>(
        `SELECT member, score FROM ranking_member WHERE ranking = ? AND ${where}
         ORDER BY ${order} LIMIT ?`,
        ranking,
        ...values,
        Math.max(0, count),
      );
    const before = read("score = ? AND member < ?", "member DESC", above, score, member);
    before.push(...read("score > ?", "score, member DESC", above - before.length, score));
    const there = read("score = ? AND member = ?", "member", 1, score, member);
    const after = read("score = ? AND member > ?", "member", below, score, member);
    after.push(...read("score < ?", "score DESC, member", below - after.length, score));
    return [...before.reverse(), ...there, ...after];
  }

  /** A few scores at a time, as others have their turn between: its owner alone moves them. */
  async histogram(ranking: string): Promise<{ score: number; members: number }[]> {
    const counts: { score: number; members: number }[] = [];
    for (;;) {
      const some = this.#file.rows<{ score: number; members: number }>(
        `SELECT score, COUNT(*) AS members FROM ranking_member WHERE ranking = ? AND score < ?
         GROUP BY score ORDER BY score DESC LIMIT ?`,
        ranking,
        counts.at(-1)?.score ?? Number.MAX_SAFE_INTEGER,
        SCORES_COUNTED,
      );
      counts.push(...some);
      if (some.length < SCORES_COUNTED) return counts;
      await socketTurn();
    }
  }

  async size(ranking: string): Promise<number> {
    return this.#file.row<{ members: number }>(
      "SELECT COUNT(*) AS members FROM ranking_member WHERE ranking = ?",
      ranking,
    )!.members;
  }

  /** Slice by slice, as others have their turn between; nobody reads what is being cleared. */
  async clear(ranking: string, fence: number): Promise<"cleared" | "fenced"> {
    for (;;) {
      const removed = this.#file.transaction(() => {
        if (!this.#admits(ranking, fence)) return "fenced";
        return this.#removeSome("ranking_member", "member", ranking) +
          this.#removeSome("ranking_key", "key", ranking);
      });
      if (removed === "fenced") return "fenced";
      if (removed === 0) return "cleared";
      await socketTurn();
    }
  }

  #removeSome(table: string, name: string, ranking: string): number {
    return this.#file.run(
      `DELETE FROM ${table} WHERE ranking = ? AND ${name} IN (
         SELECT ${name} FROM ${table} WHERE ranking = ? LIMIT ?
       )`,
      ranking,
      ranking,
      limits.leaderboardChangesMaxSqlite,
    );
  }

  /** A few of the oldest, of any ranking. */
  #forgetKeys(): void {
    this.#file.run(
      `DELETE FROM ranking_key WHERE (ranking, key) IN (
         SELECT ranking, key FROM ranking_key WHERE applied_at <= ? ORDER BY applied_at LIMIT ?
       )`,
      this.#clock.now() - this.#keysKeptMs,
      limits.leaderboardKeysForgotten,
    );
  }

  /** Takes note of the fence, unless a higher one was seen. */
  #admits(ranking: string, fence: number): boolean {
    return this.#file.run(
      `INSERT INTO ranking_fence (ranking, fence) VALUES (?, ?)
       ON CONFLICT (ranking) DO UPDATE SET fence = excluded.fence WHERE excluded.fence >= fence`,
      ranking,
      fence,
    ) > 0;
  }
}
