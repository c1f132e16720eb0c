import { expect, test } from "vitest";
import { authorOf, postKey, removalKey, removes } from "./chat_key.ts";

test("a removed message is the one named and no other", () => {
  const removal = removalKey({ message: "m2" });
  expect(removes(removal, postKey("m2", "ana"))).toBe(true);
  expect(removes(removal, postKey("m22", "ana"))).toBe(false);
});

test("a purge takes all of one user's up to the message named", () => {
  const removal = removalKey({ user: "ana", upTo: "m2" });
  const taken = ["m1", "m2", "m3"].map((message) => removes(removal, postKey(message, "ana")));
  expect(taken).toEqual([true, true, false]);
  expect(removes(removal, postKey("m1", "bo"))).toBe(false);
});

test("a user's name may hold blanks", () => {
  expect(authorOf(postKey("m1", "ana maria"))).toBe("ana maria");
  expect(removes(removalKey({ user: "ana maria", upTo: "m1" }), postKey("m1", "ana maria")))
    .toBe(true);
});
