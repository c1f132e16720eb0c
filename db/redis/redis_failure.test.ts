import { expect, test } from "vitest";
import { Failure } from "../../runtime/failure.ts";
import { redisFailure } from "./redis_failure.ts";

class ReplyError extends Error {
  override name = "ReplyError";
}

test("redisFailure tells what passes from what somebody must change", () => {
  const cases: [string, string, boolean][] = [
    ["MOVED 3999 127.0.0.1:7001", "storeUnavailable", true],
    ["CLUSTERDOWN The cluster is down", "storeUnavailable", true],
    ["READONLY You can't write against a read only replica.", "storeUnavailable", true],
    ["OOM command not allowed when used memory > 'maxmemory'.", "storeFull", true],
    ["NOPERM this user has no permissions", "storeRefused", false],
    ["ERR This instance has cluster support disabled", "storeRefused", false],
  ];
  for (const [message, code, retryable] of cases) {
    const failure = redisFailure("redis://cache", new ReplyError(message), null);
    expect(failure, message).toMatchObject({ code, retryable });
    expect((failure as Failure).message).toContain("redis://cache (REDIS_URL)");
  }
});

test("redisFailure names what the connection suffers from", () => {
  const failure = redisFailure("redis://cache", new Error("closed"), "connect ECONNREFUSED");
  expect(failure).toMatchObject({ code: "storeUnavailable", retryable: true });
  expect((failure as Failure).message).toMatch(/within 1000 ms; found: connect ECONNREFUSED$/);
  const late = redisFailure("redis://cache", new Error("Command timed out"), "something of before");
  expect((late as Failure).message).toMatch(/found: Command timed out$/);
});

test("redisFailure lets a bug and a Failure pass as they came", () => {
  const bug = new ReplyError("WRONGTYPE Operation against a key holding the wrong kind of value");
  expect(redisFailure("redis://cache", bug, "something")).toBe(bug);
  const mistake = new TypeError("undefined is not a function");
  expect(redisFailure("redis://cache", mistake, null)).toBe(mistake);
  const failure = new Failure("storeFull", "as it was");
  expect(redisFailure("redis://cache", failure, null)).toBe(failure);
});
