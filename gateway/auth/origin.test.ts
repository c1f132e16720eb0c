import { expect, test } from "vitest";
import { originRule } from "./origin.ts";

const HOST = "golazo.example";

test.each([
  ["https://golazo.example", true],
  ["http://golazo.example", false],
  ["https://app.example", true],
  [undefined, true],
  ["https://app.example.evil.test", false],
  ["https://evil.test", false],
  ["http://app.example", false],
  ["https://golazo.example:8443", false],
  ["ftp://golazo.example", false],
  ["null", false],
  ["", false],
])("originRule of %s is %s", (origin, allowed) => {
  expect(originRule(["https://app.example"], false)(origin, HOST)).toBe(allowed);
});

test("originRule without a list allows all pages in development only", () => {
  expect(originRule([], true)("https://any.test", HOST)).toBe(true);
  expect(originRule([], false)("https://any.test", HOST)).toBe(false);
  expect(originRule(["https://app.example"], true)("http://golazo.example", HOST)).toBe(true);
  expect(originRule(["https://app.example"], true)("https://any.test", HOST)).toBe(false);
});
