import { expect, test } from "vitest";
import { Refusal } from "../../sdk/refusal.ts";
import { faceOf, initialsOf } from "./faces.ts";
import { pictureRefusalText } from "./picture_refusals.ts";

test("a fan has the same face wherever they write, and faces are given evenly", () => {
  const faces = Array.from({ length: 48 }, (_, at) => `fan-${at}`);
  expect(faceOf("ana", faces)).toBe(faceOf("ana", faces));
  const given = new Map<string, number>();
  for (let at = 0; at < 4_800; at++) {
    const face = faceOf(`guest-${at.toString(16).padStart(4, "0")}`, faces)!;
    given.set(face, (given.get(face) ?? 0) + 1);
  }
  expect(given.size).toBe(48);
  expect(Math.max(...given.values())).toBeLessThan(200);
  expect(faceOf("ana", [])).toBeNull();
});

test("initials are those of the name that is shown", () => {
  const names = ["ana", "ben-lee", "guest-7f3a9", "José_María Ñu", "-"];
  expect(names.map(initialsOf)).toEqual(["A", "BL", "G7", "JM", ""]);
});

test("why a picture was not taken is said in words", () => {
  expect(pictureRefusalText(new Refusal("notAnImage", "x")))
    .toBe("Not changed: this file is no picture. PNG, JPEG and WebP are.");
  expect(pictureRefusalText(new Refusal("tooSoon", "x", true, 3_200)))
    .toBe("Not changed: you changed it a moment ago. Try again in 4 s.");
  expect(pictureRefusalText(new TypeError("fetch failed"))).toContain("cannot be reached");
});
