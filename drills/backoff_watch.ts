/**
 * How long a supervisor waits before it starts a child again, seen from outside
 * at `/api/ops/supervisors`.
 *
 * The moment of a crash is only known to lie between two looks, so a delay is
 * known as a range; a server that waits as it promises (200 ms, doubling, each
 * give or take a fifth) overlaps it.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { AdminDesk } from "./admin_desk.ts";

export interface Backoff {
  restartAt: number;
  delayMin: number;
  delayMax: number;
}

const LOOK_EVERY_MS = 20;
const FIRST_DELAY_MS = 200;
const SPREAD = 0.2;

/** Every wait of the child until `isOver`, in order. */
export async function watchBackoff(
  desk: AdminDesk,
  childId: string,
  isOver: () => boolean,
): Promise<Backoff[]> {
  const backoffs: Backoff[] = [];
  let lookedAt = Date.now();
  while (!isOver()) {
    const askedAt = Date.now();
    const lines = (await desk.supervisors()).flatMap(({ children = [] }) => children);
    const restartAt = lines.find(({ id }) => id === childId)?.restartAt ?? null;
    if (restartAt !== null && restartAt !== backoffs.at(-1)?.restartAt) {
      const range = { delayMin: restartAt - Date.now(), delayMax: restartAt - lookedAt };
      backoffs.push({ restartAt, ...range });
    }
    lookedAt = askedAt;
    await pause(LOOK_EVERY_MS);
  }
  return backoffs;
}

/** What is wrong with the delay before restart number `at + 1`; empty: nothing. */
export function delayProblem({ delayMin, delayMax }: Backoff, at: number): string[] {
  const steady = FIRST_DELAY_MS * 2 ** at;
  const isPromised = delayMax >= steady * (1 - SPREAD) && delayMin <= steady * (1 + SPREAD);
  if (isPromised) return [];
  return [`the wait before restart ${at + 1} was ${delayMin} to ${delayMax} ms, not ${steady}`];
}
