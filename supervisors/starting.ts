/**
 * A child that can be stopped while it still starts.
 *
 * A start may wait a minute for a store, and a platform that changes its mind
 * meanwhile must not have to kill us. So this stands for the child from the
 * first moment on: stopped early it calls the start off, and what comes up all
 * the same is stopped at once.
 */
import type { Child, Exit } from "./child_spec.ts";

export class Starting<T extends Child> implements Child {
  /** Never resolves where the start failed: that is told to whoever awaits `started`. */
  readonly exited: Promise<Exit>;
  /** Null where it was stopped first; rejects as the start does. */
  readonly started: Promise<T | null>;
  readonly #callingOff = new AbortController();
  #isStarted = false;

  constructor(start: (signal: AbortSignal) => Promise<T>) {
    const { signal } = this.#callingOff;
    this.started = start(signal).then(
      async (child) => {
        this.#isStarted = true;
        if (!signal.aborted) return child;
        await child.stop("called off");
        return null;
      },
      (error) => {
        if (signal.aborted) return null;
        throw error;
      },
    );
    this.exited = this.started.then(
      (child) => child?.exited ?? { kind: "shutdown" },
      () => new Promise<never>(() => {}),
    );
  }

  async stop(reason: string): Promise<void> {
    if (!this.#isStarted) this.#callingOff.abort();
    const child = await this.started.catch(() => null);
    await child?.stop(reason);
  }
}
