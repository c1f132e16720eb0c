import { describe, expect, test } from "vitest";
import { SharedRun } from "./shared_run.ts";

/** A task whose runs a test ends. */
function stage() {
  const runs: PromiseWithResolvers<void>[] = [];
  const shared = new SharedRun(() => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    return run.promise;
  });
  return { shared, runs };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("SharedRun.begin", () => {
  test("is one run for all who ask before it begins", async () => {
    const { shared, runs } = stage();
    const asked = [shared.begin(), shared.begin()];
    await settled();
    expect(runs).toHaveLength(1);
    runs[0]!.resolve();
    await Promise.all(asked);
  });

  test("gives those who ask meanwhile the one run after it", async () => {
    const { shared, runs } = stage();
    void shared.begin();
    await settled();
    const late = [shared.begin(), shared.begin()];
    await settled();
    expect(runs).toHaveLength(1);
    runs[0]!.resolve();
    await settled();
    expect(runs).toHaveLength(2);
    runs[1]!.resolve();
    await Promise.all(late);
  });

  test("fails those who asked for it alone", async () => {
    const { shared, runs } = stage();
    const refused = expect(shared.begin()).rejects.toThrow("no");
    await settled();
    const next = shared.begin();
    runs[0]!.reject(new Error("no"));
    await refused;
    await settled();
    runs[1]!.resolve();
    await next;
  });
});
