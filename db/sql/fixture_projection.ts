/**
 * Fixtures, teams and squads as a ledger says them.
 *
 * Runs in the transaction that records the entries, so the rows are never behind
 * the ledger. What a fixture is, corrections and all, is asked of the same fold
 * that fans see, over the few facts of a match that a fixture follows from.
 */
import type { Transaction } from "kysely";
import { interruptionNow } from "../../actors/match/interruptions.ts";
import { fold, type MatchContext, newContext } from "../../actors/match/match_context.ts";
import type { Fact, FactType, Team } from "../../actors/match/match_event.ts";
import { ledgerOf } from "../../actors/match/match_ledger.ts";
import { viewOf } from "../../actors/match/view_fold.ts";
import type { DialectWords } from "./dialect_words.ts";
import { entryOf } from "./ledger_row.ts";
import type { Tables } from "./sql_database.ts";
import type { FixtureStatus } from "./tables/fixture.ts";
import type { MatchLedgerTable } from "./tables/match_ledger.ts";

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
  added: MatchLedgerTable[],
): Promise<void> {
  const changed = added.filter(({ type }) => (FIXTURE_TYPES as string[]).includes(type));
  for (const matchId of new Set(changed.map((row) => row.match_id))) {
    await writeFixture(transaction, words, await foldFixture(transaction, matchId));
  }
  for (const row of added) {
    if (row.type === "lineup.published" && row.shadowed === 0) {
      await writeSquad(transaction, words, row);
    }
  }
}

async function foldFixture(
  transaction: Transaction<Tables>,
  matchId: string,
): Promise<MatchContext> {
  const rows = await transaction.selectFrom("match_ledger").selectAll()
    .where("match_id", "=", matchId).where("type", "in", FIXTURE_TYPES).orderBy("seq").execute();
  return rows.map(entryOf).reduce(fold, newContext(matchId));
}

async function writeFixture(
  transaction: Transaction<Tables>,
  words: DialectWords,
  context: MatchContext,
): Promise<void> {
  const ledger = ledgerOf(context);
  if (ledger.fixture === null) return;
  const { competition, stage, kickoffAt, home, away, format } = viewOf(context, "scheduled");
  for (const team of [home, away]) await writeTeam(transaction, words, team);
  const row = {
    competition,
    stage,
    kickoff_at: kickoffAt,
    home: JSON.stringify(home),
    away: JSON.stringify(away),
    format: JSON.stringify(format),
    status: statusAfter(interruptionNow(ledger.interruptions)?.type),
    updated_seq: context.seq,
  };
  const insert = transaction.insertInto("fixture").values({ match_id: context.matchId, ...row });
  await words.upsert(insert, ["match_id"], row).execute();
}

function statusAfter(interruption: `match.${FixtureStatus}` | undefined): FixtureStatus {
  return (interruption?.slice("match.".length) ?? "scheduled") as FixtureStatus;
}

async function writeTeam(
  transaction: Transaction<Tables>,
  words: DialectWords,
  { id, name, code }: Team,
): Promise<void> {
  const row = { name, code: code ?? null };
  const insert = transaction.insertInto("team").values({ id, ...row });
  await words.upsert(insert, ["id"], row).execute();
}

/** Players without an id of their own have no row. */
async function writeSquad(
  transaction: Transaction<Tables>,
  words: DialectWords,
  { match_id, body }: MatchLedgerTable,
): Promise<void> {
  const { side, players } = JSON.parse(body) as Extract<Fact, { type: "lineup.published" }>;
  const fixture = await transaction.selectFrom("fixture").select(["home", "away"])
    .where("match_id", "=", match_id).executeTakeFirst();
  if (fixture === undefined) return;
  const team = JSON.parse(fixture[side]) as Team;
  for (const { id, name, number, position } of players) {
    if (id === undefined) continue;
    const row = { name, number: number ?? null, position: position ?? null };
    const insert = transaction.insertInto("squad_player")
      .values({ team_id: team.id, player_id: id, ...row });
    await words.upsert(insert, ["team_id", "player_id"], row).execute();
  }
}
