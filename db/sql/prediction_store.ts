/**
 * Predictions in SQL, on any database.
 *
 * A batch is one transaction and at most six statements, however many fans it is
 * of. Whether it is too late is asked in the INSERT's own condition, by the
 * database's clock, so a gateway whose clock is wrong or whose batch was long on
 * its way lets nothing in; what was written is read back before anybody is told.
 * Of two of a batch about the same market of the same fan the later stands, as
 * if they had come one after another.
 */
import { sql, type Transaction } from "kysely";
import type {
  FanPrediction,
  PickFans,
  Predictions,
  PredictionToTake,
  TakeOutcome,
} from "../../actors/ports/predictions.ts";
import { assert } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { refusalsOf, writeWhereOpen } from "./prediction_rows.ts";
import type { SqlDatabase, Tables } from "./sql_database.ts";
import type { PredictionTable } from "./tables/prediction.ts";

type Rejected = Extract<TakeOutcome, { outcome: "rejected" }>;

export class PredictionStore implements Predictions {
  readonly #sql: SqlDatabase;

  constructor(sql: SqlDatabase) {
    this.#sql = sql;
  }

  async take(predictions: PredictionToTake[]): Promise<TakeOutcome[]> {
    assert(predictions.length <= limits.predictionBatchMax, "a batch is one short transaction");
    if (predictions.length === 0) return [];
    try {
      return await this.#takeOnce(predictions);
    } catch (error) {
      // Another batch took one of the client ids meanwhile; now its row is there to be read.
      if ((error as { errno?: number }).errno !== DUPLICATE_KEY) throw error;
      return await this.#takeOnce(predictions);
    }
  }

  async ofFan(match: string, user: string): Promise<FanPrediction[]> {
    const rows = await this.#sql.kysely.selectFrom("prediction").selectAll()
      .where("match_id", "=", match).where("user_id", "=", user).orderBy("market").execute();
    return rows.filter(({ user_id }) => user_id === user).map((row) => ({
      clientId: row.client_id,
      market: row.market,
      pick: row.pick,
      acceptedAt: row.accepted_at,
    }));
  }

  async pickCounts(match: string): Promise<PickFans[]> {
    return await this.#sql.kysely.selectFrom("prediction")
      .select(["market", "pick", sql<number>`count(*)`.as("fans")])
      .where("match_id", "=", match).groupBy(["market", "pick"]).execute();
  }

  /** Markets that an operator took out. */
  async voided(match: string): Promise<string[]> {
    const rows = await this.#sql.kysely.selectFrom("market_void").select("market")
      .where("match_id", "=", match).orderBy("market").execute();
    return rows.map(({ market }) => market);
  }

  #takeOnce(predictions: PredictionToTake[]): Promise<TakeOutcome[]> {
    return this.#sql.kysely.transaction().execute(async (transaction) => {
      const named = await rowsByClient(transaction, predictions.map(({ clientId }) => clientId));
      const foreign = refuseForeign(predictions, named);
      const asked = predictions.filter((_, at) => foreign[at] === null);
      const before = await picksBefore(transaction, asked);
      const last = lastChanges(asked, before);
      await writeWhereOpen(transaction, this.#sql.words, [...last.values()]);
      const refused = await this.#refused(transaction, [...last.values()], before);
      const now = new Map(before);
      return predictions.map((one, at) =>
        foreign[at] ?? outcomeOf(one, now, refused.get(keyOf(one)))
      );
    });
  }

  /** Why what was wanted is not written, by its key. */
  async #refused(
    transaction: Transaction<Tables>,
    wanted: PredictionToTake[],
    before: Map<string, string>,
  ): Promise<Map<string, Rejected>> {
    const written = await rowsByClient(transaction, wanted.map(({ clientId }) => clientId));
    const isThere = (one: PredictionToTake) => {
      const row = written.get(one.clientId);
      return row !== undefined && row.pick === one.pick && keyOfRow(row) === keyOf(one);
    };
    // A mind that was changed and changed back leaves the row as it was, written or not.
    const isBack = (one: PredictionToTake) => before.get(keyOf(one)) === one.pick;
    const doubted = wanted.filter((one) => isBack(one) || !isThere(one));
    const refusals = await refusalsOf(transaction, this.#sql.words, doubted);
    return new Map(doubted.flatMap((one, at) => {
      const refusal = refusals[at] ?? (isThere(one) ? null : NOT_YOURS);
      return refusal === null ? [] : [[keyOf(one), refusal] as const];
    }));
  }
}

/** MySQL's number; SQLite has one writer, and no one comes between. */
const DUPLICATE_KEY = 1062;

/** The column's (words.id). */
const USER_CHARS_MAX = 128;
const NO_USER = rejected(
  "notYours",
  `a fan's id has 1 to ${USER_CHARS_MAX} characters, no blank last`,
);
const NOT_YOURS = rejected("notYours", "a prediction is changed by who made it");

const keyOf = ({ match, user, market }: PredictionToTake) => JSON.stringify([match, user, market]);
const keyOfRow = (row: PredictionTable) => JSON.stringify([row.match_id, row.user_id, row.market]);

async function rowsByClient(
  transaction: Transaction<Tables>,
  clientIds: string[],
): Promise<Map<string, PredictionTable>> {
  if (clientIds.length === 0) return new Map();
  const rows = await transaction.selectFrom("prediction").selectAll()
    .where("client_id", "in", [...new Set(clientIds)]).execute();
  return new Map(rows.map((row) => [row.client_id, row]));
}

/** An id names one prediction for good: of its fan, its match and its market. */
function refuseForeign(
  predictions: PredictionToTake[],
  rows: Map<string, PredictionTable>,
): (Rejected | null)[] {
  const known = new Map(
    [...rows].map(([id, { user_id, match_id, market }]) => [
      id,
      { user: user_id, match: match_id, market },
    ]),
  );
  return predictions.map(({ clientId, user, match, market }) => {
    const named = known.get(clientId);
    if (named === undefined) known.set(clientId, { user, match, market });
    else if (named.user !== user) return NOT_YOURS;
    else if (named.match !== match || named.market !== market) {
      const reason = `a prediction keeps its match and market: it is ${named.market} of ` +
        named.match;
      return rejected("unknownMarket", reason);
    }
    // A database that pads its strings takes `bob ` for `bob`; one too long would fail the whole batch.
    return user.endsWith(" ") || user.length > USER_CHARS_MAX ? NO_USER : null;
  });
}

async function picksBefore(
  transaction: Transaction<Tables>,
  asked: PredictionToTake[],
): Promise<Map<string, string>> {
  if (asked.length === 0) return new Map();
  const fans = new Map<string, Set<string>>();
  for (const { match, user } of asked) fans.set(match, (fans.get(match) ?? new Set()).add(user));
  // Every market of theirs: a hundred whole keys cost MariaDB ten times as much to plan.
  const rows = await transaction.selectFrom("prediction").selectAll()
    .where(({ and, eb, or }) =>
      or(
        [...fans].map(([match, users]) =>
          and([eb("match_id", "=", match), eb("user_id", "in", [...users])])
        ),
      )
    ).execute();
  return new Map(rows.map((row) => [keyOfRow(row), row.pick]));
}

/** Of each key the last ask, where any of them changes anything; in one order for every batch. */
function lastChanges(
  asked: PredictionToTake[],
  before: Map<string, string>,
): Map<string, PredictionToTake> {
  const last = new Map<string, PredictionToTake>();
  for (const one of asked) {
    const key = keyOf(one);
    if (last.has(key) || before.get(key) !== one.pick) last.set(key, one);
  }
  // Two batches that meet in the same rows take their locks in the same order.
  return new Map([...last].sort(([one], [other]) => one < other ? -1 : 1));
}

/** @param now picks as they are after the asks before this one */
function outcomeOf(
  one: PredictionToTake,
  now: Map<string, string>,
  refused: Rejected | undefined,
): TakeOutcome {
  const key = keyOf(one);
  const before = now.get(key) ?? null;
  if (before === one.pick) return { outcome: "unchanged" };
  if (refused !== undefined) return refused;
  now.set(key, one.pick);
  return { outcome: "taken", before };
}

function rejected(code: Rejected["code"], reason: string): Rejected {
  return { outcome: "rejected", code, reason };
}
