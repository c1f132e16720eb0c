import { describe, expect, test } from "vitest";
import { figureOf, median, percentile } from "./figure.ts";

describe("figureOf", () => {
  test("is the median of the runs with their least and greatest", () => {
    expect(figureOf("fanout", "ratio_to_c", "ratio", [0.75, 0.66, 0.712345])).toEqual({
      bench: "fanout",
      metric: "ratio_to_c",
      value: 0.7123,
      unit: "ratio",
      runs: 3,
      min: 0.66,
      max: 0.75,
    });
  });

  test("keeps every digit of a count", () => {
    expect(figureOf("latency", "goals", "goals", [1_234_567]).value).toBe(1_234_567);
  });
});

describe("median", () => {
  test("is the middle one, or the mean of the middle two", () => {
    expect(median([3])).toBe(3);
    expect(median([1, 2, 9])).toBe(2);
    expect(median([1, 2, 4, 9])).toBe(3);
  });
});

describe("percentile", () => {
  const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);

  test("is the nearest rank", () => {
    expect(percentile(hundred, 50)).toBe(50);
    expect(percentile(hundred, 99)).toBe(99);
    expect(percentile(hundred, 100)).toBe(100);
    expect(percentile(Float64Array.of(1, 2, 3, 4, 5), 50)).toBe(3);
  });

  test("of few values is never beyond them", () => {
    expect(percentile([7], 99)).toBe(7);
    expect(percentile([7, 8], 1)).toBe(7);
    expect(percentile([7, 8], 99)).toBe(8);
  });
});
