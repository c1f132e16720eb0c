import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { initialView } from "../actors/match/match_actor.ts";
import { decodePublication as decodeBody } from "../protocol/golazo_codec.ts";
import { type MatchStage, matchStage } from "./match_test_kit.ts";
import { decodePublication, type Publication } from "./publication.ts";

let stage: MatchStage;
beforeEach(() => (stage = matchStage()));
afterEach(() => stage.close());

describe("StaleMarks", () => {
  const view = initialView("a");

  test("a mark is there for whoever comes, of that match alone, until it is cleared", async () => {
    const { staleMarks } = stage;
    expect(await staleMarks.isMarked("a")).toBe(false);
    await staleMarks.mark(view);
    expect([await staleMarks.isMarked("a"), await staleMarks.isMarked("b")]).toEqual([true, false]);
    await staleMarks.clear(view);
    expect(await staleMarks.isMarked("a")).toBe(false);
  });

  test("whoever is there hears the last state, marked, without an offset", async () => {
    const heard: Publication[] = [];
    await stage.broker.subscribe("match:a", (payload) => heard.push(decodePublication(payload)));
    await stage.staleMarks.mark(view);
    await stage.staleMarks.clear(view);
    expect(heard).toMatchObject([
      { offset: null, lane: "goal", key: "state" },
      { offset: null, lane: "goal", key: "state" },
    ]);
    const states = heard.map(({ body }) => decodeBody(body).state);
    expect(states.map((state) => state!.stale)).toEqual([true, false]);
    expect(states[0]!.phase).toBe("scheduled");
    expect(await stage.channels.position("channel/match:a")).toBeNull();
  });
});
