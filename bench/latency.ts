/**
 * `deno task bench latency`: from the first byte of a provider's webhook to the
 * goal frame parsed at a subscriber.
 *
 * A fresh server each time, by its normal command, every commit durable; the
 * provider and the fans are processes of their own. Once with one subscriber,
 * once with 1,000 who all follow every match. Every delivery counts: there is
 * no warm-up, and one that never came counts as the time-out. Share cards of all
 * the matches are painted meanwhile, unless `--cards off` says what they cost.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { matchChannel } from "../protocol/mod.ts";
import { pause, systemClock } from "../runtime/clock.ts";
import { assert, Failure } from "../runtime/failure.ts";
import { printError } from "../runtime/platform.ts";
import { systemRandom } from "../runtime/random.ts";
import { Fans, type GoalTimes } from "./fans.ts";
import { figureOf, percentile, printFigure } from "./figure.ts";
import { goalKey, matchId, PROVIDER } from "./latency/goal_script.ts";
import type { OpenArgument, PlayArgument, Posted } from "./latency/goal_source.ts";
import { type ClockReading, LoadProcess } from "./load_process.ts";
import { startServer } from "./server_process.ts";
import { feedSettings } from "./webhook_connection.ts";

const BENCH = "latency";
/** Handshakes under way at a time. */
const ENTERING_MAX = 50;
/** A delivery that takes longer never came. */
const TIME_OUT_MS = 5_000;
/** `--full`: so many times the matches. */
const FULL = 5;

interface Form {
  subscribers: number;
  /** Each has 50 goals, 45 of which are annulled: 95 goal frames to everybody. */
  matches: number;
  gapMsMin: number;
  gapMsMax: number;
}

const FORMS: Form[] = [
  // 950 goals, 12 s.
  { subscribers: 1, matches: 10, gapMsMin: 8, gapMsMax: 16 },
  // 570 goals and their lines: 29 s x 40,000 deliveries.
  { subscribers: 1_000, matches: 6, gapMsMin: 35, gapMsMax: 65 },
];

interface Outcome {
  goals: number;
  lost: number;
  /** Share cards that were painted meanwhile, each in two shapes. */
  cards: number;
  /** Sorted, in ms. */
  latencies: Float64Array;
}

/** Options: `--full`, `--runs N`, `--cards off`. */
export async function latency(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: {
      full: { type: "boolean", default: false },
      runs: { type: "string" },
      cards: { type: "string", default: "on" },
    },
  });
  const times = values.full ? FULL : 1;
  const runs = Number(values.runs ?? (values.full ? 3 : 1));
  if (!Number.isInteger(runs) || runs < 1) {
    throw new Failure("badOption", `--runs needs a whole number from 1, found ${values.runs}`);
  }
  const outcomes: Outcome[][] = FORMS.map(() => []);
  for (let run = 1; run <= runs; run++) {
    for (const [index, form] of FORMS.entries()) {
      outcomes[index]!.push(
        await measure({ ...form, matches: form.matches * times }, values.cards),
      );
    }
  }
  for (const [index, { subscribers }] of FORMS.entries()) {
    for (const percent of [50, 99]) {
      const values = outcomes[index]!.map(({ latencies }) => percentile(latencies, percent));
      printFigure(figureOf(BENCH, `p${percent}_ms_${subscribers}`, "ms", values));
    }
  }
  const sums = (of: (outcome: Outcome) => number) =>
    outcomes[0]!.map((_, run) => outcomes.reduce((sum, form) => sum + of(form[run]!), 0));
  printFigure(figureOf(BENCH, "goals", "goals", sums(({ goals }) => goals)));
  printFigure(figureOf(BENCH, "lost", "deliveries", sums(({ lost }) => lost)));
  printFigure(figureOf(BENCH, "cards", "cards", sums(({ cards }) => cards)));
}

async function measure(form: Form, cards: string): Promise<Outcome> {
  const key = systemRandom.bytes(32);
  const server = await startServer({
    ...feedSettings({ name: PROVIDER, key }),
    GOLAZO_CARDS: cards,
  });
  const source = new LoadProcess(
    "the provider",
    new URL("latency/goal_source.ts", import.meta.url),
  );
  const fans = new Fans();
  try {
    const { port } = server;
    const { subscribers, matches, gapMsMin, gapMsMax } = form;
    const feed = { port, key: Buffer.from(key).toString("base64") };
    const open: OpenArgument = { ...feed, matches };
    const goals = await source.ask<number>("open", open);
    const channels = Array.from({ length: matches }, (_, match) => matchChannel(matchId(match)));
    await fans.follow({ port, fans: subscribers, channels, underWay: ENTERING_MAX });
    const before = await clockBetween(source, fans);
    const play: PlayArgument = { ...feed, gapMsMin, gapMsMax };
    const playMsMax = 2 * goals * gapMsMax + 60_000;
    const posted = await source.ask<Posted>("play", play, playMsMax);
    assert(posted.length === goals, "every goal of the script was posted");
    await allArrived(fans, goals * subscribers);
    const after = await clockBetween(source, fans);
    const parsed = await fans.goals();
    const latencies = latenciesOf(posted, parsed, before.offsetMs, subscribers);
    const outcome = { goals, ...latencies, cards: paintedIn(server.folder) };
    assert(cards === "off" || outcome.cards >= matches, "every match's card was painted meanwhile");
    tell(form, outcome, before, after);
    return outcome;
  } finally {
    await Promise.all([source.stop(), fans.stop()]);
    await server.stop();
  }
}

/** What is replaced stays for ten minutes, so the folder has all of them. */
function paintedIn(folder: string): number {
  const cards = join(folder, "cards");
  if (!existsSync(cards)) return 0;
  return readdirSync(cards).filter((name) => /\.square\..*\.png$/.test(name)).length;
}

/** The fans' clock minus the provider's. */
async function clockBetween(source: LoadProcess, fans: LoadProcess): Promise<ClockReading> {
  const [theirs, ours] = [await fans.readClock(), await source.readClock()];
  return { offsetMs: theirs.offsetMs - ours.offsetMs, errorMs: theirs.errorMs + ours.errorMs };
}

async function allArrived(fans: Fans, deliveries: number): Promise<void> {
  const until = systemClock.monotonic() + TIME_OUT_MS;
  while (systemClock.monotonic() < until) {
    if ((await fans.count()).goals >= deliveries) return;
    await pause(systemClock, 100);
  }
}

function latenciesOf(
  posted: Posted,
  parsed: GoalTimes[],
  offsetMs: number,
  subscribers: number,
): { lost: number; latencies: Float64Array } {
  const arrivals = new Map(parsed.map((goal) => [goalKey(goal.channel, goal), goal.parsedAt]));
  const latencies = new Float64Array(posted.length * subscribers).fill(TIME_OUT_MS);
  let lost = 0;
  for (const [goal, [key, writtenAt]] of posted.entries()) {
    const times = arrivals.get(key) ?? [];
    if (times.length > subscribers) {
      throw new Failure(
        "goalTwice",
        `the goal ${key} came ${times.length} times to ${subscribers}`,
      );
    }
    for (const [index, parsedAt] of times.entries()) {
      const ms = parsedAt - offsetMs - writtenAt;
      latencies[goal * subscribers + index] = Math.min(ms, TIME_OUT_MS);
    }
    lost += subscribers - times.length;
  }
  return { lost, latencies: latencies.sort() };
}

function tell(
  { subscribers }: Form,
  { goals, lost, cards, latencies }: Outcome,
  before: ClockReading,
  after: ClockReading,
): void {
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  const at = [50, 90, 99, 99.9, 100].map((percent) =>
    `p${percent} ${ms(percentile(latencies, percent))}`
  );
  const drift = Math.abs(after.offsetMs - before.offsetMs);
  printError(
    `${subscribers} subscribers, ${goals} goals, ${lost} lost, ${cards} cards painted: ` +
      `${at.join(", ")}; ` +
      `clocks agree within ${ms(before.errorMs)}, drifted ${ms(drift)}`,
  );
}
