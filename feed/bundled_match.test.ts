import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { loadBundledMatches, parseBundledMatch } from "./bundled_match.ts";
import { fixture } from "./feed_test_kit.ts";

function match(change: Record<string, unknown> = {}, facts: unknown[] = play()): string {
  const { id: _id, revision: _revision, occurredAt: _at, ...scheduled } = fixture();
  return JSON.stringify({
    id: "arg-fra-2022-12-18",
    title: "Argentina 3–3 France (4–2 pens)",
    sources: ["FIFA match report"],
    scheduled: { ...scheduled, kickoffAt: "2022-12-18T15:00:00Z" },
    facts,
    ...change,
  });
}

const goal = { at: 1_380, id: "g1", type: "goal.scored", side: "home", method: "penalty" };
const play = (...more: Record<string, unknown>[]): Record<string, unknown>[] => [
  { at: 0, id: "h1", type: "period.started", period: "firstHalf" },
  { ...goal, period: "firstHalf", minute: 23 },
  { at: 9_000, id: "h2-end", type: "period.ended", period: "secondHalf" },
  ...more,
];

describe("parseBundledMatch", () => {
  test("reads a match and when it ends", () => {
    expect(parseBundledMatch("a.json", match())).toMatchObject({
      id: "arg-fra-2022-12-18",
      finalWhistleAt: 9_000,
      shootoutAt: null,
      facts: [{ at: 0, value: { id: "h1", revision: 1 } }, { at: 1_380 }, { at: 9_000 }],
    });
  });

  test("ends a shootout with its last kick, not with a later correction", () => {
    const kick = { at: 9_100, id: "k1", type: "shootout.kicked", side: "home", number: 1 };
    const text = match(
      {},
      play(
        { at: 9_050, id: "p", type: "period.started", period: "shootout" },
        { ...kick, scored: true },
        { at: 9_900, id: "a1", type: "goal.annulled", target: { id: "g1" } },
      ),
    );
    const read = parseBundledMatch("a.json", text);
    expect(read).toMatchObject({ shootoutAt: 9_050, finalWhistleAt: 9_100 });
    expect(read.facts.at(-1)!.value.target).toEqual({ provider: "replay", id: "g1" });
  });

  test.each<[string, string, RegExp]>([
    ["no JSON", "{", /must be JSON/],
    ["no object", "null", /must be a JSON object/],
    ["an id that is no slug", match({ id: "Final!" }), /id must be/],
    ["an id without room for a round", match({ id: "x".repeat(57) }), /id must be/],
    ["no title", match({ title: "" }), /title/],
    ["no sources", match({ sources: [] }), /sources/],
    ["no fixture", match({ scheduled: null }), /scheduled/],
    ["a fixture without a side", match({ scheduled: {} }), /scheduled/],
    ["no facts", match({ facts: {} }), /facts/],
    ["a fact of no type", match({}, [{ at: 0, id: "x", type: "rain" }]), /facts\[0\]/],
    ["a fact without a time", match({}, [{ ...play()[0], at: undefined }]), /facts\[0\]\.at/],
    ["facts out of order", match({}, play({ ...play()[1], id: "g2" })), /before the 9000/],
    ["one name twice", match({}, play({ ...play()[2], at: 9_001 })), /name of another: h2-end/],
    ["a second fixture", match({}, play({ ...fixture(), at: 9_001 })), /second fixture/],
    ["no end", match({}, play().slice(0, 2)), /ends the match/],
  ])("refuses %s", (_, text, what) => {
    expect(() => parseBundledMatch("/app/feed/bundled/a.json", text)).toThrow(
      expect.objectContaining({
        code: "bundledMatchInvalid",
        message: expect.stringMatching(what),
      }),
    );
    expect(() => parseBundledMatch("/app/feed/bundled/a.json", text)).toThrow(
      /\/app\/feed\/bundled\/a\.json.*Restore the file/,
    );
  });
});

describe("loadBundledMatches", () => {
  test("reads every match that comes with Golazo: enough for a replay, one with a shootout", async () => {
    const matches = await loadBundledMatches();
    expect(matches.length).toBeGreaterThanOrEqual(5);
    expect(matches.some(({ shootoutAt }) => shootoutAt !== null)).toBe(true);
  });

  test("names a folder that is missing, empty or holds a damaged file", async () => {
    const folder = temporaryFolder();
    const url = pathToFileURL(folder.path("") + "/");
    const refusal = (what: string) =>
      expect(loadBundledMatches(url)).rejects.toMatchObject({
        code: "bundledMatchInvalid",
        message: expect.stringContaining(what),
      });
    await refusal("no match");
    writeFileSync(folder.path("a.json"), match());
    writeFileSync(folder.path("b.json"), match().slice(0, 200));
    await refusal("b.json");
    folder.remove();
    await refusal(url.pathname);
  });
});
