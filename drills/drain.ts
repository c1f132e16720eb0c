/**
 * The drill of the farewell: SIGTERM of a gateway with a crowd on its sockets
 * while goals are scored, as every deployment does.
 *
 * Held is that its readiness is false at once, that it takes no newcomer any more
 * when the first fan hears Goodbye, that the farewell comes in five slices at
 * least, with codes that say "come back" and times to return that are spread,
 * that the process ends with 0, and that every fan goes on at the other gateway
 * where it was: whoever missed a publication or heard one twice is for the
 * history checker, which has the log of each of them.
 */
import { createConnection } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { closeCode } from "../protocol/close_code.ts";
import type { Member } from "./cluster_group.ts";
import { ClusterSeason } from "./cluster_season.ts";
import type { Drill, RunReport } from "./drill_run.ts";
import type { Matchday } from "./matchday.ts";
import { Subscriber } from "./subscriber.ts";
import { until } from "./until.ts";

const CROWD = 240;
/** Ten facts a second are told to everybody: 6,000 deliveries a second. */
const FACT_EVERY_MS = 100;
const RESEND_MS = 20_000;
const PLAY_MS = 1_000;
const LOOK_EVERY_MS = 10;
const UNREADY_MS_MAX = 1_000;
const SLICES_MIN = 5;
/** Slices are 750 ms apart; within one everybody is told at once. */
const SLICE_GAP_MS = 250;
/** Times to return are spread over five seconds: of each second at least so many, where a fifth is due. */
const SPREAD_MS = 5_000;
const SPREAD_SHARE_MIN = 0.08;
const EXIT_MS_MAX = 10_000;
const BACK_MS_MAX = 20_000;

export class DrainDrill implements Drill {
  readonly name = "drain";
  readonly form = "cluster";
  readonly faults = ["drains", "farewells", "goals_meanwhile", "recovered"];
  #season: ClusterSeason | null = null;

  async run(seed: number, run: number): Promise<RunReport> {
    const season = this.#season ??= await ClusterSeason.start(seed);
    return await drainOnce(season, await season.day(run), run);
  }

  async end(): Promise<RunReport> {
    const season = this.#season!;
    this.#season = null;
    return await season.end();
  }
}

async function drainOnce(
  { cluster }: ClusterSeason,
  day: Matchday,
  run: number,
): Promise<RunReport> {
  const gateways = cluster.of("gateway");
  const [leaving, staying] = run % 2 === 1 ? gateways : gateways.toReversed();
  let isLeaving = false;
  const address = () => (isLeaving ? staying! : leaving!).server.address;
  const channels = day.ids.map((id) => `match:${id}`);
  const crowd = Array.from(
    { length: CROWD },
    (_, at) => new Subscriber({ name: `crowd-${at + 1}`, address, channels }),
  );
  // Of this day: they are checked and closed with its other fans.
  day.fans.push(...crowd);
  const isThere = () => crowd.every(({ isSubscribed }) => isSubscribed);
  await until("the crowd is there", isThere, BACK_MS_MAX);
  const play = setInterval(() => void day.tell(day.ids, { resendForMs: RESEND_MS }), FACT_EVERY_MS);
  try {
    await pause(PLAY_MS);
    const door = watchDoor(crowd, leaving!);
    isLeaving = true;
    const toldAt = performance.now();
    leaving!.server.kill("SIGTERM");
    const unreadyMs = await unready(leaving!, toldAt);
    const exit = await Promise.race([leaving!.server.exited, pause(EXIT_MS_MAX, null)]);
    const exitMs = performance.now() - toldAt;
    const isBack = () => crowd.every((fan) => fan.sockets > 1 && fan.isSubscribed);
    await until("the whole crowd is back", isBack, BACK_MS_MAX).catch(() => {});
    const backMs = performance.now() - toldAt;
    await pause(PLAY_MS);
    await cluster.startAgain(leaving!);
    const farewells = crowd.flatMap((fan) => farewellOf(fan, toldAt));
    const tellingMs = Math.max(...farewells.map(({ atMs }) => atMs));
    return {
      violations: [
        ...(unreadyMs <= UNREADY_MS_MAX ? [] : [`it was ready for ${unreadyMs} ms more`]),
        ...(await door ? [] : ["it took a newcomer after the first Goodbye"]),
        ...(exit?.code === 0 ? [] : [`it ended with ${JSON.stringify(exit)}`]),
        ...farewellProblems(farewells),
        ...crowd.flatMap((fan) => returnProblems(fan)),
      ],
      times: {
        unready_ms: Math.round(unreadyMs),
        telling_ms: Math.round(tellingMs),
        exit_ms: Math.round(exitMs),
        back_ms: Math.round(backMs),
      },
      counts: {
        drains: 1,
        farewells: farewells.length,
        slices: slicesOf(farewells),
        goals_meanwhile: goalsHeard(crowd[0]!, toldAt, toldAt + backMs),
      },
      notes: { leaving: leaving!.name },
    };
  } finally {
    clearInterval(play);
    await day.source.settled();
  }
}

/** Milliseconds until readiness is not "ok" any more; the admin's door is the last that closes. */
async function unready({ server }: Member, since: number): Promise<number> {
  const deadline = since + EXIT_MS_MAX;
  while (performance.now() < deadline) {
    const status = await fetch(`${server.adminAddress}/readyz`).then(async (reply) => {
      await reply.body?.cancel();
      return reply.status;
    }, () => 0);
    if (status === 503) return performance.now() - since;
    await pause(LOOK_EVERY_MS);
  }
  return Infinity;
}

/** Whether a newcomer is refused from the first Goodbye on. */
function watchDoor(crowd: Subscriber[], { server }: Member): Promise<boolean> {
  const port = Number(new URL(server.address).port);
  return new Promise((resolve) => {
    const forget = crowd.map((fan) =>
      fan.onFrame(({ frame: { goodbye } }) => {
        if (!goodbye) return;
        for (const stop of forget) stop();
        const socket = createConnection(port, "127.0.0.1");
        socket.once("connect", () => (socket.destroy(), resolve(false)));
        socket.once("error", () => resolve(true));
      })
    );
  });
}

interface Farewell {
  atMs: number;
  code: number;
  retryAfterMs: number;
}

function farewellOf(fan: Subscriber, since: number): Farewell[] {
  return fan.log.flatMap(({ at, frame: { goodbye } }) =>
    goodbye && at >= since ? [{ ...goodbye, atMs: at - since }] : []
  );
}

function farewellProblems(farewells: Farewell[]): string[] {
  const slices = slicesOf(farewells);
  const codes = new Set(farewells.map(({ code }) => code));
  const due = farewells.length / 5;
  const perSecond = [0, 1, 2, 3, 4].map((second) =>
    farewells.filter(({ retryAfterMs }) => Math.min(4, Math.floor(retryAfterMs / 1_000)) === second)
      .length
  );
  const isSpread = perSecond.every((count) => count >= farewells.length * SPREAD_SHARE_MIN) &&
    farewells.every(({ retryAfterMs }) => retryAfterMs <= SPREAD_MS);
  return [
    ...(farewells.length === CROWD ? [] : [`${farewells.length} of ${CROWD} heard Goodbye`]),
    ...(slices >= SLICES_MIN ? [] : [`the farewell came in ${slices} slices`]),
    ...([...codes].every((code) => code >= 4000 && code <= 4499)
      ? []
      : [`codes were ${[...codes]}`]),
    ...(isSpread
      ? []
      : [`times to return were ${perSecond} by second: needed ${due} or so of each`]),
  ];
}

function slicesOf(farewells: Farewell[]): number {
  const times = farewells.map(({ atMs }) => atMs).toSorted((a, b) => a - b);
  return times.filter((at, index) => at - (times[index - 1] ?? -Infinity) > SLICE_GAP_MS).length;
}

/** It came back once, to where it was. */
function returnProblems({ name, closeCodes, log, sockets }: Subscriber): string[] {
  const subscribed = log.flatMap(({ socket, frame }) =>
    socket > 1 && frame.subscribed ? [frame.subscribed] : []
  );
  const anew = subscribed.filter(({ recovered }) => !recovered).length;
  return [
    ...(`${closeCodes}` === `${closeCode.draining}` ? [] : [`${name} was closed: ${closeCodes}`]),
    ...(sockets === 2 ? [] : [`${name} needed ${sockets} sockets`]),
    ...(anew === 0 ? [] : [`${name} was not where it was in ${anew} channels`]),
  ];
}

function goalsHeard({ log }: Subscriber, from: number, to: number): number {
  const live =
    log.filter(({ at, frame: { publication } }) => publication?.goal && at >= from && at <= to)
      .length;
  const recovered = log.flatMap(({ at, frame: { subscribed } }) =>
    at >= from && at <= to ? subscribed?.publications ?? [] : []
  );
  return live + recovered.filter(({ goal }) => goal).length;
}
