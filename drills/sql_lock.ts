/**
 * Makes whoever writes history wait, for as long as a drill wants it.
 *
 * A lock of MySQL's own on the table that every batch begins with, so the
 * server under drill sees nothing but a statement that takes its time.
 */
import { createConnection } from "mysql2/promise";

/** Resolves when the lock is held; the answer lets go of it. */
export async function holdHistory(databaseUrl: string): Promise<() => Promise<void>> {
  const connection = await createConnection(databaseUrl);
  await connection.query("LOCK TABLES partition_fence WRITE");
  return () => connection.end();
}
