/**
 * `deno task bench fanout`: one publication of 64 bytes to 10,000 subscribers,
 * again and again, beside everybody who could write the same.
 *
 * Servers on one core, all load on the other, in turn: A B C D E A B C D E … A
 * delivery counts once it has been parsed; the time runs from publishing to the
 * last of them. A turn in which the load's core had no tenth of its time left
 * says more about the load than about the server, so it is taken again.
 */
import { parseArgs } from "node:util";
import { systemClock } from "../runtime/clock.ts";
import { assert, Failure } from "../runtime/failure.ts";
import { printError } from "../runtime/platform.ts";
import {
  bun,
  c,
  type Contestant,
  type ContestantName,
  golazo,
  LOAD_CORE,
  MESSAGE_BYTES,
  socketio,
  wsLoop,
} from "./fanout/contestant.ts";
import { figureOf, median, printFigure } from "./figure.ts";
import { coreTimes, cpuMs, idleSince, pinOurselves } from "./kernel.ts";

const BENCH = "fanout";
const SUBSCRIBERS = 10_000;
const TICK = 8;
const IDLE_MIN = 0.1;
const ATTEMPTS_MAX = 6;
const ROUND_MS_MAX = 30_000;

/** Rounds of one turn. */
interface Rounds {
  single: number;
  /** Of `TICK` publications each. */
  tick: number;
}

interface TurnOptions {
  subscribers: number;
  rounds: number;
  /** At once. */
  publications: number;
  /** The fans' clock minus ours. */
  offsetMs: number;
}

interface Turn {
  deliveriesPerS: number;
  cpuUsEach: number;
  /** From publishing to parsed, the 99th of a hundred deliveries. */
  p99Ms: number;
}

type Run = Map<ContestantName, { single: Turn; tick: Turn }>;

/** Options: `--full`, `--runs N`, `--subscribers N`. */
export async function fanout(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: {
      full: { type: "boolean", default: false },
      runs: { type: "string" },
      subscribers: { type: "string" },
    },
  });
  const subscribers = Number(values.subscribers ?? SUBSCRIBERS);
  const rounds = values.full ? { single: 32, tick: 8 } : { single: 6, tick: 1 };
  const count = Number(values.runs ?? (values.full ? 9 : 3));
  assert(count >= 1 && subscribers >= 1, "there is at least one run and one subscriber");
  // Before anything is started, so that it is inherited.
  pinOurselves(LOAD_CORE);
  const contestants: Contestant[] = [];
  try {
    for (const open of [golazo, c, wsLoop, socketio, bun]) {
      const contestant = await open(subscribers);
      if (contestant === null) {
        printError("skipped: Bun cannot be had (npx -y bun), so no ratio_to_bun");
      } else contestants.push(contestant);
    }
    const runs: Run[] = [];
    // The first is for the compilers on all sides.
    for (let run = 0; run <= count; run++) {
      const found: Run = new Map();
      for (const contestant of contestants) {
        found.set(contestant.name, await take(contestant, subscribers, rounds));
      }
      tell(run, found);
      if (run > 0) runs.push(found);
    }
    printFigures(runs, subscribers);
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.stop()));
  }
}

async function take(contestant: Contestant, subscribers: number, rounds: Rounds) {
  const { offsetMs } = await contestant.fans.readClock();
  const turns = (rounds: number, publications: number) =>
    valid(contestant, () => turn(contestant, { subscribers, rounds, publications, offsetMs }));
  return {
    single: await turns(rounds.single, 1),
    tick: await turns(rounds.tick, TICK),
  };
}

/** The first turn that left the load's core a tenth of its time. */
async function valid({ name, fans }: Contestant, turn: () => Promise<Turn>): Promise<Turn> {
  let found = "";
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const [core, fansCpu, beganAt] = [
      coreTimes(LOAD_CORE),
      cpuMs(fans.pid),
      systemClock.monotonic(),
    ];
    const taken = await turn();
    const idle = idleSince(LOAD_CORE, core);
    if (idle >= IDLE_MIN) return taken;
    const fansShare = (cpuMs(fans.pid) - fansCpu) / (systemClock.monotonic() - beganAt);
    found = `idle for ${percent(idle)}, the fans had ${percent(fansShare)}`;
    printError(`a turn of ${name} does not count: the load's core was ${found}`);
  }
  const reason = `Cannot count a turn of ${name}: the load's core must be idle for ` +
    `${percent(IDLE_MIN)} at least; in the last of ${ATTEMPTS_MAX} it was ${found}`;
  throw new Failure("loadTooBusy", reason);
}

async function turn(
  { name, pid, fans, publish }: Contestant,
  { subscribers, rounds, publications, offsetMs }: TurnOptions,
): Promise<Turn> {
  const cpu = cpuMs(pid);
  const deliveries = subscribers * publications;
  let tookMs = 0;
  const p99s: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await fans.reset();
    const arriving = fans.arrived(deliveries, ROUND_MS_MAX);
    const publishedAt = systemClock.monotonic() + offsetMs;
    const [arrived] = await Promise.all([arriving, publish(publications)]);
    if (arrived.publications !== deliveries) {
      const found = `${arrived.publications} of ${deliveries} deliveries`;
      throw new Failure("deliveriesLost", `Cannot measure ${name}: ${found} came`);
    }
    tookMs += arrived.lastAt - publishedAt;
    p99s.push(arrived.p99At - publishedAt);
  }
  return {
    deliveriesPerS: rounds * deliveries / tookMs * 1_000,
    cpuUsEach: (cpuMs(pid) - cpu) * 1_000 / (rounds * deliveries),
    p99Ms: median(p99s.sort((a, b) => a - b)),
  };
}

function printFigures(runs: Run[], subscribers: number): void {
  const print = (metric: string, unit: string, of: (run: Run) => number) =>
    printFigure(figureOf(BENCH, metric, unit, runs.map(of)));
  const names = [...runs[0]!.keys()];
  const peers = names.filter((name) => name !== "golazo");
  const single = (run: Run, name: ContestantName) => run.get(name)!.single;
  const publicationsPerS = (run: Run, name: ContestantName) =>
    run.get(name)!.tick.deliveriesPerS / subscribers;
  for (const name of names) {
    print(`${name}_per_s`, "1/s", (run) => single(run, name).deliveriesPerS);
  }
  for (const name of peers) {
    print(
      `ratio_to_${name}`,
      "ratio",
      (run) => single(run, "golazo").deliveriesPerS / single(run, name).deliveriesPerS,
    );
  }
  print("cpu_us_per_delivery", "us", (run) => single(run, "golazo").cpuUsEach);
  print("publications_per_s_tick8", "1/s", (run) => publicationsPerS(run, "golazo"));
  print(
    "ratio_to_best_peer_tick8",
    "ratio",
    (run) =>
      publicationsPerS(run, "golazo") /
      Math.max(...peers.map((name) => publicationsPerS(run, name))),
  );
  print("spread_p99_ms", "ms", (run) => single(run, "golazo").p99Ms);
}

function tell(run: number, found: Run): void {
  const words = [...found].map(([name, { single, tick }]) => {
    const rate = ({ deliveriesPerS, cpuUsEach }: Turn) =>
      `${Math.round(deliveriesPerS)} (${cpuUsEach.toFixed(1)} us)`;
    return `${name} ${rate(single)}, in eights ${rate(tick)}`;
  });
  printError(`run ${run}, deliveries/s (CPU each) of ${MESSAGE_BYTES} bytes: ${words.join("; ")}`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
