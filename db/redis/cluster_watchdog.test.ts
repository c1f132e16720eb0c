import { expect, test } from "vitest";
import { Failure } from "../../runtime/failure.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { ClusterWatchdog } from "./cluster_watchdog.ts";
import { RedisKeys } from "./keys.ts";

/** A client of which a test says what each partition answers. */
function watched() {
  const clock = new SimulatedClock();
  const startedAt = clock.now();
  const rebuilt: { atMs: number; reason: string }[] = [];
  const keys = new RedisKeys("golazo");
  const script = { answer: (_key: string): Promise<unknown> => Promise.resolve(0) };
  const client = {
    run: (_command: string, key: unknown) => script.answer(String(key)),
    rebuild(reason: string) {
      rebuilt.push({ atMs: clock.now() - startedAt, reason });
      return Promise.resolve(true);
    },
  };
  const watchdog = new ClusterWatchdog({ client, keys, clock });
  return { clock, keys, script, rebuilt, watchdog };
}

const silence = () => Promise.reject(new Failure("storeUnavailable", "no word"));

test("ClusterWatchdog leaves a client alone that is answered, be it by an error", async () => {
  const { clock, script, rebuilt } = watched();
  await clock.advance(20_000);
  class ReplyError extends Error {
    override name = "ReplyError";
  }
  const cause = new ReplyError("CLUSTERDOWN The cluster is down");
  script.answer = () => Promise.reject(new Failure("storeUnavailable", "down", { cause }));
  await clock.advance(20_000);
  expect(rebuilt).toEqual([]);
});

test("ClusterWatchdog replaces a client that has one silent partition, in longer and longer steps", async () => {
  const { clock, keys, script, rebuilt } = watched();
  script.answer = (key) => key === keys.names(17) ? silence() : Promise.resolve(0);
  await clock.advance(100_000);
  expect(rebuilt.map(({ atMs }) => atMs)).toEqual([5_000, 15_000, 35_000, 65_000, 95_000]);
  expect(rebuilt[0]!.reason).toBe("1 partitions without an answer for 5000 ms");
});

test("ClusterWatchdog forgets its impatience once everybody answers, and ends with stop", async () => {
  const { clock, script, rebuilt, watchdog } = watched();
  script.answer = silence;
  await clock.advance(16_000);
  expect(rebuilt).toHaveLength(2);
  script.answer = () => Promise.resolve(0);
  await clock.advance(30_000);
  script.answer = silence;
  await clock.advance(6_000);
  expect(rebuilt).toHaveLength(3);
  watchdog.stop();
  await clock.advance(100_000);
  expect(rebuilt).toHaveLength(3);
});
