/**
 * Matches that football itself made difficult: bundled with what each must end
 * as, since nobody argues with a result that everybody can look up.
 */
import { readdirSync, readFileSync } from "node:fs";
import type { MatchJson } from "../match_json.ts";
import type { TimelineItem } from "../match_view.ts";

export interface BundledCorrections {
  /** Of the file, and of the match. */
  id: string;
  /** As any provider's webhook would send them, the fixture first. */
  facts: Record<string, unknown>[];
  /** Fields of the match, or what is expected of their parts. */
  expected: Record<string, unknown>;
}

/** What `partExpected` reads. */
type Shown = Pick<MatchJson, "kickoffAt" | "shootout"> & { timeline: TimelineItem[] };

const FOLDER = new URL("../../../feed/bundled_corrections/", import.meta.url);

export function readBundledCorrections(): BundledCorrections[] {
  return readdirSync(FOLDER).filter((name) => name.endsWith(".json")).sort().map((name) => {
    const { id, scheduled, facts, expect } = JSON.parse(
      readFileSync(new URL(name, FOLDER), "utf8"),
    );
    const kickoffAt = Date.parse(scheduled.kickoffAt);
    const fixture = { ...scheduled, id: "scheduled", occurredAt: kickoffAt - 86_400_000 };
    const timed = facts.map(({ at, ...body }: { at: number } & Record<string, unknown>) => ({
      ...ofAnyProvider(body),
      occurredAt: kickoffAt + at * 1_000,
    }));
    return { id, facts: [fixture, ...timed], expected: expect };
  });
}

/** What of a match its file speaks of, in the file's words. */
export function partExpected(
  match: Shown,
  expected: Record<string, unknown>,
): Record<string, unknown> {
  const words: Record<string, unknown> = {
    ...match,
    kickoffAt: match.kickoffAt.replace(".000", ""),
    kicks: match.shootout?.kicks.length,
    shootout: match.shootout && {
      home: match.shootout.home,
      away: match.shootout.away,
      winner: match.shootout.winner,
    },
    goals: items(match, "goal").map(({ method, status, ...item }) => (
      { ...placed(item), method, status }
    )),
    cards: items(match, "card").map(({ card, ...item }) => ({ ...placed(item), card })),
  };
  return Object.fromEntries(Object.keys(expected).map((field) => [field, words[field]]));
}

/** A reference by its id alone names a fact of the same provider, whoever that is. */
function ofAnyProvider(body: Record<string, unknown>): Record<string, unknown> {
  const named = ["target", "review"].filter((name) => body[name] !== undefined);
  const ids = named.map((name) => [name, (body[name] as { id: string }).id]);
  return { ...body, ...Object.fromEntries(ids) };
}

function items({ timeline }: Shown, kind: TimelineItem["kind"]): TimelineItem[] {
  return timeline.filter((item) => item.kind === kind);
}

function placed(
  { side, minute, stoppage, player }: Pick<TimelineItem, "side" | "minute" | "stoppage" | "player">,
) {
  return { side, minute, ...(stoppage > 0 ? { stoppage } : {}), player: player?.name };
}
