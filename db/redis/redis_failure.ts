/**
 * What Redis and the way to it say, as a `Failure` that names the server and the
 * way out.
 *
 * Redis begins an error with a word in capitals; everything without one comes
 * from the connection and means that the server is away. What is left, such as
 * a wrong type or an error in a script, is a bug of ours and passes as it came.
 */
import { Failure, reasonOf } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";

/** It will pass: a failover, a restart, a slot on the move. */
const PASSING = /^(MOVED|ASK|TRYAGAIN|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|READONLY|LOADING|BUSY)\b/;
const FULL = /^(OOM|MISCONF)\b/;
const REFUSED = /^(NOAUTH|WRONGPASS|NOPERM)\b/;
const NO_CLUSTER = /cluster support disabled/;

/** `trouble` is what the connection last suffered from: an error says only that it is closed. */
export function redisFailure(shown: string, error: unknown, trouble: string | null): unknown {
  if (error instanceof Failure) return error;
  const reason = reasonOf(error);
  const failure = (code: string, needed: string, retryable: boolean, found = reason) =>
    new Failure(
      code,
      `Cannot use the Redis at ${shown} (REDIS_URL) as ${needed}; found: ${found}`,
      { retryable, cause: error },
    );
  if (NO_CLUSTER.test(reason)) {
    return failure("storeUnavailable", "?cluster=1 needs a Redis Cluster", false);
  }
  if (REFUSED.test(reason)) {
    return failure("storeUnavailable", "its user needs a password and the right to do this", false);
  }
  if (FULL.test(reason)) {
    return failure("storeFull", "it needs memory and a disk that it can write to", true);
  }
  if (PASSING.test(reason)) {
    return failure("storeUnavailable", "it must have the partition and be ready", true);
  }
  if ((error as Error).name === "ReplyError") return error;
  const needed = `it must be reachable and answer within ${limits.redisCommandMsMax} ms`;
  return failure("storeUnavailable", needed, true, trouble ?? reason);
}
