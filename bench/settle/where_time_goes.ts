/**
 * Where the time of a settlement went, for people: on stderr, as none of it is a
 * figure of its own.
 *
 * Steps follow from the times that the run's own rows hold; what each process
 * worked is the kernel's word, and how long its event loop kept others waiting
 * is read from its /metrics before and after.
 */
import { availableParallelism } from "node:os";
import { printError } from "../../runtime/platform.ts";
import { coreTimes, cpuMs } from "../kernel.ts";
import type { SettleHouse } from "./settle_house.ts";

/** One of /proc/stat's units. */
const TICK_MS = 10;

export interface Moments {
  whistleAt: number;
  /** Ranks were read that are final. */
  readAt: number;
}

interface Found {
  cpu: number;
  /** Cumulative, by bucket. */
  lags: Map<string, number>;
}

export type Surroundings = Map<string, Found>;

export async function lookAround({ processes }: SettleHouse): Promise<Surroundings> {
  const found = await Promise.all(
    Object.entries(processes).map(async ([name, { pid, admin }]) => {
      const lags = admin === undefined ? new Map<string, number>() : await lagsOf(admin);
      return [name, { cpu: cpuMs(pid), lags }] as const;
    }),
  );
  const cores = Array.from({ length: availableParallelism() }, (_, core) => coreTimes(core));
  const busy = cores.reduce((sum, { all, idle }) => sum + all - idle, 0);
  return new Map([...found, ["the whole machine", { cpu: busy * TICK_MS, lags: new Map() }]]);
}

export async function tellSteps(
  house: SettleHouse,
  match: string,
  { whistleAt, readAt }: Moments,
): Promise<void> {
  const [row] = await house.ask(
    "SELECT r.created_at, r.ended_at, MIN(c.written_at) AS first, MAX(c.written_at) AS last, " +
      "MAX(c.ranked_at) AS ranked FROM settlement_run r JOIN settlement_chunk c " +
      "ON c.match_id = r.match_id AND c.run = r.run " +
      `WHERE r.match_id = '${match}' GROUP BY r.created_at, r.ended_at`,
  );
  const at = (name: string) => Number(row![name]);
  const steps: [string, number][] = [
    ["until counting", at("created_at")],
    ["counting and planning", at("first")],
    ["chunks begun", at("last")],
    ["last ones ranked", at("ranked")],
    ["verifying", at("ended_at")],
    ["ranks read", readAt],
  ];
  let since = whistleAt;
  for (const [step, until] of steps) {
    printError(`${step}: ${(until - since).toFixed(0)} ms`);
    since = until;
  }
}

export function tellWork(when: string, before: Surroundings, after: Surroundings): void {
  for (const [name, { cpu, lags }] of after) {
    const then = before.get(name)!;
    const late = [...lags].map(([le, count]) => [le, count - (then.lags.get(le) ?? 0)] as const);
    const waits = late.filter(([, count], nth) => count > (late[nth - 1]?.[1] ?? 0))
      .map(([le, count], nth, all) => `${count - (all[nth - 1]?.[1] ?? 0)} ≤ ${le} s`);
    const lag = waits.length === 0 ? "" : `; its timers were late: ${waits.join(", ")}`;
    printError(`${when}, ${name}: ${cpu - then.cpu} ms of CPU${lag}`);
  }
}

async function lagsOf(admin: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${admin}/metrics`)).text();
  const buckets = text.matchAll(
    /^golazo_eventloop_lag_seconds_bucket\{le="([^"]+)"[^}]*\} (\d+)$/gm,
  );
  return new Map([...buckets].map(([, le, count]) => [le!, Number(count)]));
}
