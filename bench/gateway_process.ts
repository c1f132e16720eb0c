/**
 * A gateway as it runs in the distributed form: a process by the normal command
 * that shares a Redis with owners, and that Redis, which keeps what it says.
 */
import { type RunningRedis, startRedis } from "../db/redis/redis_test_kit.ts";
import { NAMESPACE } from "./match_owner.ts";
import { type ServerProcess, startServer } from "./server_process.ts";

/** Appends to its file and syncs it every second, as in production. */
export function startDurableRedis(): Promise<RunningRedis> {
  return startRedis("--appendonly", "yes", "--appendfsync", "everysec");
}

/** @param core the only one that it may use; absent: any */
export function startGateway(redisUrl: string, core?: number): Promise<ServerProcess> {
  return startServer({
    GOLAZO_ROLE: "gateway",
    GOLAZO_NAMESPACE: NAMESPACE,
    REDIS_URL: redisUrl,
    // A gateway asks no database, and is not given one.
    DATABASE_URL: "mysql://nobody@127.0.0.1:1/none",
  }, core);
}
