/**
 * A task that runs once at a time, for all who ask before it begins.
 *
 * Who asks while it runs may have changed what it has already looked at, so
 * these share the run after it: each gets one that began after it asked.
 */
export class SharedRun {
  readonly #task: () => Promise<void>;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(task: () => Promise<void>) {
    this.#task = task;
  }

  begin(): Promise<void> {
    return this.#next ??= this.#running.catch(() => {}).then(() => {
      this.#next = null;
      return this.#running = this.#task();
    });
  }
}
