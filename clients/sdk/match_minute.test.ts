import { describe, expect, test } from "vitest";
import type { MatchState, Phase } from "../../protocol/golazo_codec.ts";
import { decodeMatchState } from "../../protocol/golazo_codec.ts";
import { minuteLabel, serverClockOffset } from "./match_minute.ts";

const START = 1_671_375_600_000;

function stateOf(phase: Phase, change: Partial<MatchState> = {}): MatchState {
  const empty = decodeMatchState(new Uint8Array());
  return { ...empty, phase, phaseStartedAt: START, running: true, ...change };
}

const after = (minutes: number, seconds = 0) => START + (minutes * 60 + seconds) * 1_000;

describe("minuteLabel", () => {
  test("counts the minute that is being played", () => {
    const state = stateOf("firstHalf");
    expect(minuteLabel(state, 1, START)).toBe("1’");
    expect(minuteLabel(state, 1, after(0, 59))).toBe("1’");
    expect(minuteLabel(state, 1, after(1))).toBe("2’");
    expect(minuteLabel(state, 1, after(44, 59))).toBe("45’");
  });

  test.each(
    [
      ["firstHalf", 46, "45+2’"],
      ["secondHalf", 0, "46’"],
      ["secondHalf", 51, "90+7’"],
      ["extraTimeFirst", 0, "91’"],
      ["extraTimeFirst", 15, "105+1’"],
      ["extraTimeSecond", 14, "120’"],
      ["extraTimeSecond", 17, "120+3’"],
    ] as const,
  )("%s after %i minutes is %s", (phase, minutes, label) => {
    expect(minuteLabel(stateOf(phase), 1, after(minutes))).toBe(label);
  });

  test("runs as fast as a replay does", () => {
    expect(minuteLabel(stateOf("secondHalf"), 20, after(1))).toBe("66’");
  });

  test("stays at the first minute while the device's clock is behind", () => {
    expect(minuteLabel(stateOf("secondHalf"), 1, START - 5_000)).toBe("46’");
  });

  test("names the phase where no clock runs", () => {
    expect(minuteLabel(stateOf("halfTime", { running: false }), 1, START)).toBe("HT");
    expect(minuteLabel(stateOf("suspended", { running: false }), 1, START)).toBe("Susp.");
    expect(minuteLabel(stateOf("firstHalf", { running: false }), 1, START)).toBe("1st half");
    expect(minuteLabel(stateOf("firstHalf", { phaseStartedAt: 0 }), 1, START)).toBe("1st half");
    expect(minuteLabel(stateOf("scheduled"), 1, START)).toBe("");
  });

  test("says how a match ended", () => {
    const extraTime = { home: 1, away: 1 };
    const shootout = { kicks: [], home: 4, away: 2, first: "away" } as const;
    expect(minuteLabel(stateOf("finished"), 1, START)).toBe("FT");
    expect(minuteLabel(stateOf("finished", { extraTime }), 1, START)).toBe("AET");
    const decided = { extraTime, shootout: { ...shootout, kicks: [] } };
    expect(minuteLabel(stateOf("settled", decided), 1, START)).toBe("Pens");
  });
});

describe("serverClockOffset", () => {
  test("takes the middle between asking and hearing", () => {
    expect(serverClockOffset(10_100, 5_000, 5_200)).toBe(5_000);
    expect(serverClockOffset(1_000, 5_000, 5_000)).toBe(-4_000);
  });
});
