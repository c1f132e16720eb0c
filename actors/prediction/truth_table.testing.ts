/**
 * The truth table: hand-written rows, and the matches that they speak of.
 *
 * Matches that come with Golazo are always there, real ones where their folder
 * is. `also` says what else is to have happened to a match; where a record names
 * players without ids, an id is made of the name, as a squad would have given.
 */
import { existsSync, readFileSync } from "node:fs";
import { loadBundledMatches, REPLAY, scheduledFact } from "../../feed/bundled_match.ts";
import { readBundledCorrections } from "../match/checker/bundled_corrections.ts";
import { tellAll } from "../match/checker/match_telling.ts";
import { readRealMatches } from "../match/checker/real_matches.ts";
import { viewOfSnapshot } from "../match/match_actor.ts";
import type { FactOf, ProviderFact, Side } from "../match/match_event.ts";
import { ledgerOf, type MatchLedger } from "../match/match_ledger.ts";
import type { Phase } from "../match/match_view.ts";
import { parseFact } from "../match/parse_fact.ts";

export interface TruthRow {
  match: string;
  also: string;
  market: string;
  pick: string;
  points: string;
  mark: string;
  why: string;
  source: string;
}

export const REAL_FOLDER = new URL("../../../shared/data/matches/", import.meta.url);
const REAL_ID = /^M-\d/;
const DAY_MS = 86_400_000;

export const isReal = ({ match }: TruthRow) => REAL_ID.test(match);

export function readTruthTable(): TruthRow[] {
  const text = readFileSync(new URL("./truth_table.csv", import.meta.url), "utf8");
  const [names, ...rows] = text.trimEnd().split("\n").map((line) =>
    [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain!)
  );
  return rows.map((row) => {
    if (row.length !== names!.length) throw new Error(`fields are missing: ${row.join(",")}`);
    return Object.fromEntries(
      names!.map((name, index) => [name, row[index]]),
    ) as unknown as TruthRow;
  });
}

/** Facts by match, the fixture first. */
export async function readTruthMatches(): Promise<Map<string, ProviderFact[]>> {
  const matches = new Map<string, Record<string, unknown>[]>();
  for (const { id, scheduled, facts } of await loadBundledMatches()) {
    const kickoffAt = Date.parse(scheduled.kickoffAt as string);
    const timed = facts.map(({ at, value }) => ({ ...value, occurredAt: kickoffAt + at * 1_000 }));
    matches.set(id, [scheduledFact(scheduled, kickoffAt - DAY_MS), ...timed]);
  }
  for (const { id, facts } of readBundledCorrections()) matches.set(id, facts);
  if (existsSync(REAL_FOLDER)) {
    for (const { id, facts } of await readRealMatches(REAL_FOLDER)) matches.set(id, facts);
  }
  return new Map([...matches].map(([id, facts]) => [id, facts.map((fact) => parsed(id, fact))]));
}

/** The match of a row, as its fold shows it. */
export function playedOut(
  facts: ProviderFact[],
  also: string,
): { ledger: MatchLedger; phase: Phase } {
  const { folded, rejected } = tellAll(withAddition(facts, also));
  if (rejected.some(({ code }) => code !== "wrongTarget")) {
    throw new Error(JSON.stringify(rejected));
  }
  return {
    ledger: ledgerOf(folded.snapshot.context),
    phase: viewOfSnapshot(folded.snapshot).phase,
  };
}

function withAddition(facts: ProviderFact[], also: string): ProviderFact[] {
  if (also === "") return facts;
  const fixture = facts[0] as FactOf<"match.scheduled">;
  const [word, what = "", score = "0-3"] = also.split(" ");
  const after = fixture.kickoffAt + 10 * DAY_MS;
  const added = (fields: Record<string, unknown>, occurredAt = after) =>
    ({ provider: REPLAY, id: also, revision: 1, occurredAt, ...fields }) as ProviderFact;
  const [home, away] = score.split("-").map(Number);
  const award = { type: "match.awarded", winner: what as Side, score: { home, away } };
  switch (word) {
    case "annulled":
      return [...facts, added({ type: "goal.annulled", target: { provider: REPLAY, id: what } })];
    case "abandoned": {
      const at = fixture.kickoffAt + Number(what) * 1_000;
      const before = facts.filter(({ occurredAt }) => occurredAt < at);
      return [...before, added({ type: "match.abandoned" }, at)];
    }
    case "awarded":
      return [...facts, added(award)];
    case "walkover":
      return [fixture, added(award)];
    case "cancelled":
    case "postponed":
      return [fixture, added({ type: `match.${word}` })];
    default:
      throw new Error(`nobody knows what "${also}" does to a match`);
  }
}

function parsed(id: string, value: Record<string, unknown>): ProviderFact {
  const result = parseFact(REPLAY, named(JSON.parse(JSON.stringify(value))), id);
  if ("problem" in result) throw new Error(`${id}: ${JSON.stringify(result.problem)}`);
  return result.fact;
}

function named(value: Record<string, unknown>): Record<string, unknown> {
  for (const field of ["player", "assist", "off", "on"]) {
    const player = value[field] as { id?: string; name: string } | undefined;
    if (player !== undefined) player.id ??= idOf(player.name);
  }
  if (value.changes !== undefined) named(value.changes as Record<string, unknown>);
  return value;
}

function idOf(name: string): string {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-");
}
