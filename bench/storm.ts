/**
 * `deno task bench storm`: a final as the gateways meet it.
 *
 * A real match is told by signed webhooks to the distributed form while thousands
 * follow it: quiet goals, goals in the midst of twelve facts, reviews at which
 * three in ten are cut off and come back at once, then spread over a moment, and
 * the shootout. From the second half on a thousand people a second open the app
 * at each goal, and hostile clients are there all along. Who saw what is read
 * from each fan's own log.
 */
import { parseArgs } from "node:util";
import { BUNDLED_FOLDER, loadBundledMatches } from "../feed/bundled_match.ts";
import { matchChannel } from "../protocol/mod.ts";
import { pause, systemClock } from "../runtime/clock.ts";
import { assert, Failure } from "../runtime/failure.ts";
import { printError } from "../runtime/platform.ts";
import { systemRandom } from "../runtime/random.ts";
import { figureOf, percentile, printFigure } from "./figure.ts";
import { ColdOpens } from "./storm/cold_opens.ts";
import { FinalPlay } from "./storm/final_play.ts";
import { finalScript, PROVIDER } from "./storm/final_script.ts";
import { HostileClients } from "./storm/hostile_clients.ts";
import { Stadium } from "./storm/stadium.ts";
import { Stands } from "./storm/stands.ts";
import { feedSettings } from "./webhook_connection.ts";

const BENCH = "storm";
const MATCH = "arg-fra-2022-12-18";
const FOUR_HOURS_MS = 4 * 3_600_000;
/** A delivery that takes longer never came. */
const TIME_OUT_MS = 30_000;

interface Size {
  clients: number;
  /** In which they come in. */
  rampMs: number;
  /** Over which those come back who do not come at once. */
  jitterMs: number;
  /** Returns at half-time. */
  returns: number;
  /** From the last kick to the last look at the memory. */
  restMs: number;
}

const SIZE = { clients: 3_000, rampMs: 4_000, jitterMs: 2_000, returns: 3, restMs: 20_000 };
const FULL = { clients: 15_000, rampMs: 20_000, jitterMs: 5_000, returns: 5, restMs: 60_000 };

/** Options: `--full`, `--clients N`. */
export async function storm(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: { full: { type: "boolean", default: false }, clients: { type: "string" } },
  });
  const standard: Size = values.full ? FULL : SIZE;
  const size = { ...standard, clients: Number(values.clients ?? standard.clients) };
  assert(size.clients >= 20, "somebody is cut off at each gateway");
  const key = systemRandom.bytes(32);
  const stadium = await Stadium.open({
    GOLAZO_REPLAY_SPEED: "0",
    ...feedSettings({ name: PROVIDER, key }),
  });
  const stands = new Stands(stadium.ports, size.clients);
  const opens = new ColdOpens();
  try {
    const provider = { name: PROVIDER, key };
    const play = new FinalPlay({ match: MATCH, stadium, stands, opens, provider });
    await measure(play, { stadium, stands }, size).finally(() => play.close());
  } finally {
    await Promise.all([stands.leave(), opens.stop()]);
    await stadium.close();
  }
}

async function measure(
  play: FinalPlay,
  { stadium, stands }: { stadium: Stadium; stands: Stands },
  size: Size,
): Promise<void> {
  const match = (await loadBundledMatches(BUNDLED_FOLDER)).find(({ id }) => id === MATCH);
  assert(match !== undefined, "the final is bundled");
  const script = finalScript(match, systemClock.now() - FOUR_HOURS_MS);
  const channel = matchChannel(MATCH);
  await play.opening(script);
  await stands.fill(channel, size.rampMs);
  const hostile = new HostileClients(stadium.ports, channel);
  try {
    await play.quiet(script);
    const [bytes, builds] = [stadium.residentBytes(), await stadium.snapshotBuilds()];
    const { publicationsEach } = await stands.seen();
    const costs = await play.halfTime(size.returns);
    await play.burst(script);
    await play.storm(script.storm, 0);
    await play.storm(script.jitter, size.jitterMs);
    await play.shootout(script);
    await play.taken();
    await printFigures(play, stands);
    print("handshakes_per_s_core", "1/s", costs.map((cost) => cost.handshakesPerCpuS));
    print("redis_commands_per_return", "commands", costs.map((cost) => cost.redisEach));
    print("sql_per_return", "statements", costs.map((cost) => cost.sqlEach));
    const publications = (await stands.seen()).publicationsEach - publicationsEach;
    const builtEach = (await stadium.snapshotBuilds() - builds) / publications;
    print("snapshot_builds_per_publication", "builds", [builtEach]);
    print(
      "cold_opens_per_s",
      "1/s",
      play.opened.map(({ served, ms }) => served / ms * 1_000),
    );
    await pause(systemClock, size.restMs);
    print("rss_after_over_before", "ratio", [stadium.residentBytes() / bytes]);
    const { begun, ended } = hostile.count;
    printError(`hostile connections: ${begun} begun, ${ended} ended`);
  } finally {
    hostile.leave();
  }
}

async function printFigures(play: FinalPlay, stands: Stands): Promise<void> {
  const { missed, duplicated, gone, faults, snapshots } = await stands.seen();
  if (gone > 0 || faults > 0) {
    const found = `${gone} who stayed lost their socket, ${faults} frames were not understood`;
    throw new Failure("fansLost", `Cannot count what ${stands.size} fans saw: ${found}`);
  }
  printError(`${snapshots} snapshots for ${stands.size} fans`);
  const goals = Object.values(play.goals).flat().map(([goal]) => goal);
  print("reach", "share", [await stands.reach(goals)]);
  print("missed", "publications", [missed]);
  print("duplicated", "publications", [duplicated]);
  for (const weather of ["quiet", "burst", "storm"] as const) {
    const times = await stands.latencies(play.goals[weather], TIME_OUT_MS);
    print(`goal_p99_ms_${weather}`, "ms", [percentile(times, 99)]);
    const at = [50, 90, 100].map((percent) =>
      `p${percent} ${percentile(times, percent).toFixed(1)} ms`
    );
    printError(`${play.goals[weather].length} goals, ${weather}: ${at.join(", ")}`);
  }
  const slowest = Math.max(...play.returned.map(({ ms }) => ms));
  print("last_recovered_s", "s", [slowest / 1_000]);
}

function print(metric: string, unit: string, values: number[]): void {
  printFigure(figureOf(BENCH, metric, unit, values));
}
