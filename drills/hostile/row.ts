/**
 * One attack of the table, and the runner that holds the server to it.
 */
import { type Counter, type Target } from "./target.ts";
import { until } from "../until.ts";

export interface HostileRow {
  name: string;
  /**
   * Exactly what the attacker sees: `http 431`, `close 1009`, `end` where the
   * connection just ends, `refused` where there is none, `served` where it is
   * left in peace.
   */
  outcome: string;
  /** From its first byte until then. */
  withinMs: number;
  /** What has grown by at least `times` (once, unless told otherwise). */
  counter: Counter | null;
  times?: number;
  /** The server is gone afterwards: nothing is counted or weighed. */
  isLast?: true;
  /** By how much the server's memory may have grown. */
  memoryMb: number;
  /** Answers what it saw; it undoes nothing, and leaves no socket open. */
  attack(target: Target): Promise<string>;
}

/** Prometheus is read when asked, a close is counted when the socket is gone. */
const COUNTED_MS_MAX = 12_000;
const MB = 1024 * 1024;

/** What was wrong, one sentence each; none: the server held. */
export async function runHostileRow(row: HostileRow, target: Target): Promise<string[]> {
  const { counter, times = 1 } = row;
  const faults: string[] = [];
  const memoryBefore = await target.memoryBytes();
  const countedBefore = counter === null ? 0 : await target.count(counter);
  const startedAt = performance.now();
  const seen = await row.attack(target).catch((error) => `${error.message}`);
  const tookMs = Math.round(performance.now() - startedAt);
  if (seen !== row.outcome) faults.push(`${row.name}: needed ${row.outcome}, found ${seen}`);
  if (tookMs > row.withinMs) {
    faults.push(`${row.name}: needed within ${row.withinMs} ms, took ${tookMs}`);
  }
  if (row.isLast) return faults;
  if (counter !== null) {
    const name = JSON.stringify(counter);
    const isCounted = async () => await target.count(counter) >= countedBefore + times;
    await until(`${name} counts ${times} more`, isCounted, COUNTED_MS_MAX)
      .catch((error) => faults.push(`${row.name}: ${error.message}`));
  }
  const grownMb = Math.round((await target.memoryBytes() - memoryBefore) / MB);
  if (grownMb > row.memoryMb) {
    faults.push(`${row.name}: memory grew by ${grownMb} MB, at most ${row.memoryMb} were allowed`);
  }
  return faults;
}
