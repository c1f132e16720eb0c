/**
 * A start that waits for its stores.
 *
 * Whoever starts a whole installation at once cannot say what comes up first,
 * so an address that does not answer is tried again, a little later each time,
 * for a minute; an admin listener tells meanwhile what is waited for. What no
 * waiting cures (a wrong password, a port that is taken, old tables) ends the
 * start at once.
 */
import { type Clock, systemClock } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { jitter, type Random, systemRandom } from "../runtime/random.ts";
import type { BusinessLog } from "./business_log.ts";
import type { Config } from "./config.ts";
import { type Golazo, listenerUrl, startGolazo } from "./golazo.ts";
import { outageOf } from "./outage.ts";
import { WaitingDesk } from "./waiting_desk.ts";

export interface PatientStartOptions {
  config: Config;
  clock?: Clock;
  random?: Random;
  log: Pick<BusinessLog, "say">;
  write(line: string): void;
  /** Calls the start off. */
  signal: AbortSignal;
  patienceMs?: number;
}

/**
 * @throws {Failure} what the last try failed with: of a store that stayed away,
 * past all patience, or at once of everything else.
 */
export async function startPatiently(options: PatientStartOptions): Promise<Golazo> {
  const { clock = systemClock, random = systemRandom, log, signal } = options;
  const { patienceMs = limits.startPatienceMs } = options;
  const giveUpAt = clock.monotonic() + patienceMs;
  const desk = new WaitingDesk(options.config.adminListen, clock);
  try {
    for (let attempt = 0;; attempt++) {
      await desk.open();
      const config = { ...options.config, adminListen: desk.address };
      try {
        return await startGolazo({ ...options, config, makeRoom: () => desk.close() });
      } catch (error) {
        const failure = silentStore(error);
        const leftMs = giveUpAt - clock.monotonic();
        if (failure === null || signal.aborted) throw error;
        if (leftMs <= 0) throw inVain(failure, patienceMs);
        if (failure.message !== desk.reason) {
          desk.reason = failure.message;
          const admin = listenerUrl(desk.address);
          log.say("warn", "start.waits", { reason: failure.message, admin });
        }
        await desk.open();
        await pauseUnless(signal, clock, Math.min(leftMs, retryMs(attempt, random)));
      }
    }
  } finally {
    await desk.close();
  }
}

/** The store that may answer yet; null for every other reason not to start. */
function silentStore(error: unknown): Failure | null {
  const failure = error instanceof Failure && error.code === "childNotStarted"
    ? error.cause
    : error;
  return outageOf(failure);
}

function inVain(failure: Failure, patienceMs: number): Failure {
  const waited = `Cannot start after ${patienceMs / 1000} s of waiting: ${failure.message}`;
  return new Failure(failure.code, waited, { retryable: true, cause: failure });
}

function retryMs(attempt: number, random: Random): number {
  const steady = Math.min(limits.restartDelayMsMin * 2 ** attempt, limits.startRetryMsMax);
  return jitter(random, steady);
}

/** @throws {Failure} `startCalledOff` as soon as it is. */
function pauseUnless(signal: AbortSignal, clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ms, () => {
      signal.removeEventListener("abort", callOff);
      resolve();
    });
    const callOff = () => {
      timer.cancel();
      reject(new Failure("startCalledOff", "Cannot start as it was called off"));
    };
    signal.addEventListener("abort", callOff, { once: true });
    if (signal.aborted) callOff();
  });
}
