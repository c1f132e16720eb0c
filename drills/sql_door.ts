/**
 * SQL as somebody outside sees it: a plain connection of one's own, no line of
 * which is shared with the server.
 */
import { DatabaseSync } from "node:sqlite";
import { createConnection } from "mysql2/promise";

export interface SqlDoor {
  ask(text: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function openMysqlDoor(url: string): Promise<SqlDoor> {
  const connection = await createConnection(url);
  return {
    ask: async (text) => (await connection.query(text))[0] as Record<string, unknown>[],
    close: () => Promise.resolve(connection.destroy()),
  };
}

/** Beside the server that has the file open; each commit is on the disk. */
export function openSqliteDoor(path: string): SqlDoor {
  const database = new DatabaseSync(path, { timeout: 10_000 });
  database.exec("PRAGMA synchronous = FULL");
  return {
    ask: (text) => Promise.resolve(database.prepare(text).all() as Record<string, unknown>[]),
    close: () => Promise.resolve(database.close()),
  };
}
