/**
 * What a node does with the partitions that it gains and loses.
 *
 * Gained: its door opens and its matches wake under the new token: those with
 * facts waiting at once, within seconds also those that nobody speaks to, since
 * a deadline may be due and an entry unpublished. Lost: the door closes and its
 * matches sleep; what they still write carries an old token and is refused.
 * Facts whose notice was lost on the way are found in the intake within a
 * second. A match that is over and that nobody speaks to sleeps after a while;
 * the next word wakes it.
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
import type { OwnedKind } from "./owned_kind.ts";
import { SharedRun } from "../runtime/shared_run.ts";

export interface PartitionKeeperOptions {
  clock: Clock;
  events: BusinessEvents;
  matches: MatchSupervisor;
  kinds: readonly OwnedKind[];
  doors: OwnerDoors;
  directory: MatchDirectory;
  intake: IntakeQueue;
  /** Of the matches that `isAsked`: those on which the stores must agree again. */
  unequal(isAsked: (matchId: string) => boolean): Promise<string[]>;
  isOwned(matchId: string): boolean;
}

/** Matches that nobody waits for are woken so many at a time: the others play meanwhile. */
const WAKE_AT_ONCE = 16;

export class PartitionKeeper {
  readonly #options: PartitionKeeperOptions;
  readonly #timers: Timer[];
  /** However many partitions come at once, the intake is looked through once. */
  readonly #sweeps = new SharedRun(() => this.#sweep());
  #areSleepersDue = false;

  constructor(options: PartitionKeeperOptions) {
    this.#options = options;
    const often = (periodMs: number, what: string, round: () => Promise<void>) =>
      every(options.clock, periodMs, () => this.#tryTo(what, round));
    this.#timers = [
      often(limits.intakeSweepMs, "look through the intake", () => this.#sweeps.begin()),
      often(limits.intakeSweepMs, "wake what was gained", () => this.#wakeSleepers()),
      often(limits.passivationMs / 10, "let matches sleep", () => this.#passivate()),
    ];
  }

  async gained(partition: number): Promise<void> {
    const { doors, kinds } = this.#options;
    await doors.open(partition);
    this.#areSleepersDue = true;
    await this.#sweeps.begin();
    await Promise.all(kinds.map((kind) => kind.gained(partition)));
  }

  async lost(partition: number): Promise<void> {
    const { doors, kinds, matches } = this.#options;
    doors.close(partition);
    const theirs = matches.awake().filter((matchId) => partitionOf(matchId) === partition);
    await Promise.all([
      ...theirs.map((matchId) => matches.passivate(matchId)),
      ...kinds.map((kind) => kind.lost(partition)),
    ]);
  }

  stop(): void {
    for (const timer of this.#timers) timer.cancel();
  }

  /** Nobody waits for a match that is slow to wake, least of all its neighbours. */
  async #sweep(): Promise<void> {
    const { intake, matches, isOwned } = this.#options;
    for (const matchId of await intake.matches(isOwned)) {
      // A parked match waits for an operator.
      if (matches.isParked(matchId)) continue;
      const look = async () => await (await matches.wake(matchId)).lookAtIntake();
      void this.#tryTo(`offer ${matchId} what its intake holds`, look);
    }
  }

  async #wakeSleepers(): Promise<void> {
    if (!this.#areSleepersDue) return;
    this.#areSleepersDue = false;
    const { directory, matches, isOwned, unequal } = this.#options;
    const isAsleep = (matchId: string) =>
      isOwned(matchId) && !matches.isAwake(matchId) && !matches.isParked(matchId);
    try {
      await this.#wake((await directory.ids()).filter(isAsleep));
      // A store that was emptied lost the list too.
      for (const matchId of matches.awake()) await directory.add(matchId);
      // These alone may take the word of an SQL that is slow or away. Whom it lists was on no list
      // above, though its stores may agree: one that was spoken to while the list was lost.
      const apart = await unequal(isAsleep);
      await this.#wake([...new Set([...await directory.ids(), ...apart])].filter(isAsleep));
    } catch (error) {
      this.#areSleepersDue = true;
      throw error;
    }
  }

  async #wake(matchIds: string[]): Promise<void> {
    for (let at = 0; at < matchIds.length; at += WAKE_AT_ONCE) {
      const some = matchIds.slice(at, at + WAKE_AT_ONCE).filter(this.#options.isOwned);
      await Promise.all(some.map((matchId) => this.#options.matches.wake(matchId)));
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
