import { expect, test } from "vitest";
import { closeCode, comesBack } from "./close_code.ts";

test("comesBack follows the range, for codes of a later version too", () => {
  const back = Object.entries(closeCode).filter(([, code]) => comesBack(code));
  expect(back.map(([name]) => name)).toEqual(["slow", "busy", "draining"]);
  expect([1000, 1001, 1006, 1012, 4000, 4499].every(comesBack)).toBe(true);
  expect([4500, 4999].some(comesBack)).toBe(false);
});

test("no two reasons share a code", () => {
  expect(new Set(Object.values(closeCode)).size).toBe(Object.keys(closeCode).length);
});
