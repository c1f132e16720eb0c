import fc from "fast-check";
import { test } from "vitest";
import { generatedMatch } from "./match_generator.ts";
import { referencePart, tellAll, viewOf } from "./match_telling.ts";
import { reduceMatch } from "./reference_reducer.ts";
import { isDeepStrictEqual } from "node:util";

test("explore", () => {
  const cond = ({ arrived }: { arrived: any[] }) => {
    const told = tellAll(arrived);
    return isDeepStrictEqual(referencePart(viewOf(told)), reduceMatch(told.accepted));
  };
  const seen = new Set<string>();
  for (const seed of [7, 8, 9, 10, 11, 12]) {
    const res = fc.check(fc.property(generatedMatch, cond), { numRuns: 400, seed });
    if (!res.failed) {
      console.log(seed, "ok");
      continue;
    }
    const { arrived } = res.counterexample![0];
    const told = tellAll(arrived);
    const view = referencePart(viewOf(told));
    const ref = reduceMatch(told.accepted);
    console.log("=== seed", seed);
    for (const f of arrived) console.log("  ", JSON.stringify(f));
    for (const k of Object.keys(ref) as (keyof typeof ref)[]) {
      if (!isDeepStrictEqual(ref[k], view[k])) {
        console.log(" DIFF", k, "rules:", JSON.stringify(view[k]), "ref:", JSON.stringify(ref[k]));
      }
    }
    console.log(" rejected", JSON.stringify(told.rejected));
  }
}, 60000);
test("malformed", () => {
  for (const { arrived } of fc.sample(generatedMatch, { numRuns: 400, seed: 7 })) {
    const told = tellAll(arrived);
    for (const r of told.rejected) {
      if (r.code === "malformed") {
        console.log(
          JSON.stringify(r),
          JSON.stringify(arrived.filter((f) => f.id === (r.fact as any).target.id)),
        );
      }
    }
  }
});
