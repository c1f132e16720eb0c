import { describe, expect, test } from "vitest";
import { ask } from "../feed/feed_test_kit.ts";
import { FaultHook } from "./fault_hook.ts";

const PATH = "/api/ops/faults";

describe("FaultHook", () => {
  test("throws for its match alone, and counts", async () => {
    const faults = new FaultHook("a");
    expect(() => faults.beforeTransition("b")).not.toThrow();
    expect(() => faults.beforeTransition("a")).toThrow("Injected fault 1: transitions of a throw");
    expect(() => faults.beforeTransition("a")).toThrow("Injected fault 2");
    expect((await ask(faults.routes(), "GET", PATH)).json).toEqual({
      crashMatch: "a",
      settlementStopped: false,
      injected: 2,
    });
  });

  test("is moved and switched off by an operator", async () => {
    const faults = new FaultHook(null);
    const set = (body: unknown) => ask(faults.routes(), "POST", PATH, { body });
    expect(await set({ crashMatch: "b" })).toMatchObject({
      status: 200,
      json: { crashMatch: "b" },
    });
    expect(() => faults.beforeTransition("b")).toThrow();
    expect(await set({ crashMatch: null })).toMatchObject({
      json: { crashMatch: null, injected: 1 },
    });
    expect(() => faults.beforeTransition("b")).not.toThrow();
  });

  test("holds a settlement at its moment, after so many chunks, until it is let go", async () => {
    const faults = new FaultHook(null);
    const set = (settlement: unknown) =>
      ask(faults.routes(), "POST", PATH, { body: { settlement } });
    await set({ match: "a", moment: "afterCommit", chunks: 1 });
    await faults.atSettlement("afterCommit", "b");
    await faults.atSettlement("beforeCommit", "a");
    await faults.atSettlement("afterCommit", "a");
    let isOn = false;
    const held = faults.atSettlement("afterCommit", "a").then(() => (isOn = true));
    const { json } = await ask(faults.routes(), "GET", PATH);
    expect([isOn, json]).toEqual([false, {
      crashMatch: null,
      settlementStopped: true,
      injected: 1,
    }]);
    await set(null);
    await held;
    await faults.atSettlement("afterCommit", "a");
  });

  test("refuses anything else by name, and stays as it was", async () => {
    const faults = new FaultHook("a");
    for (const body of ["", "nonsense", "null", {}, { crashMatch: 7 }]) {
      const { status, json } = await ask(faults.routes(), "POST", PATH, { body });
      expect([status, json.code, json.field]).toEqual([400, "malformed", "crashMatch"]);
      expect(json.detail).toContain(typeof body === "string" ? body : JSON.stringify(body));
    }
    expect(() => faults.beforeTransition("a")).toThrow();
  });
});
