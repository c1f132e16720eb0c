/** Supervisors within supervisors, children that come and go, and those that do not want to go. */
import { describe, expect, test } from "vitest";
import { stage, states } from "./supervisor_test_kit.ts";

describe("Supervisor", () => {
  test("nests: the parent restarts a supervisor that gave up, with all its children", async () => {
    const { children, start, pass, heard } = stage();
    const never = { restartsMax: 0, windowMs: 1_000 };
    const inner = () =>
      start({
        id: "inner",
        whenExceeded: "escalate",
        intensity: never,
        children: [children.spec("a"), children.spec("b")],
      });
    const tree = await start({
      children: [
        { id: "inner", start: inner, restart: "permanent", shutdownMs: Infinity },
        children.spec("neighbour"),
      ],
    });
    children.takeLog();
    children.crash("a");
    await pass(200);
    expect(heard[0]).toContain("restarted inner #1 in 200: inner gave up");
    expect(children.log).toEqual(["stop b", "start a", "start b"]);
    expect(tree.status()[0]).toMatchObject({
      state: "running",
      children: [{ id: "a", state: "running" }, { id: "b", state: "running" }],
    });
    children.takeLog();
    await tree.stop("over");
    expect(children.log).toEqual(["stop neighbour", "stop b", "stop a"]);
  });

  test("drops and reports a child that does not stop in time", async () => {
    const { children, start, pass, heard } = stage();
    const never = new Promise<void>(() => {});
    const tree = await start({
      children: [
        children.spec("a"),
        children.spec("b", { stopsAfter: () => never, shutdownMs: 700 }),
      ],
    });
    children.takeLog();
    const stopped = tree.stop("over");
    await pass(699);
    expect(children.log).toEqual(["stop b"]);
    await pass(1);
    await stopped;
    expect(children.log).toEqual(["stop b", "stop a"]);
    expect(heard).toEqual(["b of tree did not stop within 700 ms: dropped"]);
  });

  test("stops a child that is still starting, and one that arrives too late", async () => {
    const { children, start, pass } = stage();
    const tree = await start();
    const slow = Promise.withResolvers<void>();
    void tree.add(children.spec("slow", { startsAfter: () => slow.promise, shutdownMs: 500 }));
    await pass();
    const stopped = tree.stop("over");
    await pass(500);
    await stopped;
    expect(children.log).toEqual([]);
    slow.resolve();
    await pass();
    expect(children.log).toEqual(["start slow", "stop slow"]);
  });

  test("removes a child, and adds one of its name only when the old one is over", async () => {
    const { children, start, pass } = stage();
    const slow = Promise.withResolvers<void>();
    const tree = await start({
      children: [children.spec("a", { stopsAfter: () => slow.promise })],
    });
    const removed = tree.remove("a");
    const added = tree.add(children.spec("a"));
    await pass();
    expect(children.log).toEqual(["start a", "stop a"]);
    slow.resolve();
    await Promise.all([removed, added]);
    expect(children.log).toEqual(["start a", "stop a", "start a"]);
    expect(states(tree)).toEqual(["a running"]);
    await tree.remove("unknown");
  });

  test("removing the child that the others wait for lets them start", async () => {
    const { children, start, pass } = stage({ strategy: "rest_for_one" });
    const tree = await start({ children: ["a", "b", "c"].map((id) => children.spec(id)) });
    children.crash("b");
    await pass();
    await tree.remove("b");
    await pass();
    expect(states(tree)).toEqual(["a running", "c running"]);
    await pass(1_000);
    expect(states(tree)).toEqual(["a running", "c running"]);
  });

  test("a failing stop is reported and hinders nobody", async () => {
    const { children, start, heard } = stage();
    const tree = await start({
      children: [
        children.spec("a"),
        {
          id: "rude",
          restart: "permanent",
          shutdownMs: 1_000,
          start: () =>
            Promise.resolve({
              exited: new Promise(() => {}),
              stop: () => {
                throw new Error("no");
              },
            }),
        },
      ],
    });
    await tree.stop("over");
    expect(children.log).toEqual(["start a", "stop a"]);
    expect(heard).toEqual(["rude of tree did not stop cleanly: no"]);
  });
});
