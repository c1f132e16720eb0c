/**
 * All fans of the storm, half at each gateway: seven in ten stay where they are,
 * three in ten are cut off and come back to the other gateway.
 *
 * Each half and kind has a process of fans of its own, so the goals of whoever
 * stayed are told apart from those of who was away.
 */
import { pause, systemClock } from "../../runtime/clock.ts";
import { type FanLog, Fans, type GoalTimes } from "../fans.ts";
import type { GoalName } from "./final_script.ts";

const SHARE_CUT = 0.3;
/** Handshakes of one process under way at a time while the stands fill. */
const FILLING_MAX = 128;
const SETTLE_MS_MAX = 10_000;

interface Block {
  fans: Fans;
  size: number;
  /** At which gateway it is now. */
  at: number;
  isCut: boolean;
}

export interface Returned {
  fans: number;
  /** Until the last was inside. */
  ms: number;
  /** Times that somebody was told to come back later, or lost a socket on the way in. */
  refused: number;
}

/** Every fan's log of the one channel, added up. */
export interface Seen {
  missed: number;
  duplicated: number;
  /** Publications parsed, volatile ones among them, by fans. */
  publicationsEach: number;
  gone: number;
  faults: number;
  snapshots: number;
}

export class Stands {
  readonly #ports: number[];
  readonly #blocks: Block[];

  constructor(ports: number[], fans: number) {
    this.#ports = ports;
    const half = Math.floor(fans / ports.length);
    const cut = Math.round(half * SHARE_CUT);
    this.#blocks = ports.flatMap((_, at) => [
      { fans: new Fans(), size: half - cut, at, isCut: false },
      { fans: new Fans(), size: cut, at, isCut: true },
    ]);
  }

  get size(): number {
    return this.#blocks.reduce((sum, { size }) => sum + size, 0);
  }

  /** Resolves when everybody follows the channel. */
  async fill(channel: string, overMs: number): Promise<void> {
    await Promise.all(this.#blocks.map(({ fans, size, at }, block) =>
      fans.follow({
        ...{ port: this.#ports[at]!, fans: size, channels: [channel], batch: true, overMs },
        ...{ source: `127.0.${block + 1}.1`, device: `storm-${block}`, underWay: FILLING_MAX },
      })
    ));
  }

  /** Resets three in ten, who come back all at once or spread over `overMs`. */
  async cut(overMs: number): Promise<Returned> {
    const beganAt = systemClock.monotonic();
    const blocks = this.#blocks.filter(({ isCut }) => isCut);
    const before = await this.#sum("refused");
    await Promise.all(blocks.map((block) => {
      block.at = (block.at + 1) % this.#ports.length;
      return block.fans.reconnect(1, this.#ports[block.at]!, { overMs, underWay: block.size });
    }));
    const ms = systemClock.monotonic() - beganAt;
    const fans = blocks.reduce((sum, { size }) => sum + size, 0);
    return { fans, ms, refused: await this.#sum("refused") - before };
  }

  /** Of all that came so far, once nothing is missing any more or the time for it is over. */
  async seen(): Promise<Seen> {
    const until = systemClock.monotonic() + SETTLE_MS_MAX;
    for (;;) {
      const logs = await Promise.all(this.#blocks.map(({ fans }) => fans.log()));
      const seen = missingAndTwice(logs, this.size);
      if (seen.behind > 0 && systemClock.monotonic() < until) {
        await pause(systemClock, 100);
        continue;
      }
      return {
        missed: seen.missed + seen.behind,
        duplicated: seen.duplicated,
        publicationsEach: await this.#sum("publications") / this.size,
        gone: await this.#sum("gone"),
        faults: await this.#sum("faults"),
        snapshots: await this.#sum("snapshots"),
      };
    }
  }

  /** How many different fans got each goal frame, the least of all goals, by all fans. */
  async reach(goals: GoalName[]): Promise<number> {
    const heard = await Promise.all(this.#blocks.map(({ fans }) => fans.goals()));
    const reached = goals.map((goal) =>
      heard.reduce((sum, list) => sum + (find(list, goal)?.fans ?? 0), 0)
    );
    return Math.min(...reached) / this.size;
  }

  /**
   * Every delivery of those goals to fans who were never cut off, in ms from when
   * its fact was written, sorted; one that never came counts as `timeOutMs`.
   */
  async latencies(goals: [GoalName, writtenAt: number][], timeOutMs: number) {
    const stayed = this.#blocks.filter(({ isCut }) => !isCut);
    const times: number[] = [];
    for (const { fans, size } of stayed) {
      const { offsetMs } = await fans.readClock();
      const heard = await fans.goals();
      for (const [goal, writtenAt] of goals) {
        const parsedAt = find(heard, goal)?.parsedAt ?? [];
        for (const at of parsedAt) times.push(at - offsetMs - writtenAt);
        for (let fan = parsedAt.length; fan < size; fan++) times.push(timeOutMs);
      }
    }
    return Float64Array.from(times).sort();
  }

  async leave(): Promise<void> {
    await Promise.all(this.#blocks.map(({ fans }) => fans.stop()));
  }

  async #sum(what: "publications" | "gone" | "faults" | "snapshots" | "refused"): Promise<number> {
    const counts = await Promise.all(this.#blocks.map(({ fans }) => fans.count()));
    return counts.reduce((sum, count) => sum + count[what], 0);
  }
}

/** `behind`: publications that somebody has and others have not yet; all follow one channel. */
export function missingAndTwice(logs: FanLog[], fans: number) {
  const channels = logs.map(({ channels }) => channels[0]!);
  const top = Math.max(...channels.map((channel) => channel.top));
  const sum = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
  return {
    missed: sum(logs.map((log) => log.missed)),
    duplicated: sum(logs.map((log) => log.duplicated)),
    behind: top * fans - sum(channels.map((channel) => channel.sum)),
  };
}

function find(goals: GoalTimes[], { kind, minute }: GoalName): GoalTimes | undefined {
  return goals.find((goal) => goal.kind === kind && goal.minute === minute);
}
