import { expect, test } from "vitest";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { CrowdTally, hearTallies, type Tally } from "./crowd_tally.ts";

test("CrowdTally tells sums by match, market and pick, twice a second at most", async () => {
  const [broker, clock] = [new MemoryBroker(silentEvents), new SimulatedClock()];
  const heard: Tally[] = [];
  await hearTallies(broker, (tally) => void heard.push(tally), () => Promise.resolve());
  const tally = new CrowdTally(broker, clock);
  tally.note("arg-fra", "finalScore", "2-1", null);
  tally.note("arg-fra", "finalScore", "2-1", "0-0");
  tally.note("arg-fra", "firstScorer", "__proto__", null);
  tally.note("bra-cro", "matchWinner", "home", null);
  await clock.advance(limits.crowdTallyMs - 1);
  expect(heard).toEqual([]);
  await clock.advance(1);
  expect(JSON.stringify(heard)).toBe(JSON.stringify([{
    "arg-fra": {
      finalScore: { "2-1": 2, "0-0": -1 },
      firstScorer: JSON.parse('{"__proto__":1}'),
    },
    "bra-cro": { matchWinner: { home: 1 } },
  }]));
  await clock.advance(10 * limits.crowdTallyMs);
  expect(heard).toHaveLength(1);
  tally.note("arg-fra", "finalScore", "2-1", null);
  tally.tell();
  tally.tell();
  expect(heard).toHaveLength(2);
});
