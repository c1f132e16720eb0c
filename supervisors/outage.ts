/**
 * Tells a store that is away from everything else that can go wrong.
 *
 * It comes back by itself, so whoever needs it waits: no start fails for good
 * and no match is parked for it. What no waiting cures (a wrong password, old
 * tables, a bug) is none.
 */
import { Failure } from "../runtime/failure.ts";
import type { Exit } from "./child_spec.ts";

const AWAY = new Set(["storeUnavailable", "storeBusy"]);

/** The store's own word for it; null for every other reason to fail. */
export function outageOf(error: unknown): Failure | null {
  return error instanceof Failure && error.retryable && AWAY.has(error.code) ? error : null;
}

/** Whether a child ended for nothing but a store that is away, or full until somebody makes room. */
export function isForOutage(exit: Exit): boolean {
  if (exit.kind !== "crash" || !(exit.cause instanceof Failure)) return false;
  return outageOf(exit.cause) !== null || exit.cause.code === "storeFull";
}
