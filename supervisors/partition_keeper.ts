/**
 * What a node does with the partitions that it gains and loses.
 *
 * Gained: its door opens and its matches wake under the new token, also those
 * that nobody speaks to, since a deadline may be due and an entry unpublished.
 * Lost: the door closes and its matches sleep; what they still write carries an
 * old token and is refused. Facts whose notice was lost on the way are found in
 * the intake within a second. A match that is over and that nobody speaks to
 * sleeps after a while; the next word wakes it.
 */
import { partitionOf } from "../actors/ports/partition.ts";
import type { MatchDirectory } from "../channels/match_directory.ts";
import type { OwnerDoors } from "../channels/owner_call.ts";
import type { IntakeQueue } from "../feed/intake_queue.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { type Clock, every, type Timer } from "../runtime/clock.ts";
import { reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { MatchSupervisor } from "./match_supervisor.ts";

export interface PartitionKeeperOptions {
  clock: Clock;
  events: BusinessEvents;
  matches: MatchSupervisor;
  doors: OwnerDoors;
  directory: MatchDirectory;
  intake: IntakeQueue;
  /** Matches of the partition on which the stores must agree again. */
  unequal(partition: number): Promise<string[]>;
  isOwned(matchId: string): boolean;
}

export class PartitionKeeper {
  readonly #options: PartitionKeeperOptions;
  readonly #timers: Timer[];

  constructor(options: PartitionKeeperOptions) {
    this.#options = options;
    const { clock } = options;
    this.#timers = [
      every(
        clock,
        limits.intakeSweepMs,
        () => this.#tryTo("look through the intake", () => this.#sweep()),
      ),
      every(
        clock,
        limits.passivationMs / 10,
        () => this.#tryTo("let matches sleep", () => this.#passivate()),
      ),
    ];
  }

  async gained(partition: number): Promise<void> {
    const { doors, matches, directory, intake, unequal } = this.#options;
    await doors.open(partition);
    const ids = new Set([
      ...await directory.ids(),
      ...await intake.matches(),
      ...await unequal(partition),
    ]);
    const ours = [...ids].filter((matchId) => partitionOf(matchId) === partition);
    await Promise.all(ours.map((matchId) => matches.wake(matchId)));
  }

  async lost(partition: number): Promise<void> {
    const { doors, matches } = this.#options;
    doors.close(partition);
    const theirs = matches.awake().filter((matchId) => partitionOf(matchId) === partition);
    await Promise.all(theirs.map((matchId) => matches.passivate(matchId)));
  }

  stop(): void {
    for (const timer of this.#timers) timer.cancel();
  }

  async #sweep(): Promise<void> {
    const { intake, matches, isOwned } = this.#options;
    for (const matchId of await intake.matches()) {
      if (isOwned(matchId)) await (await matches.wake(matchId)).lookAtIntake();
    }
  }

  async #passivate(): Promise<void> {
    const { matches, clock } = this.#options;
    for (const matchId of matches.idle(clock.now() - limits.passivationMs)) {
      await matches.passivate(matchId);
    }
  }

  /** A round that fails is made up for by the next one. */
  async #tryTo(what: string, round: () => Promise<void>): Promise<void> {
    try {
      await round();
    } catch (error) {
      this.#options.events.warned(`Cannot ${what}, trying again: ${reasonOf(error)}`);
    }
  }
}
