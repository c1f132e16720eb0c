/**
 * All matches of this process: who they are, who wakes them, what if they die.
 *
 * Each match is restarted by itself and parked by itself, so no match is ever
 * restarted or parked for its neighbour, nor for a store that is away. A parked
 * match keeps its last state for readers, marked stale, and tells providers to
 * come back.
 */
import type { LoopOptions } from "../actors/actor_loop.ts";
import { Ledger } from "../actors/ledger.ts";
import { matchDefinition, type MatchEntryBody } from "../actors/match/match_actor.ts";
import { OWNER } from "../actors/match/match_event.ts";
import type { OwnerFactBody } from "../actors/match/match_event.ts";
import type { MatchUpdate } from "../actors/match/match_update.ts";
import type { FactAnswer, FactDelivery, MatchOwners } from "../actors/ports/match_owners.ts";
import type { IntakeQueue } from "../feed/intake_queue.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { type Random, randomId } from "../runtime/random.ts";
import type { Child, Exit } from "./child_spec.ts";
import type { DeadLetters } from "./dead_letters.ts";
import { MatchOwner } from "./match_owner.ts";
import { isForOutage } from "./outage.ts";
import { Parking } from "./parking.ts";
import type { Quarantine } from "./quarantine.ts";
import { type ChildStatus, Supervisor } from "./supervisor.ts";

type Loop = LoopOptions<FactDelivery, MatchEntryBody, MatchUpdate, typeof matchDefinition.machine>;

export interface MatchSupervisorOptions
  extends
    Pick<Loop, "stream" | "cells" | "publisher" | "history" | "clock" | "events" | "faultHook"> {
  random: Random;
  /** The owner's token for a match; null where this process does not own it. */
  fenceOf(matchId: string): number | null;
  intake: IntakeQueue;
  deadLetters: DeadLetters;
  quarantine: Quarantine;
  /** There is such a match: called once a process for each that has an entry. */
  exists(matchId: string): void;
  /** A match rests after too many crashes, or has started. */
  rested(matchId: string, isResting: boolean): void;
}

const PREFIX = "match/";

export class MatchSupervisor implements MatchOwners, Child {
  readonly #options: MatchSupervisorOptions;
  readonly #owners = new Map<string, MatchOwner>();
  readonly #parking: Parking;
  readonly #existing = new Set<string>();
  #supervisor!: Supervisor;

  private constructor(options: MatchSupervisorOptions) {
    this.#options = options;
    const { clock, events, rested } = options;
    this.#parking = new Parking({
      ...{ prefix: PREFIX, clock, events },
      // Parking reaches those who wait and those who read.
      parked: (matchId, reason) => {
        this.#owners.get(matchId)?.giveUp(`it is parked after ${reason}`);
        rested(matchId, true);
      },
    });
  }

  static async start(options: MatchSupervisorOptions): Promise<MatchSupervisor> {
    const matches = new MatchSupervisor(options);
    const { clock, random } = options;
    matches.#supervisor = await Supervisor.start({
      id: "matches",
      strategy: "one_for_one",
      whenExceeded: "park",
      isOutage: isForOutage,
      clock,
      random,
      events: matches.#parking.events,
    });
    return matches;
  }

  get exited(): Promise<Exit> {
    return this.#supervisor.exited;
  }

  stop(reason: string): Promise<void> {
    return this.#supervisor.stop(reason);
  }

  status(): ChildStatus[] {
    return this.#supervisor.status();
  }

  /** By child id, `match/<id>`; 0 where it is not parked. */
  parkedSince(childId: string): number {
    return this.#parking.since(childId);
  }

  isParked(matchId: string): boolean {
    return this.#parking.has(matchId);
  }

  async knows(matchId: string): Promise<boolean> {
    if (this.#owners.has(matchId)) return true;
    const ledger = new Ledger(this.#options.stream, matchDefinition.kind, matchId);
    if (((await ledger.position())?.top ?? 0) > 0) return true;
    return await this.#options.history.top(matchId) > 0;
  }

  decidesHere(matchId: string): boolean {
    return this.#owners.get(matchId)?.isDeciding ?? false;
  }

  async deliver(matchId: string, deliveries: FactDelivery[]): Promise<FactAnswer[]> {
    const owner = await this.wake(matchId);
    const answers = await Promise.all(deliveries.map((delivery) => owner.deliver(delivery)));
    if (!this.#existing.has(matchId) && answers.some(({ outcome }) => outcome !== "rejected")) {
      this.#existing.add(matchId);
      this.#options.exists(matchId);
    }
    return answers;
  }

  heard(matchId: string, provider: string): void {
    const owner = this.#owners.get(matchId);
    if (owner === undefined || !owner.isWaitingToHear(provider, this.#options.clock.now())) return;
    void this.#say(matchId, { type: "feed.heard" }).catch((error) =>
      this.#options.events.warned(`Cannot note that ${provider} still speaks: ${reasonOf(error)}`)
    );
  }

  changeSource(matchId: string, provider: string): Promise<FactAnswer> {
    return this.#say(matchId, { type: "source.changed", source: provider, because: "operator" });
  }

  /**
   * Starts the match's actor where it sleeps.
   * @throws {Failure} `ownerUnavailable` where it is parked, `notOwner` where it is another's.
   */
  async wake(matchId: string): Promise<MatchOwner> {
    const reason = this.#parking.reasonOf(matchId);
    if (reason !== null) {
      throw new Failure(
        "ownerUnavailable",
        `Cannot decide on facts of ${matchId} as it is parked after ${reason}; unpark it at /api/ops/parked`,
        { retryable: true },
      );
    }
    const known = this.#owners.get(matchId);
    if (known !== undefined) return known;
    if (this.#options.fenceOf(matchId) === null) {
      throw new Failure(
        "notOwner",
        `Cannot decide on facts of ${matchId} here: another process owns it`,
        { retryable: true },
      );
    }
    const owner = this.#newOwner(matchId);
    this.#owners.set(matchId, owner);
    const start = async () => {
      const child = await owner.start();
      this.#options.rested(matchId, false);
      return child;
    };
    try {
      const shutdownMs = limits.shutdownMsMax;
      await this.#supervisor.add({ id: PREFIX + matchId, start, restart: "permanent", shutdownMs });
    } catch (error) {
      this.#owners.delete(matchId);
      throw error;
    }
    return owner;
  }

  /** The matches that are awake here. */
  awake(): string[] {
    return [...this.#owners.keys()];
  }

  isAwake(matchId: string): boolean {
    return this.#owners.has(matchId);
  }

  /** Those that are over and have not been spoken to since `since`, milliseconds since 1970. */
  idle(since: number): string[] {
    return this.awake().filter((matchId) => this.#owners.get(matchId)?.isIdle(since));
  }

  /** Lets a match sleep: its state is in the stores, the next delivery wakes it. */
  async passivate(matchId: string): Promise<void> {
    await this.#supervisor.remove(PREFIX + matchId);
    this.#owners.get(matchId)?.giveUp("it was put to sleep");
    this.#owners.delete(matchId);
  }

  /** By child id, `match/<id>`. */
  unpark(childId: string): "unparked" | "notParked" | "unknown" {
    return this.#supervisor.unpark(childId);
  }

  /** The owner's own word, durable like any other fact. */
  async #say(matchId: string, body: OwnerFactBody): Promise<FactAnswer> {
    const { clock, random, intake } = this.#options;
    const now = clock.now();
    const fact = { provider: OWNER, id: randomId(random), revision: 1, occurredAt: now, ...body };
    const deliveries = await intake.push(matchId, [{ fact, receivedAt: now }]);
    const [answer] = await this.deliver(matchId, deliveries);
    return answer!;
  }

  #newOwner(matchId: string): MatchOwner {
    const { stream, cells, publisher, history, clock, events, faultHook } = this.#options;
    const { intake, fenceOf, deadLetters, quarantine } = this.#options;
    const entity = PREFIX + matchId;
    return new MatchOwner({
      id: matchId,
      loop: {
        definition: matchDefinition,
        stream,
        cells,
        publisher,
        history,
        clock,
        events,
        faultHook,
        origin: ({ receivedAt, trace }) => ({ receivedAt, trace }),
        poisoned: async (delivery, error) => {
          const key = matchDefinition.deliveryKey(delivery);
          if (quarantine.blame(entity, key) === "retry") return "retry";
          const reason = reasonOf(error);
          await deadLetters.keep({ match: matchId, delivery, reason, keptAt: clock.now() });
          return "setAside";
        },
      },
      fence: () => fenceOf(matchId),
      pending: () => intake.pending(matchId),
      settled: (delivery) => {
        intake.done(matchId, [delivery.intake]);
        quarantine.forget(entity, matchDefinition.deliveryKey(delivery));
      },
    });
  }
}
