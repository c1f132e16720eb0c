import { describe, expect, test } from "vitest";
import {
  decodeMatchSnapshot,
  decodePublication,
  encodeMatchSnapshot,
  encodePublication,
} from "../../protocol/golazo_codec.ts";
import type {
  MatchSnapshotInit,
  PublicationInit,
  TimelineItemInit,
} from "../../protocol/golazo_codec.ts";
import { MatchStore, pictureOf } from "./match_store.ts";

const snapshotOf = (change: MatchSnapshotInit = {}) =>
  decodeMatchSnapshot(encodeMatchSnapshot({
    id: "arg-fra",
    home: { id: "arg", name: "Argentina", code: "ARG" },
    away: { id: "fra", name: "France", code: "FRA" },
    clockRate: 1,
    state: { phase: "firstHalf", score: {} },
    ...change,
  }));

function openStore(change?: MatchSnapshotInit) {
  const store = new MatchStore(null, () => {});
  store.receive({ kind: "snapshot", match: snapshotOf(change) });
  const publish = (init: PublicationInit) => {
    const publication = decodePublication(encodePublication(init));
    store.receive({ kind: "publication", publication });
    return store.picture!;
  };
  return { store, publish };
}

const goal: TimelineItemInit = {
  id: 7,
  kind: "goal",
  side: "home",
  minute: 23,
  order: 1,
  player: { name: "Messi" },
};

describe("MatchStore", () => {
  test("a goal sets the score, an annulled one lowers it", () => {
    const { publish } = openStore();
    const scored = publish({ goal: { side: "home", home: 1, away: 0, minute: 23 } });
    expect(scored.state.score).toEqual({ home: 1, away: 0 });
    const annulled = publish({ goal: { kind: "annulled", side: "home", home: 0, away: 0 } });
    expect(annulled.state.score).toEqual({ home: 0, away: 0 });
    expect(annulled.state.phase).toBe("firstHalf");
  });

  test("a state replaces the state and leaves the timeline", () => {
    const { publish } = openStore({ timeline: [goal] });
    const picture = publish({
      state: { phase: "halfTime", score: { home: 1 }, review: { reason: "goal" } },
    });
    expect(picture.state.phase).toBe("halfTime");
    expect(picture.state.review?.reason).toBe("goal");
    expect(picture.timeline).toHaveLength(1);
  });

  test("an item replaces the one of its id and a removed one goes", () => {
    const { publish } = openStore({ timeline: [goal] });
    const amended = publish({ item: { ...goal, status: "annulled", text: "offside" } });
    expect(amended.timeline.map(({ id, status, text }) => [id, status, text]))
      .toEqual([[7, "annulled", "offside"]]);
    expect(publish({ item: { ...goal, status: "removed" } }).timeline).toEqual([]);
    expect(publish({ item: goal }).timeline).toHaveLength(1);
  });

  test("items stand in the order of play, not of arrival", () => {
    const { publish } = openStore({ timeline: [{ ...goal, id: 9, order: 4 }] });
    publish({ item: { ...goal, id: 12, order: 2 } });
    const picture = publish({ item: { ...goal, id: 11, order: 2 } });
    expect(picture.timeline.map(({ id }) => id)).toEqual([11, 12, 9]);
  });

  test("kicks add up, and one of the same number replaces the first", () => {
    const { publish } = openStore();
    publish({ kick: { number: 1, side: "away", scored: true, away: 1 } });
    publish({ kick: { number: 2, side: "home", scored: false, away: 1 } });
    const { shootout } = publish({
      kick: { number: 2, side: "home", scored: true, home: 1, away: 1, player: "Messi" },
    }).state;
    expect(shootout).toMatchObject({ home: 1, away: 1, first: "away" });
    expect(shootout?.kicks.map(({ number, scored }) => [number, scored]))
      .toEqual([[1, true], [2, true]]);
  });

  test("a line-up replaces that side's, possession the last", () => {
    const { publish } = openStore({ lineups: [{ side: "home" }, { side: "away" }] });
    const members = [{ player: { name: "Messi" }, number: 10, starting: true }];
    const picture = publish({ lineup: { side: "home", members } });
    expect(picture.lineups.map(({ side, members }) => [side, members.length]))
      .toEqual([["away", 0], ["home", 1]]);
    expect(publish({ possession: { home: 54, away: 46 } }).possession?.home).toBe(54);
  });

  test("a publication twice gives the same picture", () => {
    const { publish } = openStore();
    const publications: PublicationInit[] = [
      { goal: { side: "away", away: 1 } },
      { item: goal },
      { kick: { number: 1, side: "home", scored: true, home: 1 } },
    ];
    for (const publication of publications) {
      expect(publish(publication)).toEqual(publish(publication));
    }
  });

  test("a snapshot replaces everything", () => {
    const { store, publish } = openStore({ timeline: [goal] });
    publish({ possession: { home: 60, away: 40 } });
    store.receive({ kind: "snapshot", match: snapshotOf({ venue: "Lusail" }) });
    expect(store.picture).toEqual(pictureOf(snapshotOf({ venue: "Lusail" })));
    expect(store.picture?.possession).toBeUndefined();
  });

  test("what came before, and a refusal after it, are kept", () => {
    const before = pictureOf(snapshotOf());
    const store = new MatchStore(before, () => {});
    store.receive({ kind: "refused", code: "unknownMatch", reason: "no such match" });
    expect(store.picture).toBe(before);
    expect(store.refusal?.code).toBe("unknownMatch");
  });
});
