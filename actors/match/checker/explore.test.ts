import fc from "fast-check";
import { test } from "vitest";
import { generatedMatch } from "./match_generator.ts";
import {
  referencePart,
  tell,
  tellAll,
  untold,
  viewOf,
  waitForDeadline,
  withoutSeqs,
} from "./match_telling.ts";
import { reduceMatch } from "./reference_reducer.ts";
import { isDeepStrictEqual } from "node:util";

const N = Number(process.env.N ?? 400), SEED = Number(process.env.SEED ?? 7);
test("explore", () => {
  let shown = 0, bad = 0;
  const kinds: Record<string, number> = {};
  fc.sample(generatedMatch, { numRuns: N, seed: SEED }).forEach(({ facts, arrived }, i) => {
    const golden = (facts[0] as any).format.goldenGoal;
    let told = untold();
    const show = (what: string, extra: string[]) => {
      kinds[what] = (kinds[what] ?? 0) + 1;
      bad++;
      if (kinds[what]! > 8 || shown++ > 20) return;
      console.log(
        [
          `=== ${what} sample ${i}`,
          ...arrived.filter((f: any) =>
            what === "reference" || f.target || f.review || f.revision > 1
          ).map((f) => "   " + JSON.stringify(f)),
          ...extra,
        ]
          .join("\n"),
      );
    };
    let early = true;
    for (const [n, f] of arrived.entries()) {
      told = tell(told, f);
      if (i % 3 === 0 && n % 7 === 6) told = waitForDeadline(told);
      if (!golden && early && i % 2 === 0) {
        const view = referencePart(viewOf(told));
        const ref = reduceMatch(told.accepted);
        if (!isDeepStrictEqual(ref, view)) {
          early = false;
          show("reference", [
            ` after ${n} ${JSON.stringify(f)}`,
            ...Object.keys(ref).filter((k) => !isDeepStrictEqual((ref as any)[k], (view as any)[k]))
              .map((k) =>
                ` DIFF ${k} rules: ${JSON.stringify((view as any)[k])} ref: ${
                  JSON.stringify((ref as any)[k])
                }`
              ),
            " rejected " + JSON.stringify(told.rejected),
          ]);
        }
      }
    }
    if (told.rejected.length === 0 && i % 3 !== 0) {
      const inOrder = tellAll(facts);
      const a = withoutSeqs(viewOf(told)), b = withoutSeqs(viewOf(inOrder));
      const same = !isDeepStrictEqual(reduceMatch(facts), reduceMatch(arrived));
      if (inOrder.rejected.length === 0 && !same && !isDeepStrictEqual(a, b)) {
        show(
          "order",
          Object.keys(a).filter((k) => !isDeepStrictEqual((a as any)[k], (b as any)[k])).map(
            (k) => {
              if (k !== "timeline") {
                return ` DIFF ${k} arrived: ${JSON.stringify((a as any)[k])} in order: ${
                  JSON.stringify((b as any)[k])
                }`;
              }
              return a.timeline.map((x, j) =>
                isDeepStrictEqual(x, b.timeline[j])
                  ? ""
                  : ` T ${JSON.stringify(x)}\n   ${JSON.stringify(b.timeline[j])}\n`
              ).join("");
            },
          ),
        );
      }
    }
  });
  console.log(N, bad, kinds);
}, 600000);
