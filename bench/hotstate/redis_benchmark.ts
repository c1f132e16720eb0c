/**
 * The peer: Redis's own load generator, written in C, that knows nothing of
 * fences and sends 64 commands at a time on each of 50 connections.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Failure } from "../../runtime/failure.ts";

const BINARY = "redis-benchmark";
const MS_MAX = 60_000;

/** SETs of `bytes` each over `keys` keys, per second. @throws {Failure} `benchmarkFailed`. */
export async function setsPerSecond(
  port: number,
  { bytes, keys, count }: { bytes: number; keys: number; count: number },
): Promise<number> {
  const words = `-h 127.0.0.1 -p ${port} -P 64 -t set -d ${bytes} -r ${keys} -n ${count} --csv`;
  const { stdout } = await promisify(execFile)(BINARY, words.split(" "), { timeout: MS_MAX });
  const [, rate] = /^"SET","([\d.]+)"/m.exec(stdout) ?? [];
  if (rate === undefined) {
    throw new Failure("benchmarkFailed", `Cannot read what ${BINARY} found: ${stdout}`);
  }
  return Number(rate);
}
