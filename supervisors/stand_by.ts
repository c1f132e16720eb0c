/**
 * Work that one process of many does: the one that holds its lease.
 *
 * The others stand by, asking for the lease again and again, and one of them
 * goes on when the first dies; who loses the lease stops and stands by like
 * them. So none of several equal processes fails for being the second, and none
 * for a store that was away when its work looked.
 */
import { pause } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import { type Child, crash, type Exit } from "./child_spec.ts";
import { Lease, type LeaseOptions } from "./lease.ts";
import { isForOutage, outageOf } from "./outage.ts";

export interface StandByOptions extends LeaseOptions {
  /** Begins the work; called whenever the lease was granted. */
  work(): Child;
}

interface Shift {
  lease: Lease;
  work: Child;
}

export class StandBy implements Child {
  readonly exited: Promise<Exit>;
  readonly #options: StandByOptions;
  readonly #stopping = Promise.withResolvers<Exit>();
  #shift: Shift | null = null;
  #isStopping = false;

  private constructor(options: StandByOptions, shift: Shift | null) {
    this.#options = options;
    this.#shift = shift;
    this.exited = this.#run().catch(crash);
  }

  /** Resolves when it works or has seen that another does. @throws {Failure} of its store. */
  static async start(options: StandByOptions): Promise<StandBy> {
    return new StandBy(options, await nextShift(options));
  }

  get isWorking(): boolean {
    return this.#shift !== null;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#stopping.resolve({ kind: "shutdown" });
    await this.exited;
  }

  async #run(): Promise<Exit> {
    const { clock } = this.#options;
    for (;;) {
      if (this.#shift !== null) {
        const exit = await this.#workOn(this.#shift);
        if (exit.kind === "crash" && !isForOutage(exit)) return exit;
      }
      if (this.#isStopping) return { kind: "shutdown" };
      await Promise.race([pause(clock, limits.leaseRoundMs), this.#stopping.promise]);
      if (!this.#isStopping) this.#shift = await nextShift(this.#options).catch(askAgain);
    }
  }

  /** Until its lease is lost, its work ends or it is told to stop; a crash is the work's alone. */
  async #workOn({ lease, work }: Shift): Promise<Exit> {
    await Promise.race([lease.exited, work.exited, this.#stopping.promise]);
    this.#shift = null;
    await work.stop("its turn is over");
    // Where the store does not hear that the lease is given back it ends by itself.
    await lease.stop().catch(() => {});
    return await work.exited;
  }
}

async function nextShift(options: StandByOptions): Promise<Shift | null> {
  const lease = await Lease.ask(options);
  if (!(lease instanceof Lease)) return null;
  try {
    return { lease, work: options.work() };
  } catch (error) {
    await lease.stop();
    throw error;
  }
}

function askAgain(error: unknown): null {
  if (outageOf(error) === null) throw error;
  return null;
}
