import { describe, expect, test } from "vitest";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { BusinessLog } from "./business_log.ts";

function open(mode: "development" | "production") {
  const clock = new SimulatedClock(Date.parse("2022-12-18T15:00:00.250Z"));
  const lines: string[] = [];
  return { clock, lines, log: new BusinessLog({ mode, clock, write: (line) => lines.push(line) }) };
}

describe("BusinessLog", () => {
  test("writes JSON in production", () => {
    const { log, lines } = open("production");
    log.say("warn", "child.restarted", { id: "match/arg-fra", reason: "disk\nfull", delayMs: 200 });
    expect(JSON.parse(lines[0]!)).toEqual({
      at: "2022-12-18T15:00:00.250Z",
      level: "warn",
      event: "child.restarted",
      id: "match/arg-fra",
      reason: "disk\nfull",
      delayMs: 200,
    });
    expect(lines[0]).not.toContain("\n");
  });

  test("writes readable lines in development", () => {
    const { log, lines } = open("development");
    log.say("info", "child.unparked", {
      id: "match/arg-fra",
      reason: "by hand\nfake=1",
      code: undefined,
    });
    expect(lines).toEqual([
      '15:00:00.250 info  child.unparked id=match/arg-fra reason="by hand\\nfake=1"',
    ]);
  });

  test.each(["development", "production"] as const)("holds no secret in %s", (mode) => {
    const { log, lines } = open(mode);
    log.say("error", "process.failed", {
      reason: "cannot reach redis://golazo:hush@redis.example with whsec_aHVzaA== or Bearer hush",
      stack: "Error: eyJodXNo.eyJodXNo.hush\n    at somewhere",
    });
    expect(lines[0]).toContain("redis://***@redis.example");
    expect(lines[0]).not.toMatch(/hush|aHVzaA|eyJ/);
  });

  test("says one event so often a second, and how many lines it left out", async () => {
    const { log, lines, clock } = open("production");
    for (let times = 0; times < limits.logLinesPerSecondMax + 7; times++) {
      log.say("warn", "request.refused");
    }
    log.say("warn", "feed.silenced");
    expect(lines).toHaveLength(limits.logLinesPerSecondMax + 1);
    await clock.advance(1_000);
    log.say("warn", "request.refused");
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ event: "request.refused", leftOut: 7 });
    log.say("warn", "request.refused");
    expect(JSON.parse(lines.at(-1)!)).not.toHaveProperty("leftOut");
  });
});
