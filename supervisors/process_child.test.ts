import { existsSync } from "node:fs";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { systemClock } from "../runtime/clock.ts";
import { ProcessChild, type ProcessOptions } from "./process_child.ts";

function options(script: string, more: Partial<ProcessOptions> = {}) {
  const lines: string[] = [];
  return {
    lines,
    id: "player",
    command: ["/bin/sh", "-c", script],
    cwd: process.cwd(),
    env: process.env,
    clock: systemClock,
    hears(line: string) {
      lines.push(line);
      return line === "ready";
    },
    ...more,
  };
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("ProcessChild", () => {
  test("is there once it says so, on either output, and ends when told to", async () => {
    for (const out of ["1", "2"]) {
      const asked = options(`echo hello; echo ready >&${out}; exec sleep 60`);
      const child = await ProcessChild.start(asked);
      expect(asked.lines.toSorted()).toEqual(["hello", "ready"]);
      expect(isThere(child.pid)).toBe(true);
      await child.stop();
      await child.stop();
      expect(isThere(child.pid)).toBe(false);
      expect(await child.exited).toEqual({ kind: "shutdown" });
    }
  });

  test("tells how it ended, after its last words", async () => {
    const failing = options("echo ready; sleep 0.05; echo sorry; exit 70");
    const failed = await ProcessChild.start(failing);
    expect(await failed.exited).toEqual({ kind: "crash", reason: "it ended with exit code 70" });
    expect(failing.lines).toEqual(["ready", "sorry"]);
    const killed = await ProcessChild.start(options("echo ready; exec sleep 60"));
    process.kill(killed.pid, "SIGKILL");
    expect(await killed.exited).toEqual({ kind: "crash", reason: "SIGKILL ended it" });
    await killed.stop();
  });

  test("that does not end is killed past its deadline", async () => {
    const stubborn = options("trap '' TERM; echo ready; while :; do sleep 0.05; done", {
      stopMsMax: 100,
    });
    const child = await ProcessChild.start(stubborn);
    await child.stop();
    expect(isThere(child.pid)).toBe(false);
    expect(stubborn.lines.at(-1)).toBe("did not end within 100 ms: killed");
  });

  test("that ends before it is ready did not start, nor one that is silent", async () => {
    await expect(ProcessChild.start(options("exit 69"))).rejects.toThrow(
      "Cannot start player: it ended with exit code 69",
    );
    await expect(ProcessChild.start(options("exit 0"))).rejects.toThrow("exit code 0");
    await expect(ProcessChild.start(options("exec sleep 60", { startMsMax: 50 }))).rejects.toThrow(
      "it was not ready within 50 ms",
    );
    const missing = ProcessChild.start(options("", { command: ["/nowhere/at-all"] }));
    await expect(missing).rejects.toMatchObject({ code: "processNotReady" });
  });

  test("is called off while it starts", async () => {
    const calling = new AbortController();
    const starting = ProcessChild.start(options("exec sleep 60", { signal: calling.signal }));
    calling.abort();
    await expect(starting).rejects.toThrow("it was called off");
    const late = ProcessChild.start(options("exec sleep 60", { signal: calling.signal }));
    await expect(late).rejects.toThrow("it was called off");
  });

  test("runs to its end", async () => {
    const work = options("echo one; echo two");
    await ProcessChild.run(work);
    expect(work.lines).toEqual(["one", "two"]);
    await expect(ProcessChild.run(options("exit 3"))).rejects.toThrow(
      "Cannot run player: it ended with exit code 3",
    );
  });

  test.runIf(existsSync("/proc"))("does not hear what is sent to our group", async () => {
    const asked = options("cut -d' ' -f5 /proc/$$/stat; echo ready; exec sleep 60");
    const child = await ProcessChild.start(asked);
    expect(Number(asked.lines[0])).toBe(child.pid);
    await child.stop();
  });
});
