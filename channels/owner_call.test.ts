import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { partitionOf } from "../actors/ports/partition.ts";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { OwnerCaller, OwnerDoors } from "./owner_call.ts";

const MATCH = "a-b";
const DEADLINE_MS = 10_000;

let broker: MemoryBroker;
let clock: SimulatedClock;
let caller: OwnerCaller;
beforeEach(async () => {
  broker = new MemoryBroker(silentEvents);
  clock = new SimulatedClock();
  caller = await OwnerCaller.open({ broker, clock, node: "gateway" });
});
afterEach(() => caller.close());

const ask = (body: unknown = "?") => caller.ask(MATCH, "echo", body, DEADLINE_MS);

/** A node that owns the match; `echo` answers. */
async function owner(echo: (entity: string, body: never) => Promise<unknown>) {
  const doors = new OwnerDoors(broker, { echo });
  await doors.open(partitionOf(MATCH));
  return doors;
}

describe("OwnerCaller.ask", () => {
  test("brings the question to the owner's door and its answer back", async () => {
    await owner((entity, body) => Promise.resolve({ entity, body }));
    expect(await ask({ facts: 2 })).toEqual({ entity: MATCH, body: { facts: 2 } });
  });

  test("brings bytes as they are, also those that look like line ends", async () => {
    const found: unknown[] = [];
    const doors = new OwnerDoors(broker, {
      echo: (_entity, body, bytes) => Promise.resolve(found.push(body, [...bytes])),
    });
    await doors.open(partitionOf(MATCH));
    const bytes = Uint8Array.of(10, 123, 0, 255, 10);
    await caller.ask(MATCH, "echo", "two\nlines", DEADLINE_MS, bytes);
    await caller.ask(MATCH, "echo", "none", DEADLINE_MS);
    expect(found).toEqual(["two\nlines", [...bytes], "none", []]);
  });

  test("asks again until there is an owner that hears it", async () => {
    const answer = ask();
    await clock.advance(3 * limits.ownerAskAgainMs);
    await owner(() => Promise.resolve("late"));
    await clock.advance(limits.ownerAskAgainMs);
    expect(await answer).toBe("late");
  });

  test("gives up after its deadline, retryable, and asks no more", async () => {
    const answer = ask();
    const refused = expect(answer).rejects.toMatchObject({
      code: "ownerUnavailable",
      retryable: true,
    });
    await clock.advance(DEADLINE_MS);
    await refused;
    const asked: unknown[] = [];
    await owner((entity) => Promise.resolve(asked.push(entity)));
    await clock.advance(DEADLINE_MS);
    expect(asked).toEqual([]);
  });

  test("an owner's failure is the caller's", async () => {
    await owner(() => Promise.reject(new Failure("ownerUnavailable", "parked", {})));
    await expect(ask()).rejects.toMatchObject({ code: "ownerUnavailable", message: "parked" });
    await expect(caller.ask(MATCH, "other", "", DEADLINE_MS)).rejects.toMatchObject({
      code: "unknownAbility",
    });
  });

  test("who does not own it any more keeps silent, and the owner is asked again", async () => {
    await owner(() => Promise.reject(new Failure("notOwner", "it was mine", { retryable: true })));
    const answer = ask();
    await clock.advance(limits.ownerAskAgainMs / 2);
    await owner(() => Promise.resolve("mine"));
    await clock.advance(limits.ownerAskAgainMs);
    expect(await answer).toBe("mine");
  });

  test("an owner that takes its time works on a question once", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    let begun = 0;
    await owner(() => {
      begun += 1;
      return promise;
    });
    const answer = ask();
    await clock.advance(4 * limits.ownerAskAgainMs);
    resolve("done");
    expect(await answer).toBe("done");
    expect(begun).toBe(1);
  });

  test("questions of one turn go to their owner together, each with an answer of its own", async () => {
    await owner((_entity, body) => {
      return body === "bad" ? Promise.reject(new Failure("bad", "no", {})) : Promise.resolve(body);
    });
    const count = limits.ownerQuestionsMax + 1;
    let published = 0;
    const { publish } = broker;
    broker.publish = (channel, payloads) => {
      if (channel.startsWith("door/")) published += payloads.length;
      return publish.call(broker, channel, payloads);
    };
    const bad = expect(ask("bad")).rejects.toMatchObject({ code: "bad" });
    const asked = Array.from({ length: count }, (_, at) => ask(at));
    expect(await Promise.all(asked)).toEqual(Array.from({ length: count }, (_, at) => at));
    await bad;
    expect(published).toBe(2);
  });

  test("closing ends what waits", async () => {
    const refused = expect(ask()).rejects.toMatchObject({ code: "ownerUnavailable" });
    caller.close();
    await refused;
  });
});

test("OwnerDoors.close: nothing is heard behind a closed door", async () => {
  const asked: unknown[] = [];
  const doors = await owner((entity) => Promise.resolve(asked.push(entity)));
  doors.close(partitionOf(MATCH));
  const refused = expect(ask()).rejects.toMatchObject({ code: "ownerUnavailable" });
  await clock.advance(DEADLINE_MS);
  await refused;
  expect(asked).toEqual([]);
});
