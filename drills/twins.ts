/**
 * The drill of the twins: both Hellos of one instance within a millisecond at
 * two gateways, with Redis as it should be and with Redis stalled for 3 s.
 *
 * Held is that exactly one of them stays, that the other is closed with a final
 * code and is the one with the lower attempt where they differ, that a stalled
 * Redis keeps nobody waiting for Welcome, and that two tabs of a device both
 * live while the oldest of six does not.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { RunningRedis } from "../db/redis/redis_test_kit.ts";
import { Fan } from "../gateway/testing/fan.ts";
import { closeCode } from "../protocol/close_code.ts";
import { ClusterGroup, startDurableRedis } from "./cluster_group.ts";
import type { Drill, RunReport } from "./drill_run.ts";
import { until } from "./until.ts";

const PAIRS = 20;
/** By turns the same attempt, a lower one first, a lower one second. */
const ATTEMPTS = [[1, 1], [1, 2], [2, 1]] as const;
const APART_MS_MAX = 1;
const STALLED_MS = 3_000;
const WELCOME_MS_MAX = 1_000;
const SETTLED_MS_MAX = 5_000;
/** The store is asked again each second, over a connection that is made anew. */
const RECONCILED_MS_MAX = 10_000;
/** Whoever else would have to go is gone by then. */
const REST_MS = 500;
const TABS = 6;

interface Twins {
  name: string;
  fans: Fan[];
  attempts: readonly number[];
  /** Between their Hellos. */
  apartMs: number;
}

interface Stage {
  redis: RunningRedis;
  cluster: ClusterGroup;
  ports: number[];
}

export class TwinsDrill implements Drill {
  readonly name = "twins";
  readonly form = "cluster";
  readonly faults = ["twins", "twins_while_stalled", "tabs"];
  #stage: Stage | null = null;

  async run(_seed: number, run: number): Promise<RunReport> {
    const stage = this.#stage ??= await setUp();
    const awake = await meetAwake(stage, `${run}-awake`);
    const stalled = await meetStalled(stage, `${run}-stalled`);
    const tabs = await openTabs(stage, `${run}-tabs`);
    return {
      violations: [...awake.violations, ...stalled.violations, ...tabs.violations],
      times: {
        settled_ms: awake.settledMs,
        welcome_ms: stalled.welcomeMs,
        reconciled_ms: stalled.settledMs,
      },
      counts: { twins: awake.met, twins_while_stalled: stalled.met, tabs: tabs.opened },
      notes: {},
    };
  }

  async end(): Promise<RunReport> {
    const { cluster } = this.#stage!;
    this.#stage = null;
    try {
      return { violations: await cluster.stopAll(), times: {}, counts: {}, notes: {} };
    } finally {
      await cluster.end();
    }
  }
}

async function setUp(): Promise<Stage> {
  const redis = await startDurableRedis();
  const cluster = await ClusterGroup.start(
    { GOLAZO_REPLAY_SPEED: "0" },
    undefined,
    () => Promise.resolve(redis),
  );
  const ports = cluster.of("gateway").map(({ server }) => Number(new URL(server.address).port));
  return { redis, cluster, ports };
}

async function meetAwake({ ports }: Stage, name: string) {
  const pairs: Twins[] = [];
  while (pairs.length < PAIRS) {
    const twins = await connect(ports, `${name}-${pairs.length}`, ATTEMPTS[pairs.length % 3]!);
    if (greet(twins) <= APART_MS_MAX) pairs.push(twins);
    else leave([twins]);
  }
  const settledMs = await settled(pairs, SETTLED_MS_MAX);
  return { violations: await judge(pairs), settledMs, met: pairs.length };
}

async function meetStalled({ redis, ports }: Stage, name: string) {
  const all = await Promise.all(
    Array.from({ length: PAIRS }, (_, at) => connect(ports, `${name}-${at}`, ATTEMPTS[at % 3]!)),
  );
  redis.server.freeze();
  const frozenAt = performance.now();
  let pairs: Twins[];
  let welcomeMs: number;
  try {
    pairs = all.filter((twins) => greet(twins) <= APART_MS_MAX);
    leave(all.filter((twins) => !pairs.includes(twins)));
    const isWelcome = () => pairs.every(({ fans }) => fans.every((fan) => isWelcomed(fan)));
    await until("every twin is welcome", isWelcome, STALLED_MS).catch(() => {});
    welcomeMs = Math.round(performance.now() - frozenAt);
    await pause(frozenAt + STALLED_MS - performance.now());
  } finally {
    redis.server.thaw();
  }
  const late = welcomeMs > WELCOME_MS_MAX ? [`a twin waited for Redis: ${welcomeMs} ms`] : [];
  const settledMs = await settled(pairs, RECONCILED_MS_MAX);
  return { violations: [...late, ...await judge(pairs)], welcomeMs, settledMs, met: pairs.length };
}

async function openTabs({ ports }: Stage, deviceId: string) {
  const tabs: Fan[] = [];
  for (let at = 0; at < TABS; at++) {
    // In order of their gateways' clocks too, which are one here.
    await pause(5);
    const hello = { deviceId, instanceId: `tab-${at}`, attempt: 1 };
    tabs.push(await Fan.enter(ports[at % ports.length]!, hello));
  }
  await until("the oldest tab is closed", () => tabs[0]!.closedWith !== null, SETTLED_MS_MAX)
    .catch(() => {});
  await pause(REST_MS);
  const found = tabs.map(({ closedWith }) => closedWith?.code ?? "open");
  const expected = tabs.map((_, at) => at === 0 ? closeCode.tooManyInstances : "open");
  for (const { socket } of tabs) socket.terminate();
  const isRight = `${found}` === `${expected}`;
  return {
    violations: isRight ? [] : [`tabs of ${deviceId} were ${found}: needed ${expected}`],
    opened: tabs.length,
  };
}

async function connect(
  ports: number[],
  name: string,
  attempts: readonly number[],
): Promise<Twins> {
  const fans = await Promise.all(ports.map((port) => Fan.connect(port)));
  return { name, fans, attempts, apartMs: Infinity };
}

/** Answers how far their Hellos were apart. */
function greet(twins: Twins): number {
  const [first, second] = twins.fans.map((fan, at) => {
    const attempt = twins.attempts[at]!;
    fan.send({ hello: { deviceId: twins.name, instanceId: "tab", attempt } });
    return performance.now();
  });
  return twins.apartMs = second! - first!;
}

/** How long it took until one of each pair was closed, as far as that came to be. */
async function settled(pairs: Twins[], msMax: number): Promise<number> {
  const from = performance.now();
  const isSettled = () => pairs.every(({ fans }) => fans.some(({ closedWith }) => closedWith));
  await until("one of each pair is closed", isSettled, msMax).catch(() => {});
  return Math.round(performance.now() - from);
}

/** Who stayed answers, and nobody else stayed. */
async function judge(pairs: Twins[]): Promise<string[]> {
  await pause(REST_MS);
  const verdicts = await Promise.all(pairs.map(async ({ name, fans, attempts }) => {
    const stayed = fans.filter(({ closedWith }) => closedWith === null);
    const codes = fans.map(({ closedWith }) => closedWith?.code ?? "open");
    if (stayed.length !== 1) return [`of the twins ${name} ${stayed.length} stayed: ${codes}`];
    if (!codes.includes(closeCode.replaced)) return [`a twin of ${name} was closed with ${codes}`];
    const [winner] = stayed as [Fan];
    if (attempts[fans.indexOf(winner)] !== Math.max(...attempts)) {
      return [`of the twins ${name} the lower attempt stayed: ${attempts}`];
    }
    winner.send({ subscribe: { id: 1, channel: "match:nobody-plays-it" } });
    const isAnswered = await winner.next("reply").then(() => true, () => false);
    return isAnswered ? [] : [`the twin of ${name} that stayed does not answer`];
  }));
  leave(pairs);
  return verdicts.flat();
}

function isWelcomed(fan: Fan): boolean {
  return fan.all("welcome").length > 0;
}

function leave(pairs: Twins[]): void {
  for (const { fans } of pairs) for (const { socket } of fans) socket.terminate();
}
