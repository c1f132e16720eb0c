import { expect, test } from "vitest";
import { LANES } from "../channels/publication.ts";
import { limits } from "../runtime/limits.ts";
import { ALL_LANES, hasLane, lanesUnderPressure } from "./lanes.ts";

test("lanes are given up one by one from the least urgent, the first two never", () => {
  const open = (bytes: number) => LANES.filter((lane) => hasLane(lanesUnderPressure(bytes), lane));
  const soft = limits.queueSoftBytes;
  expect(lanesUnderPressure(soft)).toBe(ALL_LANES);
  const seen: string[] = [];
  for (let bytes = soft; bytes <= limits.queueHardBytes; bytes += 1_024) {
    const words = open(bytes).join(" ");
    if (seen.at(-1) !== words) seen.push(words);
  }
  expect(seen).toEqual([
    "goal moderation event rank chat stats",
    "goal moderation event rank chat",
    "goal moderation event rank",
    "goal moderation event",
    "goal moderation",
  ]);
  expect(open(soft + 1)).toHaveLength(5);
  expect(open(10 * limits.queueHardBytes)).toEqual(["goal", "moderation"]);
});
