/**
 * `predict`: the rush before kick-off, over real sockets at two gateways that
 * have no SQL, one owner, Redis, and a MariaDB that flushes each commit.
 *
 * Predictions come at a steady rate; a part of them is of a match that locks in
 * the midst of it. What was acknowledged is looked up in SQL by a connection of
 * its own: `lost` had no row, `after_lock` have one that is too late. The same
 * rows are then written by one multi-row INSERT on the same server.
 */
import { parseArgs } from "node:util";
import { tokenSettings } from "../drills/fan_token.ts";
import { systemClock } from "../runtime/clock.ts";
import { assert, Failure } from "../runtime/failure.ts";
import { printError } from "../runtime/platform.ts";
import { systemRandom } from "../runtime/random.ts";
import { figureOf, percentile, printFigure } from "./figure.ts";
import { cpuMs } from "./kernel.ts";
import { LoadProcess } from "./load_process.ts";
import type { Crowd, Play, Played } from "./predict/predicting_fans.ts";
import { Stadium } from "./storm/stadium.ts";
import { feedSettings, WebhookConnection } from "./webhook_connection.ts";

const BENCH = "predict";
const PROVIDER = "acme";
const HOUR_MS = 3_600_000;
const MARKETS = {
  finalScore: Array.from({ length: 36 }, (_, at) => `${at % 6}-${Math.floor(at / 6)}`),
  possession: Array.from({ length: 41 }, (_, at) => `${30 + at}`),
  matchWinner: ["home", "draw", "away"],
  firstScorer: ["none"],
};
const LOCKING = "locking";
/** Everything has run once before it is measured. */
const WARM_FANS_SHARE = 0.5;

/** Options: `--fans N`, `--rate N` a second, `--seconds N`. */
export async function predict(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: {
      fans: { type: "string", default: "2000" },
      rate: { type: "string", default: "3300" },
      seconds: { type: "string", default: "8" },
    },
  });
  const [fans, rate, seconds] = [values.fans, values.rate, values.seconds].map(Number);
  assert(fans! > 0 && rate! > 0 && seconds! > 0, "--fans, --rate and --seconds are above zero");
  const key = systemRandom.bytes(32);
  const stadium = await Stadium.open({
    ...tokenSettings,
    GOLAZO_REPLAY_SPEED: "0",
    ...feedSettings({ name: PROVIDER, key }),
  });
  const load = new LoadProcess(
    "predicting fans",
    new URL("./predict/predicting_fans.ts", import.meta.url),
  );
  try {
    const feed = await WebhookConnection.open(stadium.ports[0]!, { name: PROVIDER, key });
    await measure(stadium, load, feed, { fans: fans!, rate: rate!, count: rate! * seconds! });
    feed.close();
  } finally {
    await load.stop();
    await stadium.close();
  }
}

async function measure(
  stadium: Stadium,
  load: LoadProcess,
  feed: WebhookConnection,
  { fans, rate, count }: { fans: number; rate: number; count: number },
): Promise<void> {
  const crowd: Crowd = { ports: stadium.ports, fans };
  await load.ask("enter", crowd, 60_000);
  const perMatch = fans * Object.keys(MARKETS).length;
  const matches = Array.from({ length: Math.ceil(count / perMatch) }, (_, at) => `open-${at + 1}`);
  const now = systemClock.now();
  for (const match of ["warm", ...matches]) await schedule(feed, match, now + HOUR_MS);
  const play = (part: Partial<Play>) =>
    load.ask<Played>(
      "play",
      { matches, markets: MARKETS, perSecond: rate, count, ...part },
      90_000,
    );
  await play({ matches: ["warm"], count: Math.ceil(fans * WARM_FANS_SHARE) });
  const [gateways, before] = [stadium.cpuMs(), stadium.backstageCpuMs()];
  const loadBefore = cpuMs(load.pid);
  const open = await play({});
  const after = stadium.backstageCpuMs();
  const usEach = (ms: number) => `${(ms * 1_000 / open.taken.length).toFixed(0)} us`;
  printError(
    `CPU of each: gateways ${usEach(stadium.cpuMs() - gateways)}, owner ` +
      `${usEach(after.owner - before.owner)}, MariaDB ${usEach(after.mariadb - before.mariadb)}, ` +
      `the fans ${usEach(cpuMs(load.pid) - loadBefore)}`,
  );
  const lockingCount = Math.min(perMatch, rate);
  // It locks when half of its predictions have come.
  await schedule(feed, LOCKING, systemClock.now() + lockingCount / rate * 500);
  const locking = await play({ matches: [LOCKING], count: lockingCount });
  printError(
    `refused: ${JSON.stringify({ ...open.refused, ...locking.refused })}, told to come again: ` +
      `${open.busy + locking.busy}; at the lock ${locking.taken.length} of ${lockingCount} taken`,
  );
  const perSecond = open.taken.length / open.tookMs * 1_000;
  print("accepted_per_s", "1/s", perSecond);
  print("ack_p99_ms", "ms", percentile(open.ackMs.toSorted((a, b) => a - b), 99));
  await compare(stadium, [...open.taken, ...locking.taken], perSecond);
}

/** By a connection of its own: what is missing, what is too late, and the same rows at once. */
async function compare(stadium: Stadium, taken: string[], perSecond: number): Promise<void> {
  const rows = await stadium.sql<Record<string, string | number>>(
    "select * from golazo.prediction",
  );
  const found = new Set(rows.map((row) => row.client_id));
  print("lost", "predictions", taken.filter((id) => !found.has(id)).length);
  const [late] = await stadium.sql<{ count: number }>(
    "select count(*) as count from golazo.prediction join golazo.fixture using (match_id) " +
      "where accepted_at >= lock_at",
  );
  print("after_lock", "predictions", late!.count);
  await stadium.sql("create table golazo.prediction_copy like golazo.prediction");
  // No text of ours has a quote in it.
  const values = rows.map((row) => `(${Object.values(row).map((one) => `'${one}'`)})`);
  const insert = `insert into golazo.prediction_copy (${Object.keys(rows[0]!)}) values ${values}`;
  const beganAt = systemClock.monotonic();
  await stadium.sql(insert);
  const insertedPerS = values.length / (systemClock.monotonic() - beganAt) * 1_000;
  printError(`one INSERT wrote ${values.length} rows at ${Math.round(insertedPerS)}/s`);
  print("ratio_to_multi_row_insert", "ratio", perSecond / insertedPerS);
}

async function schedule(feed: WebhookConnection, match: string, kickoffAt: number): Promise<void> {
  const fixture = {
    ...{ id: "fixture", revision: 1, occurredAt: systemClock.now(), type: "match.scheduled" },
    ...{ competition: "Bench League", stage: "", kickoffAt, format: { kind: "league" } },
    ...{ home: { id: "home", name: "Home" }, away: { id: "away", name: "Away" } },
  };
  const { status, body } = await feed.post(`${match}-fixture`, { match, facts: [fixture] }).reply;
  if (status !== 200) throw new Failure("notScheduled", `Cannot schedule ${match}: found ${body}`);
}

function print(metric: string, unit: string, value: number): void {
  printFigure(figureOf(BENCH, metric, unit, [value]));
}
