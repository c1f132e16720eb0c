/**
 * All settlements of this process: which matches are due, and what if one dies.
 *
 * Every worker looks at every listed match, at each nudge and from time to time;
 * of several the one that holds the match's lease settles it. Each match is
 * restarted by itself and parked by itself, so no settlement waits for another.
 * What was looked at and is done is remembered by the match's seq, until an
 * operator's word; every few looks nothing is taken for remembered.
 */
import type { MatchReader } from "../channels/match_reader.ts";
import type { MatchDirectory } from "../channels/match_directory.ts";
import type { MatchSignal } from "../channels/match_signal.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import { every, type Timer } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { type Child, type Exit, lastingChild } from "./child_spec.ts";
import { Lease } from "./lease.ts";
import { isForOutage } from "./outage.ts";
import {
  canBeSettled,
  SettlementRunner,
  type SettlementRunnerOptions,
} from "./settlement_runner.ts";
import { SettlementVoice } from "./settlement_voice.ts";
import { type ChildStatus, Supervisor } from "./supervisor.ts";

export interface SettlementSupervisorOptions
  extends Omit<SettlementRunnerOptions, "matchId" | "announce" | "reader"> {
  cells: CellStore;
  /** Names this process among all that ever were. */
  node: string;
  reader: MatchReader;
  directory: MatchDirectory;
  signal: MatchSignal;
  voice: ConstructorParameters<typeof SettlementVoice>[0];
}

const PREFIX = "settlement/";
/** Sweeps that trust what is remembered, between two that do not. */
const TRUSTING_SWEEPS = 5;

export class SettlementSupervisor implements Child {
  readonly #options: SettlementSupervisorOptions;
  readonly #voice: SettlementVoice;
  /** Matches with a child, running or not; their runner where it runs. */
  readonly #active = new Map<string, SettlementRunner | null>();
  /** The seq at which a match was found to have nothing to settle. */
  readonly #done = new Map<string, number>();
  #supervisor!: Supervisor;
  /** Matches whose lease was another's when they were looked at. */
  readonly #elsewhere = new Set<string>();
  #sweeping!: Timer;
  #askingAgain!: Timer;
  #leave: () => void = () => {};
  #sweeps = 0;

  private constructor(options: SettlementSupervisorOptions) {
    this.#options = options;
    this.#voice = new SettlementVoice(options.voice, options.clock, options.events);
  }

  static async start(options: SettlementSupervisorOptions): Promise<SettlementSupervisor> {
    const settlements = new SettlementSupervisor(options);
    const { clock, random, events, signal } = options;
    settlements.#supervisor = await Supervisor.start({
      id: "settlements",
      strategy: "one_for_one",
      whenExceeded: "park",
      isOutage: isForOutage,
      ...{ clock, random, events },
    });
    settlements.#leave = await signal.hear(
      (matchId) => void settlements.#quietly(() => settlements.look(matchId)),
      () => settlements.#sweep(),
    );
    settlements.#sweeping = every(clock, limits.settlementSweepMs, () => settlements.#sweep());
    // Where the holder has died its lease runs out, and nobody nudges.
    settlements.#askingAgain = every(clock, limits.leaseMs, () => settlements.#askAgain());
    void settlements.#sweep();
    return settlements;
  }

  get exited(): Promise<Exit> {
    return this.#supervisor.exited;
  }

  status(): ChildStatus[] {
    return this.#supervisor.status();
  }

  unpark(childId: string): "unparked" | "notParked" | "unknown" {
    return this.#supervisor.unpark(childId);
  }

  async stop(reason: string): Promise<void> {
    this.#sweeping.cancel();
    this.#askingAgain.cancel();
    this.#leave();
    await this.#supervisor.stop(reason);
  }

  /** An operator's word: what is remembered of the match counts no more. */
  async command(matchId: string): Promise<void> {
    this.#done.delete(matchId);
    await this.look(matchId);
  }

  async look(matchId: string): Promise<void> {
    const runner = this.#active.get(matchId);
    if (runner !== undefined) {
      runner?.nudge();
      return;
    }
    const reading = await this.#options.reader.read(matchId);
    if (reading === null || !canBeSettled(reading)) return;
    const { seq } = reading.context;
    if (this.#done.get(matchId) === seq || this.#active.has(matchId)) return;
    this.#active.set(matchId, null);
    await this.#supervisor.add({
      id: PREFIX + matchId,
      start: () => this.#start(matchId, seq),
      restart: "transient",
      shutdownMs: limits.shutdownMsMax,
    });
  }

  async #start(matchId: string, seq: number): Promise<Child> {
    const { cells, clock, node } = this.#options;
    const key = `lease/${PREFIX}${matchId}`;
    const lease = await Lease.ask({ cells, clock, key, holder: node });
    if (!(lease instanceof Lease)) {
      this.#elsewhere.add(matchId);
      return this.#over(matchId, lastingChild(() => {}), "normal");
    }
    const runner = new SettlementRunner({
      ...this.#options,
      matchId,
      announce: (progress) => this.#voice.tell(matchId, progress),
    });
    this.#active.set(matchId, runner);
    const exited = Promise.race([lease.exited, runner.exited]).then(async (exit) => {
      await runner.stop();
      await lease.stop().catch(() => {});
      if (exit.kind === "normal") this.#done.set(matchId, seq);
      return exit;
    });
    return this.#over(matchId, { exited, stop: () => runner.stop().then(() => void exited) });
  }

  /** Whoever has nothing more to do makes room for the next look. */
  #over(matchId: string, child: Child, ended?: "normal"): Child {
    const exited = ended === undefined ? child.exited : Promise.resolve<Exit>({ kind: ended });
    void exited.then(async (exit) => {
      this.#active.set(matchId, null);
      if (exit.kind !== "normal") return;
      await this.#supervisor.remove(PREFIX + matchId);
      this.#active.delete(matchId);
      // What came while it ended was told to nobody.
      if (ended === undefined) await this.#quietly(() => this.look(matchId));
    });
    return { ...child, exited };
  }

  async #askAgain(): Promise<void> {
    const elsewhere = [...this.#elsewhere];
    this.#elsewhere.clear();
    await this.#quietly(async () => {
      for (const matchId of elsewhere) await this.look(matchId);
    });
  }

  async #sweep(): Promise<void> {
    if (this.#sweeps++ % (TRUSTING_SWEEPS + 1) === TRUSTING_SWEEPS) this.#done.clear();
    await this.#quietly(async () => {
      for (const matchId of await this.#options.directory.ids()) await this.look(matchId);
    });
  }

  async #quietly(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      // The next sweep comes by itself; a store that is away is told of by others.
      if (error instanceof Failure && error.retryable) return;
      this.#options.events.warned(`Cannot look for matches to settle: ${reasonOf(error)}`);
    }
  }
}
