import { describe, expect, test } from "vitest";
import {
  applyAll,
  card,
  correction,
  goal,
  kicks,
  scheduled,
  started,
} from "../actors/match/match.testing.ts";
import type { MatchUpdate } from "../actors/match/match_update.ts";
import { decodePublication, decodeSubscribed } from "../protocol/golazo_codec.ts";
import { encodeMatchSnapshot, encodeMatchUpdate } from "./encode_match.ts";

const scorer = { id: "10", name: "Lionel Messi" };
const played = applyAll([
  scheduled(),
  started("firstHalf"),
  goal("home", 23, { player: scorer, method: "penalty" }),
  goal("away", 45, { stoppage: 2 }),
  card("away", 30),
]);
const updates = played.changes.flat().map(({ update }) => update);
const of = <K extends MatchUpdate["kind"]>(kind: K) =>
  updates.filter((update): update is Extract<MatchUpdate, { kind: K }> => update.kind === kind);

describe("encodeMatchUpdate", () => {
  test("a goal decodes alone to offset, kind, side, scores, minute and stoppage", () => {
    const [, second] = of("goal");
    const { body, lane, key } = encodeMatchUpdate(second!, 300);
    expect([lane, key]).toEqual(["goal", ""]);
    expect(decodePublication(body)).toMatchObject({
      offset: 300,
      goal: { kind: "scored", side: "away", home: 1, away: 1, minute: 45, stoppage: 2 },
    });
  });

  test("a goal's frame has at most 24 bytes with the socket's header", () => {
    const [, second] = of("goal");
    const large = { ...second!, home: 20, away: 20, minute: 120, stoppage: 15 };
    // 2 of WebSocket, up to 4 of the server frame's tag, length and channel number.
    expect(encodeMatchUpdate(large, 2_000).body.length + 2 + 2 + 3).toBeLessThanOrEqual(24);
  });

  test("scorer and line follow as an item, in a later lane", () => {
    const item = of("item").find(({ item }) => item.kind === "goal")!;
    const { body, lane } = encodeMatchUpdate(item, 1);
    expect(lane).toBe("event");
    expect(decodePublication(body).item).toMatchObject({
      kind: "goal",
      status: "standing",
      side: "home",
      player: scorer,
      method: "penalty",
      minute: 23,
      score: { home: 1, away: 0 },
    });
  });

  test("a state carries the phase and when it began, never the minute", () => {
    const { body, lane } = encodeMatchUpdate(of("state").at(-1)!, 1);
    expect(lane).toBe("goal");
    const { state } = decodePublication(body);
    expect(state).toMatchObject({ phase: "firstHalf", running: true, stale: false });
    expect(state!.phaseStartedAt).toBe(played.view.phaseStartedAt);
  });

  test("a volatile one has its kind as key and no offset", () => {
    const { body, lane, key } = encodeMatchUpdate({ kind: "possession", home: 40, away: 60 }, null);
    expect([lane, key]).toEqual(["stats", "possession"]);
    expect(decodePublication(body)).toMatchObject({ possession: { home: 40, away: 60 } });
  });

  test("a kick says number, side, taker and the shootout's score", () => {
    const shootout = applyAll([scheduled(), started("shootout"), ...kicks("home", "+-")]);
    const kick = shootout.changes.flat().map(({ update }) => update)
      .findLast((update) => update.kind === "kick")!;
    expect(decodePublication(encodeMatchUpdate(kick, 1).body).kick)
      .toMatchObject({ number: 2, side: "away", scored: false, home: 1, away: 0 });
  });
});

describe("encodeMatchSnapshot", () => {
  const whole = (stale = false) => decodeSubscribed(encodeMatchSnapshot(played.view, stale)).match!;

  test("is the whole match: teams, state, timeline", () => {
    expect(whole()).toMatchObject({
      id: played.view.id,
      seq: played.view.seq,
      home: { id: "arg", code: "ARG" },
      state: { score: { home: 1, away: 1 }, phase: "firstHalf", stale: false },
    });
    expect(whole().timeline.map(({ id }) => id)).toEqual(played.view.timeline.map(({ id }) => id));
    expect(whole(true).state!.stale).toBe(true);
  });

  test("what never happened is not in it, what was annulled is", () => {
    const wrong = card("home", 40);
    const annulled = goal("home", 41);
    const { view } = applyAll([
      scheduled(),
      started("firstHalf"),
      wrong,
      annulled,
      correction("event.voided", wrong),
      correction("goal.annulled", annulled),
    ]);
    const { timeline, state } = decodeSubscribed(encodeMatchSnapshot(view, false)).match!;
    expect(timeline.map(({ kind, status }) => `${kind} ${status}`)).toContain("goal annulled");
    expect(timeline.some(({ kind }) => kind === "card")).toBe(false);
    expect(state!.score).toMatchObject({ home: 0, away: 0 });
  });
});
