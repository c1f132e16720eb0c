import { describe, expect, test } from "vitest";
import { cleanLines } from "./clean_lines.ts";

describe("cleanLines", () => {
  test("the project's own names make 5,000 lines without any other folder", () => {
    const { lines, names, fromMatches } = cleanLines();
    console.log(`${names} names, ${fromMatches} of them from real matches`);
    expect((names - fromMatches) * (lines.length / names)).toBeGreaterThanOrEqual(5_000);
    expect(lines.every(({ text }) => !text.includes("{}"))).toBe(true);
  });
});
