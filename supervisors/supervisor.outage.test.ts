/** Ends that are the world's doing: waited out, never counted. */
import { expect, test } from "vitest";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { isForOutage } from "./outage.ts";
import { stage, states } from "./supervisor_test_kit.ts";

const away = new Failure("storeUnavailable", "it is away", { retryable: true });
const outage = { kind: "crash", reason: away.message, cause: away } as const;

test("Supervisor: a child that is down for an outage waits however often, and one alarm is given", async () => {
  const { children, start, pass, heard } = stage({ isOutage: isForOutage });
  const tree = await start({ children: [children.spec("a"), children.spec("b")] });
  for (let round = 0; round < 50; round++) {
    children.exit("a", outage);
    await pass(limits.startRetryMsMax);
    expect(states(tree)).toEqual(["a running", "b running"]);
  }
  expect(heard).toEqual(["a cannot run and is started once it can: it is away"]);
  expect(tree.status()[0]).toMatchObject({ restartsInWindow: 0, restartsTotal: 50 });
});

test("Supervisor: every other end of the same child still counts", async () => {
  const { children, start, pass } = stage({ isOutage: isForOutage });
  const tree = await start({ children: [children.spec("a")] });
  const cause = new Failure("ledgerConflict", "SQL holds another fact");
  for (let round = 0; round <= limits.restartsMax; round++) {
    children.exit("a", outage);
    await pass(limits.startRetryMsMax);
    children.exit("a", { kind: "crash", reason: cause.message, cause });
    await pass(round < limits.restartsMax ? limits.restartDelayMsMin * 2 ** round : 0);
  }
  expect(states(tree)).toEqual(["a parked"]);
});

test.each([
  ["storeUnavailable", true, true],
  ["storeBusy", true, true],
  ["storeFull", true, true],
  ["storeRefused", false, false],
  ["appendUnknown", true, false],
  ["fenced", false, false],
])("isForOutage: %s (retryable: %s) is one: %s", (code, retryable, expected) => {
  const cause = new Failure(code, "why", { retryable });
  expect(isForOutage({ kind: "crash", reason: "why", cause })).toBe(expected);
});
