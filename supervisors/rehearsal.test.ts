import { expect, test } from "vitest";
import { systemClock } from "../runtime/clock.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { systemRandom } from "../runtime/random.ts";
import { rehearse } from "./rehearsal.ts";

test("rehearse plays whole matches and leaves nothing behind", async () => {
  const said: string[] = [];
  const events = new Proxy(silentEvents, { get: (_, name) => () => said.push(String(name)) });
  const parts = { clock: systemClock, random: systemRandom, events };
  expect(await rehearse(parts)).toBeGreaterThan(200);
  expect(said).toEqual([]);
});
