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
const BUGS = new Set(["Bug", "TypeError", "RangeError", "ReferenceError"]);
const UNTRUSTED = /certificate|altnames/i;
/** ioredis, of a connection that ended, was not there or leads nowhere. */
const SAYS_NOTHING = /closed|no connection|isn't writ|max retries|slots cache|startup nodes|ended/i;
const NO_CLUSTER = /cluster support disabled/;

/** `trouble` is what the connection last suffered from, as some errors say only that it is gone. */
export function redisFailure(shown: string, error: unknown, trouble: string | null): unknown {
  if (error instanceof Failure || BUGS.has((error as Error).name)) return error;
  const isReply = (error as Error).name === "ReplyError";
  const reason = reasonOf(error);
  const found = isReply || !SAYS_NOTHING.test(reason) ? reason : trouble ?? reason;
  const failure = (code: string, needed: string, retryable: boolean) =>
    new Failure(
      code,
      `Cannot use the Redis at ${shown} (REDIS_URL) as ${needed}; found: ${found}`,
      { retryable, cause: error },
    );
  if (NO_CLUSTER.test(found)) {
    return failure("storeRefused", "?cluster=1 needs a Redis Cluster", false);
  }
  if (REFUSED.test(found)) {
    return failure("storeRefused", "it must take the user, its password and what it does", false);
  }
  if (UNTRUSTED.test(found)) {
    return failure("storeRefused", "its certificate must be valid, for its name", false);
  }
  if (FULL.test(found)) {
    return failure("storeFull", "it needs memory and a disk that it can write to", true);
  }
  if (PASSING.test(found)) {
    return failure("storeUnavailable", "it must have the partition and be ready", true);
  }
  if (isReply) return error;
  const needed = `it must be reachable and answer within ${limits.redisCommandMsMax} ms`;
  return failure("storeUnavailable", needed, true);
}
