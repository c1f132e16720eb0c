/**
 * Fixtures, teams and squads as a ledger says them.
 *
 * Runs in the transaction that records the entries, so the rows are never behind
 * the ledger. What a fixture is, corrections and all, is asked of the same fold
 * that fans see, over the few facts of a match that a fixture follows from.
 */
import type { Transaction } from "kysely";
import { interruptionNow } from "../../actors/match/interruptions.ts";
import { fold, newContext } from "../../actors/match/match_context.ts";
import type { FactOf, FactType, Side, Team } from "../../actors/match/match_event.ts";
import { ledgerOf } from "../../actors/match/match_ledger.ts";
import { viewOf } from "../../actors/match/view_fold.ts";
import { lockOf } from "../../actors/prediction/predictable_match.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { reasonOf } from "../../runtime/failure.ts";
import type { DialectWords } from "./dialect_words.ts";
import { entryOf } from "./ledger_row.ts";
import type { Tables } from "./sql_database.ts";
import type { FixtureStatus, FixtureTable } from "./tables/fixture.ts";
import type { MatchLedgerTable } from "./tables/match_ledger.ts";
import type { SquadPlayerTable } from "./tables/squad_player.ts";
import type { TeamTable } from "./tables/team.ts";

/** What a fixture follows from: its own facts, what stops and resumes play, and corrections. */
const FIXTURE_TYPES: readonly FactType[] = [
  "match.scheduled",
  "match.rescheduled",
  "match.suspended",
  "match.resumed",
  "match.abandoned",
  "match.postponed",
  "match.cancelled",
  "match.awarded",
  "period.started",
  "event.amended",
  "event.voided",
  "entry.quarantined",
];

/** Brings fixture, team and squad_player up to what the `added` rows say. */
export async function projectFixtures(
  transaction: Transaction<Tables>,
  words: DialectWords,
  events: BusinessEvents,
  added: MatchLedgerTable[],
): Promise<void> {
  const changed = added.filter(({ type }) => (FIXTURE_TYPES as string[]).includes(type));
  for (const matchId of new Set(changed.map((row) => row.match_id))) {
    const rows = await transaction.selectFrom("match_ledger").selectAll()
      .where("match_id", "=", matchId).where("type", "in", FIXTURE_TYPES).orderBy("seq").execute();
    const said = whereFoldable(matchId, events, () => foldFixture(matchId, rows));
    if (said === null) continue;
    for (const team of said.teams) await writeTeam(transaction, words, team);
    const insert = transaction.insertInto("fixture").values(said.fixture);
    await words.upsert(insert, ["match_id"], said.fixture).execute();
  }
  for (const row of added) {
    if (row.type !== "lineup.published" || row.shadowed === 1) continue;
    for (const player of whereFoldable(row.match_id, events, () => squadOf(row)) ?? []) {
      await writePlayer(transaction, words, row.match_id, player);
    }
  }
}

/** The ledger takes what no fold can read; putting it into quarantine is its owner's. */
function whereFoldable<T>(matchId: string, events: BusinessEvents, read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    events.warned(
      `The fixture of ${matchId} stays as it was until its next fact, ` +
        `as its ledger holds what cannot be folded: ${reasonOf(error)}`,
    );
    return null;
  }
}

/** Null while the match is not scheduled. */
function foldFixture(
  matchId: string,
  rows: MatchLedgerTable[],
): { fixture: FixtureTable; teams: TeamTable[] } | null {
  const context = rows.map(entryOf).reduce(fold, newContext(matchId));
  const ledger = ledgerOf(context);
  const lockAt = lockOf(ledger);
  if (lockAt === null) return null;
  const { competition, stage, kickoffAt, home, away, format } = viewOf(context, "scheduled");
  const fixture = {
    match_id: matchId,
    competition,
    stage,
    kickoff_at: kickoffAt,
    home: JSON.stringify(home),
    away: JSON.stringify(away),
    format: JSON.stringify(format),
    status: statusAfter(interruptionNow(ledger.interruptions)?.type),
    lock_at: lockAt,
    updated_seq: context.seq,
  };
  const teams = [home, away].map(({ id, name, code }) => ({ id, name, code: code ?? null }));
  return { fixture, teams };
}

function statusAfter(interruption: `match.${FixtureStatus}` | undefined): FixtureStatus {
  return (interruption?.slice("match.".length) ?? "scheduled") as FixtureStatus;
}

type SquadEntry = Omit<SquadPlayerTable, "team_id"> & { side: Side };

/** Players without an id of their own have no row. */
function squadOf({ body }: MatchLedgerTable): SquadEntry[] {
  const { side, players } = JSON.parse(body) as FactOf<"lineup.published">;
  return players.flatMap(({ id, name, number, position }) =>
    id === undefined
      ? []
      : [{ side, player_id: id, name, number: number ?? null, position: position ?? null }]
  );
}

async function writeTeam(
  transaction: Transaction<Tables>,
  words: DialectWords,
  team: TeamTable,
): Promise<void> {
  await words.upsert(transaction.insertInto("team").values(team), ["id"], team).execute();
}

async function writePlayer(
  transaction: Transaction<Tables>,
  words: DialectWords,
  matchId: string,
  { side, ...player }: SquadEntry,
): Promise<void> {
  const fixture = await transaction.selectFrom("fixture").select(["home", "away"])
    .where("match_id", "=", matchId).executeTakeFirst();
  if (fixture === undefined) return;
  const row = { team_id: (JSON.parse(fixture[side]) as Team).id, ...player };
  const insert = transaction.insertInto("squad_player").values(row);
  await words.upsert(insert, ["team_id", "player_id"], row).execute();
}
