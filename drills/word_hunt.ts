/**
 * Where a word stands in what is kept: every key of a Redis, every row of every
 * table of a MariaDB, every byte of every file of a folder.
 *
 * By raw commands and raw SQL, whatever keys and tables there are: a store that
 * keeps a copy where nobody thinks of is found out too. Each answers the places;
 * a hunter that finds nothing while the word is there would prove nothing, so
 * drills hunt before, too.
 */
import { Buffer } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { createConnection, type RowDataPacket } from "mysql2/promise";

/** Names of the keys. */
export async function huntInRedis(url: string, word: string): Promise<string[]> {
  const redis = new Redis(url);
  try {
    const keys = await redis.keysBuffer("*");
    const found: string[] = [];
    for (const key of keys) {
      const isNamed = key.includes(word);
      if (isNamed || holds(await valuesOf(redis, key), word)) found.push(key.toString());
    }
    return found;
  } finally {
    redis.disconnect();
  }
}

/** `table.column`, once a row. */
export async function huntInMariadb(url: string, word: string): Promise<string[]> {
  const connection = await createConnection(url);
  try {
    const [tables] = await connection.query<RowDataPacket[]>("SHOW TABLES");
    const found: string[] = [];
    for (const table of tables.map((row) => String(Object.values(row)[0]))) {
      const [rows] = await connection.query<RowDataPacket[]>(`SELECT * FROM \`${table}\``);
      for (const row of rows) {
        for (const [column, value] of Object.entries(row)) {
          if (holds(value, word)) found.push(`${table}.${column}`);
        }
      }
    }
    return found;
  } finally {
    await connection.end();
  }
}

/** Paths of the files, -wal included, as they lie on the disk now. */
export function huntInFiles(folder: string, word: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return files.filter((path) => readFileSync(path).includes(word));
}

/** Of every type that Redis has. */
async function valuesOf(redis: Redis, key: Buffer): Promise<unknown> {
  const type = await redis.type(key);
  switch (type) {
    case "string":
      return await redis.getBuffer(key);
    case "hash":
      return await redis.callBuffer("hgetall", key);
    case "list":
      return await redis.callBuffer("lrange", key, 0, -1);
    case "set":
      return await redis.callBuffer("smembers", key);
    case "zset":
      return await redis.callBuffer("zrange", key, 0, -1);
    case "stream":
      return await redis.callBuffer("xrange", key, "-", "+");
    // It was there a moment ago.
    case "none":
      return null;
    default:
      throw new Error(`Cannot look into ${key}: nobody knows the type ${type}`);
  }
}

function holds(value: unknown, word: string): boolean {
  if (Buffer.isBuffer(value)) return value.includes(word);
  if (typeof value === "string") return value.includes(word);
  if (Array.isArray(value)) return value.some((each) => holds(each, word));
  // A hash, or a column that is JSON.
  if (value !== null && typeof value === "object") return holds(Object.entries(value), word);
  return false;
}
