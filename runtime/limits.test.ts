import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { limits } from "./limits.ts";

test("no bound is in two rooms, where one would silently hold for the other", () => {
  const folder = new URL("./limits/", import.meta.url);
  const names = readdirSync(folder).flatMap((file) =>
    [...readFileSync(new URL(file, folder), "utf8").matchAll(/^ {2}([a-zA-Z]+):/gm)]
      .map(([, name]) => name!)
  );
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  expect(Object.keys(limits).toSorted()).toEqual(names.toSorted());
});
