/**
 * What the kernel counts of processes, cores and sockets, read from /proc.
 *
 * Its own accounting is steadier than any clock of ours on a machine that others
 * use too.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";

/** One of /proc/stat's units. */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

/** User and system time of all threads so far. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // What stands in brackets may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Memory that the kernel counts as the process's. */
export function residentBytes(pid: number): number {
  const [, pages] = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ");
  return Number(pages) * PAGE_BYTES;
}

export interface CoreTimes {
  idle: number;
  all: number;
}

export function coreTimes(core: number): CoreTimes {
  const line = readFileSync("/proc/stat", "utf8").split("\n")
    .find((line) => line.startsWith(`cpu${core} `))!;
  const [user, nice, system, idle, waiting, ...others] = line.split(/\s+/).slice(1, 9).map(Number);
  const busy = [user!, nice!, system!, ...others].reduce((sum, time) => sum + time, 0);
  return { idle: idle! + waiting!, all: busy + idle! + waiting! };
}

/** Between 0 and 1: how much of the time since then the core did nothing. */
export function idleSince(core: number, then: CoreTimes): number {
  const now = coreTimes(core);
  return (now.idle - then.idle) / Math.max(1, now.all - then.all);
}

/** Slab caches and buffers of sockets: what the kernel itself needs for them. */
export function kernelSocketBytes(): number {
  const slab = /^Slab:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"))!;
  const buffers = /^TCP: .* mem (\d+)$/m.exec(readFileSync("/proc/net/sockstat", "utf8"))!;
  return Number(slab[1]) * 1_024 + Number(buffers[1]) * PAGE_BYTES;
}

/** This process, and what it starts from now on, runs there alone. */
export function pinOurselves(core: number): void {
  execFileSync("taskset", ["-a", "-c", "-p", `${core}`, `${process.pid}`], { stdio: "ignore" });
}
