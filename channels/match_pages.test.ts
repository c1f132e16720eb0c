import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Ledger } from "../actors/ledger.ts";
import type { ProviderFact } from "../actors/match/match_event.ts";
import {
  card,
  goal,
  kicks,
  MATCH_ID,
  scheduled,
  started,
  substitution,
} from "../actors/match/match.testing.ts";
import { type MatchStage, matchStage } from "./match_test_kit.ts";

let stage: MatchStage;
beforeEach(() => (stage = matchStage()));
afterEach(() => stage.close());

const play = [scheduled(), started("firstHalf"), goal("home", 23)];
const possession: ProviderFact = {
  provider: "feed",
  id: "possession",
  revision: 1,
  occurredAt: 1_671_375_600_000,
  type: "possession.measured",
  home: 40,
  away: 60,
};

describe("MatchPages.match", () => {
  test("is null where there is no such match", async () => {
    expect(await stage.pages.match("nobody")).toBeNull();
  });

  test("is the match as JSON, built once a change", async () => {
    await stage.tell(play);
    const page = (await stage.pages.match(MATCH_ID))!;
    expect(JSON.parse(page.body)).toMatchObject({ id: MATCH_ID, score: { home: 1 }, stale: false });
    expect(await stage.pages.match(MATCH_ID)).toBe(page);
  });

  test("a volatile value, which has no offset, makes another tag", async () => {
    await stage.tell(play);
    const before = (await stage.pages.match(MATCH_ID))!;
    await stage.tell([possession]);
    const after = (await stage.pages.match(MATCH_ID))!;
    expect(after.etag).not.toBe(before.etag);
    expect(JSON.parse(after.body).possession).toEqual({ home: 40, away: 60 });
  });

  test("tags are equal exactly where bodies are, whatever is told and marked", async () => {
    const told = fc.constantFrom<ProviderFact | "mark" | "clear">(
      goal("home", 10),
      goal("away", 12),
      card("home", 14),
      substitution("away", 60),
      possession,
      { ...possession, revision: 2 },
      ...kicks("home", "+-+"),
      "mark",
      "clear",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(told, { maxLength: 8 }), async (script) => {
        const stage = matchStage();
        await stage.tell(play);
        const pages = [(await stage.pages.match(MATCH_ID))!];
        for (const what of script) {
          const { view } = (await stage.reader.read(MATCH_ID))!;
          if (what === "mark") await stage.staleMarks.mark(view);
          else if (what === "clear") await stage.staleMarks.clear(view);
          else await stage.tell([what]);
          pages.push((await stage.pages.match(MATCH_ID))!);
        }
        stage.close();
        for (const a of pages) {
          for (const b of pages) {
            expect([a.etag === b.etag, a.body]).toEqual([a.body === b.body, a.body]);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe("MatchPages.list", () => {
  const listed = async () => JSON.parse((await stage.pages.list()).body).matches;
  const ids = async () => (await listed()).map(({ id }: { id: string }) => id);
  async function exist(id: string, kickoffAt = 0): Promise<void> {
    await stage.tell([scheduled({ kickoffAt })], id);
    await stage.directory.add(id);
  }

  test("is of the matches in the directory, the latest kick-off first", async () => {
    await exist("early", 1_000);
    await exist("late", 3_000);
    await exist("b-same", 2_000);
    await exist("a-same", 2_000);
    await stage.tell([scheduled()], "unlisted");
    await stage.directory.add("unknown");
    expect(await ids()).toEqual(["late", "a-same", "b-same", "early"]);
  });

  test("has summaries: no timelines, no line-ups", async () => {
    await exist("a");
    const [summary] = await listed();
    expect(summary).toMatchObject({ id: "a", phase: "scheduled", stale: false });
    expect(summary).not.toHaveProperty("timeline");
    expect(summary).not.toHaveProperty("lineups");
  });

  test("is one build for everybody within a quarter of a second, then a new one", async () => {
    await exist("a");
    const first = stage.pages.list();
    expect(stage.pages.list()).toBe(first);
    const before = await first;
    await stage.tell([started("firstHalf")], "a");
    await stage.clock.advance(249);
    expect(await stage.pages.list()).toBe(before);
    await stage.clock.advance(1);
    const after = await stage.pages.list();
    expect(after.etag).not.toBe(before.etag);
    expect(JSON.parse(after.body).matches[0].phase).toBe("firstHalf");
  });

  test("its tag tells matches apart and stays where nothing changed", async () => {
    await exist("a");
    const before = await stage.pages.list();
    await stage.clock.advance(250);
    expect((await stage.pages.list()).etag).toBe(before.etag);
    await exist("b");
    await stage.clock.advance(250);
    expect((await stage.pages.list()).etag).not.toBe(before.etag);
  });

  test("one match that cannot be folded does not take the list from the others", async () => {
    await exist("a");
    await exist("broken");
    const entry = { seq: 99, recordedAt: 0, body: { fact: { type: "event.amended" } } };
    const ledger = new Ledger(stage.stream, "match", "broken");
    await ledger.append(1, (await ledger.position())!.top, [entry]);
    expect(await ids()).toEqual(["a"]);
  });
});
