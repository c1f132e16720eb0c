/**
 * What the system gives this process, once its actors have nothing left to do and
 * what nobody needs is collected: the one measure for idle actors of every kind.
 */
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { pause, systemClock } from "../../runtime/clock.ts";
import { limits } from "../../runtime/limits.ts";

/** Whoever was woken last has written its snapshot by then. */
const QUIET_MS = limits.roomSnapshotAgeMsMax + 1_000;
const COLLECTIONS = 3;
/** A collection gives pages back behind itself. */
const BETWEEN_MS = 100;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

export async function residentBytes(): Promise<number> {
  await pause(systemClock, QUIET_MS);
  for (let round = 0; round < COLLECTIONS; round++) {
    collect();
    await pause(systemClock, BETWEEN_MS);
  }
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))!;
  return Number(kilobytes) * 1_024;
}
