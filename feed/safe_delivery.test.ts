import { describe, expect, test } from "vitest";
import type { ProviderFact } from "../actors/match/match_event.ts";
import { limits } from "../runtime/limits.ts";
import { feedKit, goal, MATCH, memoryStream } from "./feed_test_kit.ts";

function received(...ids: string[]) {
  return ids.map((id) => ({
    fact: { provider: "acme", ...goal(id) } as ProviderFact,
    receivedAt: 7,
  }));
}

describe("SafeDelivery", () => {
  test("leaves nothing in the intake after an answer, be it yes or no", async () => {
    const { delivery, owners, queue } = feedKit();
    owners.rejects = "goal.scored";
    expect(await delivery.deliver(MATCH, received("g1"))).toMatchObject([{ outcome: "rejected" }]);
    owners.rejects = null;
    expect(await delivery.deliver(MATCH, received("g1"))).toEqual([{ outcome: "accepted" }]);
    expect(await delivery.deliver(MATCH, received("g1"))).toEqual([{ outcome: "duplicate" }]);
    expect(await queue.matches()).toEqual([]);
  });

  test("keeps what an absent owner could not answer, and offers it again", async () => {
    const { delivery, owners, queue, clock } = feedKit();
    delivery.start();
    owners.state = "away";
    await expect(delivery.deliver(MATCH, received("g1", "g2"))).rejects.toMatchObject({
      code: "ownerUnavailable",
      retryable: true,
    });
    await clock.advance(10_000);
    expect(await queue.pending(MATCH)).toHaveLength(2);

    owners.answerAgain();
    await clock.advance(2_000);
    expect(owners.ids()).toEqual(["g1", "g2"]);
    expect(await queue.pending(MATCH)).toEqual([]);
    await clock.advance(60_000);
    expect(owners.ids()).toEqual(["g1", "g2"]);
  });

  test("asks an owner of this process at once, and keeps what it could not answer", async () => {
    const { streams } = memoryStream();
    const { delivery, owners, queue, clock } = feedKit(streams);
    owners.isHere = true;
    const pushed: string[] = [];
    const { push } = streams;
    streams.push = (name, ...rest) => {
      pushed.push(name);
      return push.call(streams, name, ...rest);
    };
    await delivery.deliver(MATCH, received("g1"));
    expect([owners.ids(), pushed]).toEqual([["g1"], []]);
    owners.state = "away";
    await expect(delivery.deliver(MATCH, received("g2"))).rejects.toThrow("away");
    expect(await queue.pending(MATCH)).toHaveLength(1);
    // Whoever comes later stays behind it.
    owners.state = "silent";
    const later = delivery.deliver(MATCH, received("g3"));
    await clock.advance(0);
    expect(await queue.pending(MATCH)).toHaveLength(2);
    owners.answerAgain();
    await later;
    delivery.start();
    await clock.advance(2_000);
    expect(owners.ids()).toEqual(["g1", "g3", "g2"]);
    expect(await queue.pending(MATCH)).toEqual([]);
    const stored = pushed.length;
    await delivery.deliver(MATCH, received("g4"));
    expect(pushed).toHaveLength(stored);
  });

  test("offers after a restart what the process before could not", async () => {
    const { streams } = memoryStream();
    const before = feedKit(streams);
    before.owners.state = "silent";
    const unanswered = before.delivery.deliver(MATCH, received("g1"));
    unanswered.catch(() => {});
    await before.clock.advance(0);
    await before.delivery.stop();

    const after = feedKit(streams);
    await after.delivery.resume();
    await after.clock.advance(0);
    expect(after.owners.ids()).toEqual(["g1"]);
    expect(await after.queue.matches()).toEqual([]);
  });

  test("a match whose owner is silent does not hold back another's facts", async () => {
    const { streams } = memoryStream();
    const before = feedKit(streams);
    before.owners.state = "away";
    await before.delivery.deliver("a", received("g1")).catch(() => {});
    await before.delivery.deliver("b", received("g2")).catch(() => {});

    const { delivery, owners, clock } = feedKit(streams);
    owners.state = "silent";
    await delivery.resume();
    delivery.start();
    owners.state = "away";
    await delivery.deliver("c", received("g3")).catch(() => {});
    owners.state = "answering";
    await clock.advance(2_000);
    expect(owners.ids()).toEqual(["g3"]);
    owners.answerAgain();
    await clock.advance(0);
    expect(owners.ids()).toEqual(["g3", "g1", "g2"]);
  });

  test("takes no more than a match's worth of facts while the owner is away", async () => {
    const { delivery, owners, queue, clock } = feedKit();
    owners.state = "away";
    const many = received(...Array.from({ length: limits.matchFactsMax }, (_, at) => `g${at}`));
    delivery.start();
    await delivery.deliver(MATCH, many).catch(() => {});
    await expect(delivery.deliver(MATCH, received("late"))).rejects.toMatchObject({
      code: "intakeFull",
      retryable: true,
    });
    expect(await queue.pending(MATCH)).toHaveLength(limits.matchFactsMax);

    owners.answerAgain();
    await clock.advance(2_000);
    expect(await delivery.deliver(MATCH, received("late"))).toEqual([{ outcome: "accepted" }]);
  });

  test("what could not be stored is forgotten and does not count", async () => {
    const { file, streams } = memoryStream();
    const { delivery } = feedKit(streams);
    const many = received(...Array.from({ length: limits.matchFactsMax }, (_, at) => `g${at}`));
    file.close();
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(delivery.deliver(MATCH, many)).rejects.not.toMatchObject({ code: "intakeFull" });
    }
  });
});
