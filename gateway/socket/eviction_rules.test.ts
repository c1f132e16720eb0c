import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { type Placed, whoGoes } from "./eviction_rules.ts";

const placed = (id: string, change: Partial<Placed> = {}): Placed => ({
  id,
  instanceId: "tab1",
  attempt: 1,
  seatedAt: 1,
  ...change,
});
const gone = (...those: Placed[]) =>
  Object.fromEntries([...whoGoes(those)].map(([{ id }, code]) => [id, code]));

describe("whoGoes", () => {
  test("the lower attempt, whichever came first", () => {
    expect(gone(placed("a", { attempt: 1, seatedAt: 9 }), placed("b", { attempt: 2 })))
      .toEqual({ a: 4501 });
  });

  test("of equal attempts the earlier, at the same time the lower id", () => {
    expect(gone(placed("b"), placed("a", { seatedAt: 2 }))).toEqual({ b: 4501 });
    expect(gone(placed("b"), placed("a"))).toEqual({ a: 4501 });
  });

  test("nobody of two instances", () => {
    expect(gone(placed("a"), placed("b", { instanceId: "tab2" }))).toEqual({});
  });

  test("past the instances of a device the oldest, not counting ghosts", () => {
    const tabs = Array.from(
      { length: limits.deviceInstancesMax + 2 },
      (_, at) => placed(`${at}`, { instanceId: `tab${at}`, seatedAt: 100 - at }),
    );
    const ghost = placed("ghost", { instanceId: "tab0", attempt: 0, seatedAt: 0 });
    expect(gone(ghost, ...tabs)).toEqual({ ghost: 4501, 5: 4502, 6: 4502 });
  });

  test("one answer in whatever order they are asked about, and nobody is left to go", () => {
    const anyone = fc.record({
      id: fc.string({ minLength: 1 }),
      instanceId: fc.constantFrom("a", "b", "c", "d", "e", "f", "g"),
      attempt: fc.nat(2),
      seatedAt: fc.nat(2),
    });
    fc.assert(fc.property(
      fc.uniqueArray(anyone, { selector: ({ id }) => id }).chain((those) =>
        fc.tuple(fc.constant(those), fc.shuffledSubarray(those, { minLength: those.length }))
      ),
      ([those, shuffled]) => {
        expect(gone(...shuffled)).toEqual(gone(...those));
        const stay = those.filter(({ id }) => !Object.hasOwn(gone(...those), id));
        expect(gone(...stay)).toEqual({});
        const instances = new Set(those.map(({ instanceId }) => instanceId)).size;
        expect(stay).toHaveLength(Math.min(instances, limits.deviceInstancesMax));
      },
    ));
  });
});
