/**
 * What the settlements contract is given, and a few words to speak of it.
 */
import type {
  RunChunk,
  RunToBegin,
  SettlementRun,
  Settlements,
} from "../../actors/ports/settlements.ts";
import type { MarketOutcomes } from "../../actors/prediction/market_outcome.ts";
import { differenceRows } from "../../actors/settlement/settlement_difference.ts";
import {
  addedSums,
  type SumDifference,
  sumDifferences,
} from "../../actors/settlement/settlement_sums.ts";
import type { SqlDatabase } from "../sql/sql_database.ts";

/** A store on an empty, migrated database. */
export interface OpenSettlements {
  store: Settlements;
  sql: SqlDatabase;
  close(): Promise<void>;
}

export const MATCH = "arg-fra";
/** Predictions of tests from here on are late. */
export const LOCK_AT = 1_000;

export interface Pick {
  user: string;
  market: string;
  pick: string;
  late?: boolean;
}

export async function predict({ sql }: OpenSettlements, picks: Pick[]): Promise<void> {
  const rows = picks.map(({ user, market, pick, late }, at) => ({
    match_id: MATCH,
    user_id: user,
    market,
    pick,
    client_id: `${user}/${market}/${at}`,
    accepted_at: late ? LOCK_AT + at : at % LOCK_AT,
  }));
  for (let at = 0; at < rows.length; at += 500) {
    await sql.kysely.insertInto("prediction").values(rows.slice(at, at + 500)).execute();
  }
}

export function runBy(outcomes: MarketOutcomes, change: Partial<RunToBegin> = {}): RunToBegin {
  return {
    matchId: MATCH,
    after: 0,
    ledgerSeq: 40,
    rulesVersion: 1,
    lockAt: LOCK_AT,
    holdUntil: 0,
    outcomes,
    outcomeKey: JSON.stringify(outcomes),
    boards: [MATCH, "global"],
    ...change,
  };
}

export interface Begun {
  run: SettlementRun;
  chunks: RunChunk[];
}

export async function begin(
  { store }: OpenSettlements,
  outcomes: MarketOutcomes,
  change: Partial<RunToBegin> = {},
): Promise<Begun> {
  const after = (await store.latest(MATCH))?.run ?? 0;
  const outcome = await store.begin(runBy(outcomes, { after, ...change }));
  if (outcome !== "begun") throw new Error(`the run was ${outcome}`);
  const run = (await store.latest(MATCH))!;
  return { run, chunks: await store.chunks(MATCH, run.run) };
}

export async function writeAll({ store }: OpenSettlements, { chunks }: Begun): Promise<void> {
  for (const chunk of chunks) await store.writeChunk(MATCH, chunk);
}

/** Points by user and market, over all runs. */
export async function pointsOf({ sql }: OpenSettlements): Promise<Record<string, number>> {
  const points: Record<string, number> = {};
  for (const row of await entries(sql)) {
    const name = `${row.user_id}/${row.market}`;
    points[name] = (points[name] ?? 0) + row.points;
  }
  return Object.fromEntries(Object.entries(points).filter(([, sum]) => sum !== 0));
}

export function entries(sql: SqlDatabase) {
  return sql.kysely.selectFrom("point_entry").selectAll()
    .orderBy("user_id").orderBy("market").orderBy("run").execute();
}

/** What one run alone gives, by the rule's own meaning in TypeScript. */
export async function fromScratch(
  { store }: OpenSettlements,
  run: SettlementRun,
  picks: Pick[],
): Promise<Record<string, number>> {
  const predictions = picks.map(({ late = false, ...pick }) => (
    { ...pick, late, id: `${pick.user}/${pick.market}` }
  ));
  const rows = differenceRows("alone", await store.planOf(run), predictions, []);
  return Object.fromEntries(rows.map(({ prediction, points }) => [prediction, points]));
}

export async function differences(
  { store }: OpenSettlements,
  { run, chunks }: Begun,
): Promise<SumDifference[]> {
  const sums = await Promise.all(chunks.map((chunk) => store.sums(run, chunk)));
  return sumDifferences(await store.planOf(run), addedSums(await store.counts(run, chunks), sums));
}

export async function emptySettlements(sql: SqlDatabase): Promise<void> {
  for (
    const table of [
      "prediction",
      "market_void",
      "point_entry",
      "settlement_head",
      "settlement_run",
      "settlement_cell",
      "settlement_chunk",
      "settlement_command",
    ] as const
  ) await sql.kysely.deleteFrom(table).execute();
}
