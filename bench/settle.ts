/**
 * `deno task bench settle [--full | --users N] [--sqlite N]`: a match that many
 * predicted is over.
 *
 * From the final whistle until a client outside reads the final ranks, on the
 * boards of the match, its competition and everybody; beside the least chunked
 * SQL that leaves the same point rows, on the same server right after it. All the
 * while others predict, ranks are read, and another match has goals for a
 * thousand subscribers.
 */
import { parseArgs } from "node:util";
import { tokenSettings } from "../drills/fan_token.ts";
import { matchChannel } from "../protocol/mod.ts";
import { pause, systemClock } from "../runtime/clock.ts";
import { assert } from "../runtime/failure.ts";
import { printError } from "../runtime/platform.ts";
import { systemRandom } from "../runtime/random.ts";
import { Fans } from "./fans.ts";
import { figureOf, percentile, printFigure } from "./figure.ts";
import { settleBarely } from "./settle/bare_sql.ts";
import { Meanwhile, type MeanwhileTimes } from "./settle/meanwhile.ts";
import { predictionInserts, type SettleCrowd, settleCrowd, userOf } from "./settle/settle_crowd.ts";
import { openCluster, openEmbedded, type SettleHouse } from "./settle/settle_house.ts";
import { lookAround, tellSteps, tellWork } from "./settle/where_time_goes.ts";
import { feedSettings, WebhookConnection } from "./webhook_connection.ts";

const BENCH = "settle";
const PROVIDER = "acme";
const SEED = 2022;
const MATCH = "settled";
const HOUR_MS = 3_600_000;
const SUBSCRIBERS = 1_000;
/** So long everything else goes on before it counts, and then in the quiet before the final whistle. */
const WARM_MS = 5_000;
const QUIET_MS = 3_000;
const SETTLE_MS_MAX = 600_000;
/** Fans whose rank is read by the client outside, and held against a count. */
const SAMPLE = 200;

/** Options: `--full`, `--users N`, `--sqlite N`. */
export async function settle(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: {
      full: { type: "boolean", default: false },
      users: { type: "string" },
      sqlite: { type: "string" },
    },
  });
  const users = Number(values.sqlite ?? values.users ?? (values.full ? 1_000_000 : 100_000));
  assert(users >= SAMPLE, `--users and --sqlite need ${SAMPLE} and more`);
  const key = systemRandom.bytes(32);
  const settings = {
    ...tokenSettings,
    GOLAZO_REPLAY_SPEED: "0",
    GOLAZO_SETTLEMENT_HOLD_MS: "0",
    ...feedSettings({ name: PROVIDER, key }),
  };
  const house = await (values.sqlite === undefined ? openCluster : openEmbedded)(settings);
  const fans = new Fans();
  try {
    const crowd = settleCrowd(users, SEED);
    const openFeed = () => WebhookConnection.open(house.port, { name: PROVIDER, key });
    const kickoffAt = systemClock.now() - 3 * HOUR_MS;
    await fill(house, openFeed, crowd, kickoffAt);
    // The one before was idle for so long that the server has closed it.
    const feed = await openFeed();
    await measure(house, feed, fans, crowd, kickoffAt);
    feed.close();
  } finally {
    await fans.stop();
    await house.close();
  }
}

/** Everybody has predicted the match, which is long under way. */
async function fill(
  house: SettleHouse,
  openFeed: () => Promise<WebhookConnection>,
  crowd: SettleCrowd,
  kickoffAt: number,
): Promise<void> {
  const feed = await openFeed();
  await post(feed, MATCH, [fixture(kickoffAt)]);
  feed.close();
  let rows = 0;
  for (const text of predictionInserts(MATCH, crowd.picks, kickoffAt - HOUR_MS)) {
    await house.ask(text);
    if (++rows % 20 === 0) printError(`${rows * 5_000} predictions`);
  }
}

async function measure(
  house: SettleHouse,
  feed: WebhookConnection,
  fans: Fans,
  crowd: SettleCrowd,
  kickoffAt: number,
): Promise<void> {
  const meanwhile = new Meanwhile(house, feed, fans, userOf);
  await meanwhile.prepare(SUBSCRIBERS, matchChannel);
  const [beforeWhistle, whistle] = play(kickoffAt);
  await post(feed, MATCH, beforeWhistle);
  await pause(systemClock, 3_000);
  meanwhile.begin();
  // Code that has never run is slow; what is measured is a server that is at work.
  await pause(systemClock, WARM_MS);
  meanwhile.count();
  const quietly = await lookAround(house);
  await pause(systemClock, QUIET_MS);
  const before = await lookAround(house);
  tellWork(`${QUIET_MS} ms of quiet`, quietly, before);
  meanwhile.count();
  const [whistleAt, beganAt] = [systemClock.now(), systemClock.monotonic()];
  await post(feed, MATCH, [whistle]);
  await readFinalRanks(house, crowd);
  const settleS = (systemClock.monotonic() - beganAt) / 1_000;
  const moments = { whistleAt, readAt: systemClock.now() };
  const after = await lookAround(house);
  const { quiet, during } = await meanwhile.end();
  const { chunkP99Ms, chunkMaxMs } = await chunkTimes(house.admin);
  const bareS = await settleBarely(house.ask, MATCH, house.chunkRows, house.copy);
  await assertSameRows(house);
  await tellSteps(house, MATCH, moments);
  tellWork("meanwhile", before, after);
  const print = (metric: string, unit: string, value: number) =>
    printFigure(figureOf(BENCH, metric, unit, [value]));
  print("users", "users", crowd.picks.length);
  print("settle_s", "s", settleS);
  print("bare_sql_s", "s", bareS);
  print("ratio_to_bare_sql", "ratio", settleS / bareS);
  print("chunk_p99_ms", "ms", chunkP99Ms);
  print("chunk_max_ms", "ms", chunkMaxMs);
  const p99 = (values: number[]) => percentile(values.toSorted((a, b) => a - b), 99);
  for (const [metric, values] of Object.entries(during)) {
    const before = p99(quiet[metric as keyof MeanwhileTimes]);
    printError(`${metric}: ${before.toFixed(1)} in the quiet; of ${values.length} samples then:`);
    print(`${metric}_during`, "ms", p99(values));
  }
}

/** By HTTP, from outside: the settlement says that it is over, and ranks are those of a count. */
async function readFinalRanks({ port }: SettleHouse, crowd: SettleCrowd): Promise<void> {
  const base = `http://127.0.0.1:${port}/api`;
  const endsAt = systemClock.monotonic() + SETTLE_MS_MAX;
  const step = Math.floor(crowd.picks.length / SAMPLE);
  const sample = Array.from({ length: SAMPLE }, (_, at) => at * step);
  const isFinal = async (board: string) => {
    const users = sample.map(userOf).join(",");
    const reply = await fetch(`${base}/leaderboards/${board}?users=${users}`);
    if (!reply.ok) return false;
    const { standings }: { standings: { rank: number | null; points: number | null }[] } =
      await reply.json();
    return standings.every(({ rank, points }, at) => {
      const worth = crowd.points[sample[at]!]!;
      return (points ?? 0) === worth && (worth === 0 || rank === crowd.ranks.get(worth));
    });
  };
  for (let told = ""; systemClock.monotonic() < endsAt; await pause(systemClock, 50)) {
    const reply = await fetch(`${base}/matches/${MATCH}/settlement`);
    const { phase, committed, chunks, ranked } = await reply.json();
    const line = `${phase} ${committed}/${chunks}, ${ranked} ranked`;
    if (line !== told && reply.ok) printError(line);
    told = line;
    if (phase !== "settled") continue;
    const boards = [MATCH, "competition_Bench", "global"];
    if ((await Promise.all(boards.map(isFinal))).every(Boolean)) return;
  }
  throw new Error("no final ranks were read in time");
}

/** From the histogram of who settles, by Prometheus' own interpolation; the greatest by its bucket. */
async function chunkTimes(admin: string): Promise<{ chunkP99Ms: number; chunkMaxMs: number }> {
  const text = await (await fetch(`${admin}/metrics`)).text();
  const buckets = [...text.matchAll(
    /^golazo_hop_seconds_bucket\{le="([\d.]+)",hop="settle_chunk"[^}]*\} (\d+)$/gm,
  )].map(([, le, count]) => ({ le: Number(le) * 1_000, count: Number(count) }));
  const total = buckets.at(-1)?.count ?? 0;
  assert(total > 0, "who settles counted its chunks");
  const valueAt = (rank: number) => {
    const at = buckets.findIndex(({ count }) => count >= rank);
    const [below, inIt] = [buckets[at - 1] ?? { le: 0, count: 0 }, buckets[at]!];
    const share = (rank - below.count) / Math.max(1, inIt.count - below.count);
    return below.le + share * (inIt.le - below.le);
  };
  return {
    chunkP99Ms: valueAt(0.99 * total),
    chunkMaxMs: buckets.find(({ count }) => count >= total)!.le,
  };
}

async function assertSameRows({ ask }: SettleHouse): Promise<void> {
  const sum = async (table: string) =>
    JSON.stringify(
      await ask(
        `SELECT COUNT(*) AS entries, SUM(points) AS points FROM ${table} ` +
          `WHERE match_id = '${MATCH}'`,
      ),
    );
  const [ours, bare] = [await sum("point_entry"), await sum("bare_entry")];
  assert(ours === bare, `both leave the same rows: found ${ours} and ${bare}`);
}

async function post(feed: WebhookConnection, match: string, facts: object[]): Promise<void> {
  const id = `${match}-${(facts[0] as { id: string }).id}`;
  const { status, body } = await feed.post(id, { match, facts }).reply;
  assert(status === 200, `facts are taken: found ${status} ${body}`);
}

function fixture(kickoffAt: number) {
  return {
    ...{ id: "fixture", revision: 1, occurredAt: kickoffAt - HOUR_MS, type: "match.scheduled" },
    ...{ competition: "Bench", stage: "", kickoffAt, format: { kind: "league" } },
    ...{ home: { id: "home", name: "Home" }, away: { id: "away", name: "Away" } },
  };
}

/** A 2-1, and its final whistle. */
function play(kickoffAt: number): [object[], object] {
  const fact = (id: string, minutes: number, type: string, fields: object) => (
    { id, revision: 1, occurredAt: kickoffAt + minutes * 60_000, type, ...fields }
  );
  const goal = (side: string, period: string, minute: number) =>
    fact(`goal-${minute}`, minute, "goal.scored", { side, method: "open", period, minute });
  return [[
    fact("start-1", 0, "period.started", { period: "firstHalf" }),
    goal("home", "firstHalf", 20),
    fact("end-1", 46, "period.ended", { period: "firstHalf" }),
    fact("start-2", 62, "period.started", { period: "secondHalf" }),
    goal("away", "secondHalf", 60),
    goal("home", "secondHalf", 80),
  ], fact("end-2", 108, "period.ended", { period: "secondHalf" })];
}
