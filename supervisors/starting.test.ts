import { describe, expect, test } from "vitest";
import { type Child, lastingChild } from "./child_spec.ts";
import { Starting } from "./starting.ts";

function stage() {
  const stops: string[] = [];
  const coming = Promise.withResolvers<Child>();
  let signal: AbortSignal | undefined;
  const starting = new Starting((given) => {
    signal = given;
    return coming.promise;
  });
  const child = lastingChild(() => {});
  const stop = child.stop;
  child.stop = (reason) => {
    stops.push(reason);
    return stop(reason);
  };
  return { starting, coming, child, stops, isCalledOff: () => signal!.aborted };
}

describe("Starting", () => {
  test("stands for the child once that is there", async () => {
    const { starting, coming, child, stops, isCalledOff } = stage();
    coming.resolve(child);
    expect(await starting.started).toBe(child);
    await starting.stop("SIGTERM");
    expect(stops).toEqual(["SIGTERM"]);
    expect(isCalledOff()).toBe(false);
    expect(await starting.exited).toEqual({ kind: "shutdown" });
  });

  test("stopped first, calls the start off and is over with it", async () => {
    const { starting, coming, isCalledOff } = stage();
    const stopped = starting.stop("SIGTERM");
    expect(isCalledOff()).toBe(true);
    coming.reject(new Error("called off"));
    await stopped;
    expect(await starting.started).toBeNull();
    expect(await starting.exited).toEqual({ kind: "shutdown" });
  });

  test("stopped first, stops what comes up all the same", async () => {
    const { starting, coming, child, stops } = stage();
    const stopped = starting.stop("SIGTERM");
    coming.resolve(child);
    await stopped;
    expect(await starting.started).toBeNull();
    expect(stops).toEqual(["called off"]);
  });

  test("tells whoever awaits it of a start that failed, and nobody else", async () => {
    const { starting, coming } = stage();
    coming.reject(new Error("no pitch"));
    await expect(starting.started).rejects.toThrow("no pitch");
    const end = await Promise.race([starting.exited, Promise.resolve("none")]);
    expect(end).toBe("none");
  });
});
