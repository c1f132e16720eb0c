import { describe, expect, test } from "vitest";
import { pictureOf } from "../../clients/sdk/match_store.ts";
import { decodeSubscribed, encodeSubscribed } from "../../protocol/mod.ts";
import { seededRandom } from "../../runtime/random.ts";
import { EVENTS, footballSequence, openingFacts, shownOf } from "./football_sequence.ts";

const sequence = footballSequence(seededRandom(37), 0);
const shownEvents = ({ home, away }: ReturnType<typeof shownOf>) =>
  [home, away].flatMap(({ players }) => Object.values(players).flat());

describe("footballSequence", () => {
  test("shows one event more after each event, and the goals in the score", () => {
    expect(sequence.map(({ shown }) => shownEvents(shown).length)).toEqual(
      Array.from({ length: EVENTS }, (_, index) => index + 1),
    );
    const { shown } = sequence.at(-1)!;
    const goals = shownEvents(shown).filter(([kind]) => kind === "goal");
    expect(shown.home.score + shown.away.score).toBe(goals.length);
    expect(new Set(shownEvents(shown).map(([kind]) => kind)).size).toBe(4);
  });

  test("is the same for the same seed and another for another", () => {
    expect(footballSequence(seededRandom(37), 0)).toEqual(sequence);
    expect(footballSequence(seededRandom(38), 0)).not.toEqual(sequence);
  });

  test("begins with eleven names a side", () => {
    const lineups = openingFacts(0).filter(({ type }) => type === "lineup.published");
    expect(lineups.map(({ players }) => (players as unknown[]).length)).toEqual([11, 11]);
  });
});

describe("shownOf", () => {
  const timeline = [
    { id: 1, kind: "goal", side: "home", minute: 3, player: { name: "Pat Kim" }, order: 1 },
    {
      id: 2,
      kind: "substitution",
      side: "away",
      minute: 4,
      other: { name: "Alex Adams" },
      order: 2,
    },
    { id: 3, kind: "card", colour: "red", side: "away", minute: 5, player: { name: "Alex Adams" } },
  ] as const;
  const shown = (lines: readonly (typeof timeline)[number][], home: number) => {
    const match = { state: { score: { home, away: 0 } }, timeline: [...lines] };
    return shownOf(pictureOf(decodeSubscribed(encodeSubscribed({ match })).match!));
  };

  test("has the score and what befell each player", () => {
    const { home, away } = shown(timeline, 1);
    expect([home.score, home.players["Pat Kim"]]).toEqual([1, [["goal", 3]]]);
    expect(away.players["Alex Adams"]).toEqual([["red", 5], ["substitution", 4]]);
  });

  test("is another where a line or the score is missing", () => {
    expect(shown(timeline.slice(0, 2), 1)).not.toEqual(shown(timeline, 1));
    expect(shown(timeline, 0)).not.toEqual(shown(timeline, 1));
  });
});
