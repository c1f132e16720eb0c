import { describe, expect, test } from "vitest";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { BusinessLog } from "./business_log.ts";
import type { Exit } from "./child_spec.ts";
import { liveWith } from "./shutdown.ts";

function stage({ stop = () => Promise.resolve() }: { stop?: () => Promise<void> } = {}) {
  const lines: string[] = [];
  const did: string[] = [];
  const tree = Promise.withResolvers<Exit>();
  const ended = Promise.withResolvers<number>();
  let signal: (signal: string) => void = () => {};
  let uncaught: (error: unknown) => void = () => {};
  const root = {
    exited: tree.promise,
    stop: (reason: string) => {
      did.push(`stop: ${reason}`);
      return stop();
    },
  };
  const write = (line: string) => lines.push(line);
  const log = new BusinessLog({ mode: "development", clock: new SimulatedClock(0), write });
  liveWith(root, log, {
    onShutdownSignal: (task) => void (signal = task),
    onUncaught: (task) => void (uncaught = task),
    holdOpen: () => did.push("hold open"),
    exitProcess: ((code: number) => ended.resolve(code)) as () => never,
  });
  return {
    lines,
    did,
    tree,
    ended: ended.promise,
    signal: (s: string) => signal(s),
    uncaught: (e: unknown) => uncaught(e),
  };
}

describe("liveWith", () => {
  test("a signal stops the tree: exit 0", async () => {
    const { signal, ended, did, lines } = stage();
    signal("SIGTERM");
    expect(await ended).toBe(0);
    expect(did).toEqual(["hold open", "stop: SIGTERM"]);
    expect(lines).toEqual(["00:00:00.000 info  process.signalled signal=SIGTERM"]);
  });

  test("a tree that gave up: its reason and exit 70", async () => {
    const { tree, ended, lines } = stage();
    tree.resolve({ kind: "crash", reason: "stores gave up: disk full" });
    expect(await ended).toBe(70);
    expect(lines[0]).toContain('process.failed reason="stores gave up: disk full"');
  });

  test("a tree that ended without a word: exit 70 too", async () => {
    const { tree, ended, lines } = stage();
    tree.resolve({ kind: "normal" });
    expect(await ended).toBe(70);
    expect(lines[0]).toContain("normal");
  });

  test("an error that nobody caught: stack, stop, exit 70; another one changes nothing", async () => {
    const slow = Promise.withResolvers<void>();
    const { uncaught, signal, ended, did, lines } = stage({ stop: () => slow.promise });
    uncaught(new Error("lost"));
    uncaught("again");
    signal("SIGTERM");
    slow.resolve();
    expect(await ended).toBe(70);
    expect(did).toEqual(["hold open", "stop: an error that nobody caught"]);
    expect(lines[0]).toContain('reason="nobody caught: lost"\nError: lost\n');
    expect(lines[1]).toContain('reason="nobody caught: again"');
  });

  test("a stop that fails is said: exit 70", async () => {
    const { signal, ended, lines } = stage({ stop: () => Promise.reject(new Error("stuck")) });
    signal("SIGINT");
    expect(await ended).toBe(70);
    expect(lines.at(-1)).toContain("reason=stuck");
  });
});
