/**
 * What hot bodies keep, on every store.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HotBodies } from "../../actors/ports/bodies.ts";

export interface OpenBodies {
  bodies: HotBodies;
  close(): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);

export function describeBodiesContract(name: string, open: () => Promise<OpenBodies>): void {
  describe(`${name} keeps the bodies contract`, () => {
    let opened: OpenBodies;
    let bodies: HotBodies;
    beforeEach(async () => {
      opened = await open();
      bodies = opened.bodies;
    });
    afterEach(() => opened.close());

    test("a body is there once put, and in its room alone", async () => {
      expect(await bodies.put("a", "k1", bytes("one"))).toEqual(bytes("one"));
      expect(await bodies.get("a", ["k0", "k1"])).toEqual([null, bytes("one")]);
      expect(await bodies.get("b", ["k1"])).toEqual([null]);
      expect(await bodies.get("a", [])).toEqual([]);
    });

    test("of two under one key the first stays, and both are told", async () => {
      const [first, second] = await Promise.all([
        bodies.put("a", "k1", bytes("one")),
        bodies.put("a", "k1", bytes("two")),
      ]);
      expect([first, second]).toEqual([bytes("one"), bytes("one")]);
      expect(await bodies.put("a", "k1", bytes("three"))).toEqual(bytes("one"));
    });

    test("many of one turn in several rooms are all there, and told by room", async () => {
      const asked = Array.from({ length: 300 }, (_, at) => ({ room: `r${at % 3}`, key: `k${at}` }));
      await Promise.all(asked.map(({ room, key }) => bodies.put(room, key, bytes(key))));
      expect((await bodies.keys("r1")).sort()).toEqual(
        asked.filter(({ room }) => room === "r1").map(({ key }) => key).sort(),
      );
      expect(await bodies.get("r2", ["k2", "k5"])).toEqual([bytes("k2"), bytes("k5")]);
    });

    test("what was removed is gone, once or twice; the others stay", async () => {
      for (const key of ["k1", "k2"]) await bodies.put("a", key, bytes(key));
      await bodies.remove("a", ["k1", "never"]);
      await bodies.remove("a", ["k1"]);
      await bodies.remove("a", []);
      expect(await bodies.keys("a")).toEqual(["k2"]);
      expect(await bodies.put("a", "k1", bytes("anew"))).toEqual(bytes("anew"));
    });
  });
}
