/**
 * Matches that football itself made difficult: bundled with what each must end
 * as, since nobody argues with a result that everybody can look up.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseFact } from "../parse_fact.ts";
import type { ProviderFact } from "../match_event.ts";
import type { MatchView, TimelineItem } from "../match_view.ts";
import { referencePart, tellAll, viewOf } from "./match_telling.ts";
import { reduceMatch } from "./reference_reducer.ts";

const FOLDER = new URL("../../../feed/bundled_corrections/", import.meta.url);
const PROVIDER = "replay";

interface Bundled {
  scheduled: Record<string, unknown>;
  facts: ({ at: number } & Record<string, unknown>)[];
  /** Fields of the view, or what is expected of their parts. */
  expect: Record<string, unknown>;
}

const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

test("bundled corrections are there", () => {
  expect(files.length).toBeGreaterThanOrEqual(18);
});

describe.each(files)("%s", (name) => {
  const bundled: Bundled = JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
  const facts = parsed(bundled);

  test("ends as it did", () => {
    expect(expectable(viewOf(tellAll(facts)), bundled.expect)).toEqual(bundled.expect);
  });

  test("ends so too when it is told backwards", () => {
    const [fixture, ...rest] = facts;
    const view = viewOf(tellAll([fixture!, ...rest.reverse()]));
    expect(expectable(view, bundled.expect)).toEqual(bundled.expect);
  });

  test("is what the reference makes of it", () => {
    const told = tellAll(facts);
    expect(referencePart(viewOf(told))).toEqual(reduceMatch(told.accepted));
  });
});

function parsed({ scheduled, facts }: Bundled): ProviderFact[] {
  const kickoffAt = Date.parse(scheduled.kickoffAt as string);
  const values = [
    { ...scheduled, id: "scheduled", occurredAt: kickoffAt - 86_400_000 },
    ...facts.map(({ at, ...body }) => ({ ...body, occurredAt: kickoffAt + at * 1_000 })),
  ];
  return values.map((value, index) => {
    const result = parseFact(PROVIDER, value, `facts[${index}]`);
    if ("problem" in result) throw new Error(JSON.stringify(result.problem));
    return result.fact;
  });
}

/** What of the view the file speaks of, in the file's words. */
function expectable(view: MatchView, expected: Record<string, unknown>): Record<string, unknown> {
  const words: Record<string, unknown> = {
    ...view,
    kickoffAt: new Date(view.kickoffAt).toISOString().replace(".000", ""),
    kicks: view.shootout?.kicks.length,
    shootout: view.shootout && {
      home: view.shootout.home,
      away: view.shootout.away,
      winner: view.shootout.winner,
    },
    goals: items(view, "goal", expected.goals).map(({ method, status, ...item }) => (
      { ...placed(item), method, status }
    )),
    cards: items(view, "card", expected.cards).map(({ card, ...item }) => (
      { ...placed(item), card }
    )),
  };
  return Object.fromEntries(Object.keys(expected).map((field) => [field, words[field]]));
}

function items(view: MatchView, kind: TimelineItem["kind"], expected: unknown): TimelineItem[] {
  const all = view.timeline.filter((item) => item.kind === kind);
  return Array.isArray(expected) ? all : [];
}

function placed(
  { side, minute, stoppage, player }: Pick<TimelineItem, "side" | "minute" | "stoppage" | "player">,
) {
  return { side, minute, ...(stoppage > 0 ? { stoppage } : {}), player: player?.name };
}
