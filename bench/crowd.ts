/**
 * `deno task bench crowd`: very many fans at once, and a goal to all of them.
 *
 * Each has a socket of its own, says Hello, follows two matches and answers a
 * ping before anything is measured. As a process may hold 20,000 descriptors
 * here, 18,000 sockets make a group: a gateway process and a process of fans,
 * who come from a loopback address of their own. The goals enter by the broker,
 * as an owner's do; at the second one fan in a hundred has just been cut off and
 * comes back to another gateway with its positions.
 */
import { parseArgs } from "node:util";
import { pause, systemClock } from "../runtime/clock.ts";
import { assert, Failure } from "../runtime/failure.ts";
import { printError } from "../runtime/platform.ts";
import { Fans } from "./fans.ts";
import { figureOf, percentile, printFigure } from "./figure.ts";
import { startDurableRedis, startGateway } from "./gateway_process.ts";
import { kernelSocketBytes, residentBytes } from "./kernel.ts";
import { MatchOwner, type OwnedMatch } from "./match_owner.ts";
import type { ServerProcess } from "./server_process.ts";

const BENCH = "crowd";
const CONNECTIONS = 20_000;
const CONNECTIONS_FULL = 180_000;
const GROUP_MAX = 18_000;
/** Handshakes of one group under way at a time. */
const ENTERING_MAX = 128;
/** A ping comes within 25 s, twice over on a machine that is busy. */
const PING_MS_MAX = 60_000;
/** A goal that takes longer never came. */
const TIME_OUT_MS = 30_000;
/** One in so many is cut off. */
const CUT_OFF_EVERY = 100;
const CUT_OFF_MS = 5;

interface Group {
  gateway: ServerProcess;
  fans: Fans;
  size: number;
  /** Of its gateway, without a socket. */
  emptyBytes: number;
}

interface Goal {
  /** Share of the fans who got it. */
  reach: number;
  /** Sorted, in ms; of who did not get it the time-out. */
  times: Float64Array;
}

/** Options: `--full`, `--connections N`. */
export async function crowd(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: { full: { type: "boolean", default: false }, connections: { type: "string" } },
  });
  const connections = Number(
    values.connections ?? (values.full ? CONNECTIONS_FULL : CONNECTIONS),
  );
  assert(connections >= 1, "a crowd is somebody");
  const redis = await startDurableRedis();
  const groups: Group[] = [];
  try {
    const owner = await MatchOwner.open(redis.url);
    for (let left = connections; left > 0; left -= GROUP_MAX) {
      groups.push(await openGroup(redis.url, Math.min(left, GROUP_MAX)));
    }
    await measure(groups, owner, connections);
  } finally {
    await Promise.all(groups.map(({ fans }) => fans.stop()));
    await Promise.all(groups.map(({ gateway }) => gateway.stop()));
    await redis.stop();
  }
}

async function openGroup(redisUrl: string, size: number): Promise<Group> {
  const gateway = await startGateway(redisUrl);
  return { gateway, fans: new Fans(), size, emptyBytes: residentBytes(gateway.pid) };
}

async function measure(groups: Group[], owner: MatchOwner, connections: number): Promise<void> {
  const print = (metric: string, unit: string, value: number) =>
    printFigure(figureOf(BENCH, metric, unit, [value]));
  const followed = owner.matches.slice(0, 2);
  const kernelBefore = kernelSocketBytes();
  const connectsPerS = await enter(groups, followed, connections);
  await everybodyAnswersAPing(groups, connections);
  const kernelBytes = kernelSocketBytes() - kernelBefore;
  const [{ gateway, size, emptyBytes }] = groups as [Group];
  const bytes = residentBytes(gateway.pid) - emptyBytes;

  const quiet = await goal(groups, connections, 77, async (minute) => {
    await owner.publish(followed[0]!, [goalAt(minute)]);
  });
  const returning = await goal(groups, connections, 78, async (minute) => {
    const back = groups.map(({ fans }, at) => {
      return fans.reconnect(CUT_OFF_EVERY, groups[(at + 1) % groups.length]!.gateway.port);
    });
    const published = pause(systemClock, CUT_OFF_MS)
      .then(() => owner.publish(followed[0]!, [goalAt(minute)]));
    await Promise.all([...back, published]);
  });
  await nobodyWasLost(groups, connections);

  const times = Float64Array.from([...quiet.times, ...returning.times]).sort();
  print("connections", "sockets", connections);
  print("bytes_per_connection", "B", bytes / size);
  print("kernel_bytes_per_connection", "B", kernelBytes / connections);
  print("reach", "share", Math.min(quiet.reach, returning.reach));
  for (const percent of [50, 99]) print(`spread_p${percent}_ms`, "ms", percentile(times, percent));
  print("spread_max_ms", "ms", times.at(-1)!);
  print("connects_per_s", "1/s", connectsPerS);
}

async function enter(
  groups: Group[],
  followed: OwnedMatch[],
  connections: number,
): Promise<number> {
  const channels = followed.map(({ channel }) => channel);
  const beganAt = systemClock.monotonic();
  const entered = await Promise.all(groups.map(({ fans, gateway, size }, at) =>
    fans.follow({
      ...{ port: gateway.port, fans: size, channels, batch: true, underWay: ENTERING_MAX },
      ...{ source: `127.0.${at + 1}.1`, device: `crowd-${at}` },
    })
  ));
  const seconds = (systemClock.monotonic() - beganAt) / 1_000;
  const refused = entered.reduce((sum, { refused }) => sum + refused, 0);
  printError(
    `${connections} sockets in ${seconds.toFixed(1)} s at ${groups.length} gateways; ` +
      `told ${refused} times to come back later`,
  );
  return connections / seconds;
}

async function everybodyAnswersAPing(groups: Group[], connections: number): Promise<void> {
  const until = systemClock.monotonic() + PING_MS_MAX;
  for (;;) {
    const answered = await sumOf(groups, "answered");
    if (answered === connections) return;
    if (systemClock.monotonic() > until) {
      const reason = `Cannot go on: of ${connections} fans ${answered} were pinged and answered`;
      throw new Failure("pingMissing", reason);
    }
    await pause(systemClock, 500);
  }
}

async function goal(
  groups: Group[],
  connections: number,
  minute: number,
  tell: (minute: number) => Promise<void>,
): Promise<Goal> {
  const clocks: number[] = [];
  for (const { fans } of groups) clocks.push((await fans.readClock()).offsetMs);
  await Promise.all(groups.map(({ fans }) => fans.reset()));
  const arriving = groups.map(({ fans, size }) => fans.arrived(size, TIME_OUT_MS));
  const publishedAt = systemClock.monotonic();
  await Promise.all([tell(minute), ...arriving]);
  const times = new Float64Array(connections).fill(TIME_OUT_MS);
  let reached = 0;
  let deliveries = 0;
  for (const [at, { fans }] of groups.entries()) {
    const found = (await fans.goals()).find((other) => other.minute === minute);
    for (const parsedAt of found?.parsedAt ?? []) {
      times[deliveries++] = parsedAt - clocks[at]! - publishedAt;
    }
    reached += found?.fans ?? 0;
  }
  if (deliveries > reached) {
    const reason = `the goal of minute ${minute} came ${deliveries} times to ${reached} fans`;
    throw new Failure("goalTwice", `Cannot count who was reached: ${reason}`);
  }
  times.sort();
  const at = (percent: number) => `p${percent} ${percentile(times, percent).toFixed(0)} ms`;
  printError(`a goal reached ${reached} of ${connections}: ${at(50)}, ${at(99)}, ${at(100)}`);
  return { reach: reached / connections, times };
}

async function nobodyWasLost(groups: Group[], connections: number): Promise<void> {
  const [inside, faults, gone] = [
    await sumOf(groups, "inside"),
    await sumOf(groups, "faults"),
    await sumOf(groups, "gone"),
  ];
  if (inside === connections && faults === 0 && gone === 0) return;
  const found = `${inside} inside, ${gone} lost their socket, ${faults} frames were not understood`;
  throw new Failure("fansLost", `Cannot count ${connections} connections: ${found}`);
}

async function sumOf(groups: Group[], what: "answered" | "inside" | "faults" | "gone") {
  const counts = await Promise.all(groups.map(({ fans }) => fans.count()));
  return counts.reduce((sum, count) => sum + count[what], 0);
}

function goalAt(minute: number) {
  const score = { home: minute, away: 0 };
  return { kind: "goal", what: "scored", side: "home", ...score, minute, stoppage: 0 } as const;
}
