import { describe, expect, test } from "vitest";
import { Failure } from "../runtime/failure.ts";
import { stage, states } from "./supervisor_test_kit.ts";

describe("Supervisor", () => {
  test("starts in order and stops in reverse", async () => {
    const { children, start } = stage();
    const tree = await start({ children: ["a", "b", "c"].map((id) => children.spec(id)) });
    expect(states(tree)).toEqual(["a running", "b running", "c running"]);
    await tree.stop("over");
    await tree.stop("again");
    expect(children.log).toEqual(["start a", "start b", "start c", "stop c", "stop b", "stop a"]);
    expect(await tree.exited).toEqual({ kind: "shutdown" });
    await expect(tree.add(children.spec("late"))).rejects.toMatchObject({
      code: "supervisorStopped",
    });
  });

  test("whose first start fails stops what it started, in reverse", async () => {
    const { children, start } = stage();
    const specs = [
      children.spec("a"),
      children.spec("b"),
      children.spec("c", { startsFailing: 1 }),
      children.spec("d"),
    ];
    const failed = start({ children: specs });
    await expect(failed).rejects.toThrow("Cannot start tree: c did not start: c cannot start");
    await expect(failed).rejects.toBeInstanceOf(Failure);
    expect(children.log).toEqual(["start a", "start b", "fail c", "stop b", "stop a"]);
  });

  test("that is called off while it starts stops what it started, and drops what hangs", async () => {
    const { children, start, pass, heard } = stage();
    const calling = new AbortController();
    const specs = [
      children.spec("a"),
      children.spec("b", { startsAfter: () => new Promise(() => {}) }),
      children.spec("c"),
    ];
    const starting = start({ children: specs, signal: calling.signal });
    await pass();
    calling.abort();
    const failed = expect(starting).rejects.toMatchObject({ code: "supervisorStopped" });
    await pass(999);
    expect(children.log).toEqual(["start a"]);
    await pass(1);
    await failed;
    expect(children.log).toEqual(["start a", "stop a"]);
    expect(heard).toEqual(["b of tree did not stop within 1000 ms: dropped"]);
  });

  test("heeds a crash during the first start once the start is over", async () => {
    const { children, start, pass } = stage({ strategy: "rest_for_one" });
    const slow = Promise.withResolvers<void>();
    const starting = start({
      children: [children.spec("a"), children.spec("b", { startsAfter: () => slow.promise })],
    });
    await pass();
    children.crash("a");
    await pass(1_000);
    expect(children.log).toEqual(["start a"]);
    slow.resolve();
    await pass(200);
    expect(children.log).toEqual(["start a", "start b", "stop b", "start a", "start b"]);
    expect(states(await starting)).toEqual(["a running", "b running"]);
  });

  test("one_for_one restarts the crashed child alone, later each time", async () => {
    const { children, start, pass, heard, clock } = stage();
    const tree = await start({ children: ["a", "b"].map((id) => children.spec(id)) });
    children.takeLog();
    children.crash("a");
    await pass(199);
    expect(states(tree)).toEqual(["a backingOff", "b running"]);
    expect(tree.status()[0]).toMatchObject({
      restartAt: clock.now() + 1,
      restartsInWindow: 1,
      restartsTotal: 1,
      lastReason: "a fell",
    });
    await pass(1);
    children.crash("a");
    await pass(400);
    expect(children.log).toEqual(["start a", "start a"]);
    expect(heard).toEqual(["restarted a #1 in 200: a fell", "restarted a #2 in 400: a fell"]);
    expect(states(tree)).toEqual(["a running", "b running"]);
    await pass(30_001);
    children.crash("a");
    await pass();
    expect(heard.at(-1)).toBe("restarted a #1 in 200: a fell");
  });

  test("rest_for_one stops those after it in reverse and starts them in order", async () => {
    const { children, start, pass } = stage({ strategy: "rest_for_one" });
    const tree = await start({ children: ["a", "b", "c", "d"].map((id) => children.spec(id)) });
    children.takeLog();
    children.crash("b");
    await pass();
    expect(states(tree)).toEqual(["a running", "b backingOff", "c waiting", "d waiting"]);
    await pass(200);
    expect(children.log).toEqual(["stop d", "stop c", "start b", "start c", "start d"]);
  });

  test("rest_for_one: a crash further up takes over from a restart under way", async () => {
    const { children, start, pass } = stage({ strategy: "rest_for_one" });
    const tree = await start({ children: ["a", "b", "c"].map((id) => children.spec(id)) });
    children.takeLog();
    children.crash("b");
    await pass(100);
    children.crash("a");
    await pass(150);
    expect(states(tree)).toEqual(["a backingOff", "b waiting", "c waiting"]);
    await pass(50);
    expect(children.log).toEqual(["stop c", "start a", "start b", "start c"]);
  });

  test("rest_for_one: nothing starts again before the last of the fallen has stopped", async () => {
    const { children, start, pass } = stage({ strategy: "rest_for_one" });
    const slow = Promise.withResolvers<void>();
    const tree = await start({
      children: [children.spec("a"), children.spec("b", { stopsAfter: () => slow.promise })],
    });
    children.takeLog();
    children.crash("a");
    await pass(500);
    expect(children.log).toEqual(["stop b"]);
    expect(states(tree)).toEqual(["a starting", "b waiting"]);
    slow.resolve();
    await pass();
    expect(children.log).toEqual(["stop b", "start a", "start b"]);
  });

  test("one_for_all restarts them all", async () => {
    const { children, start, pass } = stage({ strategy: "one_for_all" });
    await start({ children: ["a", "b", "c"].map((id) => children.spec(id)) });
    children.takeLog();
    children.crash("b");
    await pass(200);
    expect(children.log).toEqual(["stop c", "stop a", "start a", "start b", "start c"]);
  });

  test("restart types: transient after a crash only, temporary never", async () => {
    const { children, start, pass } = stage();
    const tree = await start({
      children: [
        children.spec("permanent"),
        children.spec("transient", { restart: "transient" }),
        children.spec("fallen", { restart: "transient" }),
        children.spec("temporary", { restart: "temporary" }),
      ],
    });
    children.takeLog();
    children.exit("permanent", { kind: "normal" });
    children.exit("transient", { kind: "normal" });
    children.crash("fallen");
    children.crash("temporary");
    await pass(200);
    expect(children.log).toEqual(["start permanent", "start fallen"]);
    expect(states(tree)).toEqual(["permanent running", "transient stopped", "fallen running"]);
  });

  test("parks past the intensity and leaves the neighbours alone, until unparked", async () => {
    const { children, start, pass, heard } = stage();
    const tree = await start({ children: [children.spec("a"), children.spec("b")] });
    for (let crashes = 0; crashes < 4; crashes++) {
      children.crash("b");
      await pass(3_200);
    }
    for (let crashes = 0; crashes < 6; crashes++) {
      children.crash("a");
      await pass(3_200);
    }
    expect(states(tree)).toEqual(["a parked", "b running"]);
    expect(heard.at(-1)).toBe("parked a: a fell");
    await pass(600_000);
    expect(states(tree)).toEqual(["a parked", "b running"]);
    expect(tree.unpark("b")).toBe("notParked");
    expect(tree.unpark("c")).toBe("unknown");
    expect(tree.unpark("a")).toBe("unparked");
    await pass();
    expect(states(tree)).toEqual(["a running", "b running"]);
    expect(heard.at(-1)).toBe("unparked a");
    children.crash("a");
    await pass(200);
    expect(tree.status()[0]).toMatchObject({ state: "running", restartsInWindow: 1 });
  });

  test("a start that keeps failing counts like crashes", async () => {
    const { children, start, pass } = stage();
    const tree = await start();
    await tree.add(children.spec("a", { startsFailing: 6 }));
    expect(states(tree)).toEqual(["a backingOff"]);
    await pass(200 + 400 + 800 + 1_600 + 3_200);
    expect(children.log).toEqual(Array(6).fill("fail a"));
    expect(tree.status()[0]).toMatchObject({ state: "parked", lastReason: "a cannot start" });
  });

  test("escalates past the intensity: stops its children and ends with the reason", async () => {
    const { children, start, pass } = stage({
      strategy: "rest_for_one",
      whenExceeded: "escalate",
      intensity: { restartsMax: 1, windowMs: 60_000 },
    });
    const tree = await start({ children: ["a", "b", "c"].map((id) => children.spec(id)) });
    children.crash("b");
    await pass(200);
    children.takeLog();
    children.crash("b", "disk is full");
    await pass();
    expect(children.log).toEqual(["stop c", "stop a"]);
    expect(await tree.exited).toEqual({
      kind: "crash",
      reason: "tree gave up after more than 1 restarts in 60 s, the last for b: disk is full",
    });
  });
});
