import { describe, expect, test } from "vitest";
import type { ProviderFact } from "../actors/match/match_event.ts";
import { temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { goal, MATCH, memoryStream } from "./feed_test_kit.ts";
import { IntakeQueue } from "./intake_queue.ts";

function received(id: string) {
  return { fact: { provider: "acme", ...goal(id) } as ProviderFact, receivedAt: 7, trace: "00-a" };
}

function queueOn(streams = memoryStream().streams) {
  const clock = new SimulatedClock();
  return { clock, streams, queue: new IntakeQueue(streams, clock) };
}

describe("IntakeQueue", () => {
  test("gives back what was pushed, in order, with positions", async () => {
    const { queue } = queueOn();
    const pushed = await queue.push(MATCH, [received("g1"), received("g2")]);
    expect(pushed).toEqual([
      { ...received("g1"), intake: 1 },
      { ...received("g2"), intake: 2 },
    ]);
    expect(await queue.pending(MATCH)).toEqual(pushed);
    expect(await queue.pending("other")).toEqual([]);
  });

  test("removes what is done after 50 ms, in one go", async () => {
    const { queue, clock, streams } = queueOn();
    await queue.push(MATCH, [received("g1"), received("g2"), received("g3")]);
    queue.done(MATCH, [1]);
    queue.done(MATCH, [3]);
    await clock.advance(49);
    expect(await streams.read(`intake/${MATCH}`, 0, 10)).toHaveLength(3);
    await clock.advance(1);
    const left = await streams.read(`intake/${MATCH}`, 0, 10);
    expect(left.map(({ position }) => position)).toEqual([2]);
  });

  test("removes at once from 64 on", async () => {
    const { queue, clock, streams } = queueOn();
    const pushed = await queue.push(
      MATCH,
      Array.from({ length: 64 }, (_, at) => received(`g${at}`)),
    );
    queue.done(MATCH, pushed.map(({ intake }) => intake));
    await clock.advance(0);
    expect(await streams.read(`intake/${MATCH}`, 0, 10)).toEqual([]);
  });

  test("removes each position once", async () => {
    const { queue, clock, streams } = queueOn();
    const removed: number[] = [];
    const remove = streams.remove.bind(streams);
    streams.remove = (stream, positions) => {
      removed.push(...positions);
      return remove(stream, positions);
    };
    await queue.push(MATCH, [received("g1"), received("g2")]);
    queue.done(MATCH, [1]);
    await clock.advance(50);
    queue.done(MATCH, [2]);
    await queue.flush();
    await clock.advance(1_000);
    expect(removed).toEqual([1, 2]);
  });

  test("never shows as pending what is done", async () => {
    const { queue } = queueOn();
    await queue.push(MATCH, [received("g1"), received("g2")]);
    queue.done(MATCH, [1]);
    expect((await queue.pending(MATCH)).map(({ fact }) => fact.id)).toEqual(["g2"]);
  });

  test("names the matches that have something waiting", async () => {
    const { queue } = queueOn();
    await queue.push("b", [received("g1")]);
    await queue.push("a", [received("g1")]);
    await queue.push("c", [received("g1")]);
    queue.done("b", [1]);
    expect(await queue.matches()).toEqual(["a", "c"]);
  });

  test("reads more than one page", async () => {
    const { queue } = queueOn();
    await queue.push(MATCH, Array.from({ length: 2_001 }, (_, at) => received(`g${at}`)));
    const pending = await queue.pending(MATCH);
    expect(pending).toHaveLength(2_001);
    expect(pending.at(-1)!.fact.id).toBe("g2000");
  });

  test("keeps what waits across a stop, and gives no position twice", async () => {
    const folder = temporaryFolder();
    const first = memoryStream(folder.path("hot.db"));
    const before = queueOn(first.streams).queue;
    await before.push(MATCH, [received("g1"), received("g2")]);
    before.done(MATCH, [2]);
    await before.flush();
    first.file.close();

    const second = memoryStream(folder.path("hot.db"));
    const after = queueOn(second.streams).queue;
    expect(await after.matches()).toEqual([MATCH]);
    expect(await after.pending(MATCH)).toEqual([{ ...received("g1"), intake: 1 }]);
    expect((await after.push(MATCH, [received("g3")]))[0]!.intake).toBe(3);
    second.file.close();
    folder.remove();
  });
});
