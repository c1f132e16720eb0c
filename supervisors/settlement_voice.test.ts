import { beforeEach, expect, test } from "vitest";
import type { SettlementProgress } from "../actors/settlement/settlement_loop.ts";
import type { VolatileVoice } from "../channels/volatile_voice.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { nextTurn } from "../runtime/turn.ts";
import { SettlementVoice } from "./settlement_voice.ts";

const MATCH = "arg-fra-2022-12-18";
const SAY_MS = limits.settlementSayMs;

let clock: SimulatedClock;
let said: string[];
let voice: SettlementVoice;
beforeEach(() => {
  clock = new SimulatedClock();
  said = [];
  const say: VolatileVoice["say"] = (_channel, _part, [value]) => {
    const { phase, committed } = value!.body.settlement!;
    said.push(`${phase} ${committed}`);
    return Promise.resolve();
  };
  voice = new SettlementVoice({ say }, clock, silentEvents);
});

async function tell(phase: SettlementProgress["phase"], committed: number) {
  voice.tell(MATCH, {
    ...{ phase, run: 1, chunks: 3, committed, ranked: 0, predictions: 9, setAside: 0 },
    ...{ holdUntil: 0, reason: "" },
  });
  await nextTurn();
}

test("progress is said at most twice a second, and the last word is never left out", async () => {
  for (const committed of [0, 1, 2]) await tell("chunking", committed);
  expect(said).toEqual(["chunking 0"]);
  await clock.advance(SAY_MS - 1);
  expect(said).toEqual(["chunking 0"]);
  await clock.advance(1);
  await nextTurn();
  expect(said).toEqual(["chunking 0", "chunking 2"]);
  await clock.advance(10 * SAY_MS);
  expect(said).toHaveLength(2);
});

test("another phase is said at once", async () => {
  await tell("chunking", 0);
  await tell("chunking", 3);
  await tell("verifying", 3);
  await tell("settled", 3);
  expect(said).toEqual(["chunking 0", "verifying 3", "settled 3"]);
  await clock.advance(10 * SAY_MS);
  expect(said).toHaveLength(3);
});

test("two phases in one turn leave the later one to be heard", async () => {
  void tell("chunking", 0);
  void tell("verifying", 3);
  await tell("settled", 3);
  await nextTurn();
  expect(said).toEqual(["chunking 0", "settled 3"]);
});
