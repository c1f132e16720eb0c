import { expect, test } from "vitest";
import { limits } from "../runtime/limits.ts";
import { mentionsIn } from "./mentions.ts";

test.each([
  ["¿viste, @bo?", ["bo"]],
  ["@ana @ana y @bo-7_x", ["ana", "bo-7_x"]],
  ["mail me: ana@example.com", []],
  ["@ nobody, @@twice", []],
  [`@${"x".repeat(limits.clientIdCharsMax + 1)}`, []],
  ["@a @b @c @d @e @f @g", ["a", "b", "c", "d", "e"]],
])("%j calls %j", (text, users) => {
  expect(mentionsIn(text)).toEqual(users);
});
