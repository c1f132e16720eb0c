import { describe, expect, test } from "vitest";
import { maskedWords, matchingForms, writtenForm } from "./matching_forms.ts";

const textsOf = (text: string) => matchingForms(text).map((form) => form.text);

describe("matchingForms", () => {
  test("an ordinary message has one form", () => {
    expect(textsOf("What a fine pas by him")).toEqual(["what a fine pas by him"]);
  });

  test("a message with double letters has a second without", () => {
    expect(textsOf("Goooool, keeper!")).toEqual(["gool keeper", "gol keper"]);
  });

  test("signs within words are read as letters", () => {
    expect(textsOf("sh0t")).toEqual(["sh t", "shot"]);
    expect(textsOf("fu1")).toEqual(["fu", "fui", "ful"]);
    expect(textsOf("gvrken")).toEqual(["gvrken", "gurken"]);
  });

  test("numbers and what is measured stay numbers", () => {
    for (const text of ["2022", "3-1", "90min", "45s"]) {
      expect(textsOf(text).some((form) => form.includes("a") || form.includes("e"))).toBe(false);
    }
  });

  test("letters that stand alone are joined, with what a sign ties to them", () => {
    expect(matchingForms("so g o a l now")).toContainEqual(
      { text: "goal", isCollapsed: false, joined: [[0, 4]] },
    );
    expect(textsOf("g.o.a.ls.")).toContain("goals");
    expect(textsOf("A S Roma")).toEqual(["a s roma"]);
    expect(textsOf("g-oa.l now")).toEqual(["g oa l now", "goal now"]);
    expect(textsOf("g0-a_1 3-1")).toContain("goai");
  });

  test("signs within a Chinese sentence part nothing, its ends do", () => {
    expect(textsOf("好 球.进*了")).toEqual(["好球进了"]);
    expect(textsOf("好球。进了，妈妈")).toEqual(["好球 进了 妈妈"]);
  });

  test("there are never more than ten", () => {
    expect(matchingForms("1!|v f-gg g o o a1l l $$ aa 5oo1!x vvv c c c").length)
      .toBeLessThanOrEqual(10);
  });
});

describe("maskedWords", () => {
  test("keeps the place of what is left out", () => {
    expect(maskedWords("*so* g*al, sc##e!")).toEqual(["g*al", "sc**e"]);
  });
});

describe("writtenForm", () => {
  test("is the same for what people call the same", () => {
    expect(writtenForm("GOAL!!!")).toBe(writtenForm("  g\u200boal"));
  });
});
