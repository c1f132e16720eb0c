/**
 * The one statement that writes predictions, and why it left some of them out.
 *
 * Its condition is the lock: the match is scheduled and will be played, the
 * market was not taken out, and by the database's clock it is not too late. An
 * index of client ids that another row holds changes nothing: a row is only ever
 * changed by the same fan, for the same market.
 */
import { sql, type Transaction } from "kysely";
import type { PredictionToTake, TakeOutcome } from "../../actors/ports/predictions.ts";
import { isLate } from "../../actors/prediction/predictable_match.ts";
import type { DialectWords } from "./dialect_words.ts";
import type { Tables } from "./sql_database.ts";
import type { FixtureStatus } from "./tables/fixture.ts";
import type { PredictionTable } from "./tables/prediction.ts";

type Rejected = Extract<TakeOutcome, { outcome: "rejected" }>;
type AskedRow = Omit<PredictionTable, "accepted_at">;

/** It will not be played, or not any more. */
const OFF: readonly FixtureStatus[] = ["abandoned", "cancelled", "awarded"];
const KEY = ["match_id", "user_id", "market"] as const;

/** @param wanted one at most of each fan, match and market */
export async function writeWhereOpen(
  transaction: Transaction<Tables>,
  words: DialectWords,
  wanted: PredictionToTake[],
): Promise<void> {
  if (wanted.length === 0) return;
  const open = transaction.selectFrom(askedRows(wanted))
    .innerJoin("fixture", "fixture.match_id", "asked.match_id")
    .leftJoin("market_void", (join) =>
      join.onRef("market_void.match_id", "=", "asked.match_id")
        .onRef("market_void.market", "=", "asked.market"))
    .select([
      "asked.match_id",
      "asked.user_id",
      "asked.market",
      "asked.pick",
      "asked.client_id",
      sql<number>`${words.now}`.as("accepted_at"),
    ])
    .where("fixture.lock_at", ">", words.now)
    .where("fixture.status", "not in", OFF)
    .where("market_void.market", "is", null);
  const insert = transaction.insertInto("prediction")
    .columns([...KEY, "pick", "client_id", "accepted_at"]).expression(open);
  await words.upsert(insert, [...KEY], {
    pick: ofSameFan(words, "pick"),
    accepted_at: ofSameFan(words, "accepted_at"),
    client_id: ofSameFan(words, "client_id"),
  }).execute();
}

/** Why each of these is not written now; null where it would be. */
export async function refusalsOf(
  transaction: Transaction<Tables>,
  words: DialectWords,
  asked: PredictionToTake[],
): Promise<(Rejected | null)[]> {
  if (asked.length === 0) return [];
  const matches = [...new Set(asked.map(({ match }) => match))];
  const fixtures = await transaction.selectFrom("fixture")
    .select(["match_id", "lock_at", "status", sql<number>`${words.now}`.as("now")])
    .where("match_id", "in", matches).execute();
  const voids = await transaction.selectFrom("market_void").select(["match_id", "market"])
    .where("match_id", "in", matches).execute();
  return asked.map(({ match, market }) => {
    const fixture = fixtures.find(({ match_id }) => match_id === match);
    if (fixture === undefined) {
      return rejected("unknownMatch", "the match must be scheduled first");
    }
    if (OFF.includes(fixture.status)) {
      return rejected("matchVoid", "the match will not be played to its end");
    }
    if (isLate(fixture.now, fixture.lock_at)) {
      const at = new Date(fixture.lock_at).toISOString();
      return rejected("locked", `predictions closed at ${at}`);
    }
    return voids.some((one) => one.match_id === match && one.market === market)
      ? rejected("marketVoid", `${market} was taken out`)
      : null;
  });
}

/** What is asked, as a table; every database has this way of writing one. */
function askedRows(wanted: PredictionToTake[]) {
  const rows = wanted.map(({ match, user, market, pick, clientId }) =>
    sql`select ${match} as match_id, ${user} as user_id, ${market} as market, ${pick} as pick, ${clientId} as client_id`
  );
  return sql<AskedRow>`(${sql.join(rows, sql` union all `)})`.as("asked");
}

/** MySQL comes here for any unique key, so for another fan's row too: that one stays as it is. */
function ofSameFan(words: DialectWords, column: "pick" | "accepted_at" | "client_id") {
  const isSame = sql.join(
    KEY.map((key) => sql`${sql.ref(`prediction.${key}`)} = ${words.proposed(key)}`),
    sql` and `,
  );
  return sql<never>`case when ${isSame} then ${words.proposed(column)} else ${
    sql.ref(`prediction.${column}`)
  } end`;
}

function rejected(code: Rejected["code"], reason: string): Rejected {
  return { outcome: "rejected", code, reason };
}
