import { describe, expect, test } from "vitest";
import { clockAt, impliedStart, minuteLabel, periodOfMinute, placeOrder } from "./match_clock.ts";

const MINUTE = 60_000;

describe("match clock", () => {
  test("never rolls stoppage into the next half", () => {
    expect(minuteLabel(45, 2)).toBe("45+2");
    expect(minuteLabel(46, 0)).toBe("46");
    const play = { part: "play" } as const;
    const added = placeOrder({ period: "firstHalf", ...play, minute: 45, stoppage: 9 });
    const restart = placeOrder({ period: "secondHalf", ...play, minute: 46, stoppage: 0 });
    expect(added).toBeLessThan(restart);
  });

  test.each(
    [
      ["firstHalf", 0, 1, 0],
      ["firstHalf", 44.9, 45, 0],
      ["firstHalf", 45, 45, 1],
      ["firstHalf", 47.5, 45, 3],
      ["secondHalf", 0, 46, 0],
      ["secondHalf", 45, 90, 1],
      ["extraTimeSecond", 14.5, 120, 0],
    ] as const,
  )("%s after %d minutes shows %d+%d", (period, played, minute, stoppage) => {
    expect(clockAt(period, 0, 1, played * MINUTE)).toEqual({ minute, stoppage });
  });

  test("runs faster in a replay", () => {
    expect(clockAt("firstHalf", 0, 10, MINUTE)).toEqual({ minute: 11, stoppage: 0 });
  });

  test.each([
    [0, "firstHalf"],
    [45, "firstHalf"],
    [46, "secondHalf"],
    [90, "secondHalf"],
    [
      91,
      "extraTimeFirst",
    ],
    [106, "extraTimeSecond"],
    [120, "extraTimeSecond"],
    [121, null],
  ])(
    "minute %d is of %s",
    (minute, period) => expect(periodOfMinute(minute)).toBe(period),
  );

  test("tells when a period must have begun", () => {
    expect(impliedStart({ period: "secondHalf", minute: 50 }, 100 * MINUTE, 1)).toBe(96 * MINUTE);
    expect(impliedStart({ period: "firstHalf", minute: 45, stoppage: 2 }, 100 * MINUTE, 2))
      .toBe(77 * MINUTE);
    expect(impliedStart({ period: "firstHalf", minute: 0 }, 100, 1)).toBe(100);
  });
});
