import { expect, test } from "vitest";
import {
  interruptionWords,
  missWords,
  periodWords,
  reasonOfStatus,
  reviewWords,
} from "./timeline_words.ts";

test("reviewWords tells the outcome once there is one", () => {
  expect(reviewWords({ text: "goal: goalAnnulled" })).toBe("Goal annulled");
  expect(reviewWords({ text: "penalty: noChange" })).toBe("Decision stands");
  expect(reviewWords({ text: "mistakenIdentity" })).toBe("Check: mistaken identity");
});

test("a word of a later server is shown spaced out", () => {
  expect(reviewWords({ text: "goal: throwInTaken" })).toBe("Throw in taken");
});

test("periodWords names what began or ended", () => {
  expect(periodWords({ phase: "firstHalf", text: "ended" })).toBe("Half-time");
  expect(periodWords({ phase: "shootout", text: "started" })).toBe("Shootout");
});

test("reasons stay as they were told", () => {
  expect(reasonOfStatus({ text: "annulled: offside" })).toBe("offside");
  expect(reasonOfStatus({ text: "annulled" })).toBe("");
  expect(interruptionWords({ text: "suspended: Floodlights failed" }))
    .toBe("Suspended: Floodlights failed");
  expect(interruptionWords({ text: "resumed" })).toBe("Resumed");
  expect(missWords({ text: "woodwork" })).toBe("Penalty missed: woodwork");
});
