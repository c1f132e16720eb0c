import { describe, expect, test } from "vitest";
import type { Publisher } from "../actors/ports/publisher.ts";
import { nextTurn } from "../runtime/turn.ts";
import { unhurried } from "./unhurried_publisher.ts";

function publisherOf() {
  const heard: string[] = [];
  const publisher: Publisher<string> = {
    publish(_, __, changes) {
      for (const { update } of changes) heard.push(update);
      return Promise.resolve({ outcome: "published" });
    },
    claim: () => Promise.resolve(7),
    reset: () => Promise.resolve(),
  };
  const signal = { changed: (matchId: string) => void heard.push(`nudge ${matchId}`) };
  return { heard, publisher: unhurried(publisher, signal) };
}

describe("an unhurried publisher", () => {
  test("lets the loop turn between a goal and what follows from it", async () => {
    const { heard, publisher } = publisherOf();
    const turned = nextTurn().then(() => heard.push("another's turn"));
    await publisher.publish("m", 1, [{ offset: 1, update: "goal" }]);
    heard.push("folded");
    await turned;
    expect(heard).toEqual(["goal", "another's turn", "nudge m", "folded"]);
  });

  test("waits for nothing and nudges nobody where only the latest counts", async () => {
    const { heard, publisher } = publisherOf();
    const turned = nextTurn().then(() => heard.push("another's turn"));
    await publisher.publish("m", 1, [{ offset: null, update: "possession" }]);
    heard.push("folded");
    await turned;
    expect(heard).toEqual(["possession", "folded", "another's turn"]);
  });
});
