/**
 * One match as its supervisor keeps it: the loop that comes and goes, and the
 * deliveries that outlive it.
 *
 * Whoever waits for an answer waits here, not at the loop: a crash in between
 * costs the restart and nothing else. Each start offers what the intake still
 * holds, so a fact that was durable and undecided when the process died is
 * decided now.
 */
import { ActorLoop, type Answer, type LoopOptions } from "../actors/actor_loop.ts";
import { matchDefinition, type MatchEntryBody } from "../actors/match/match_actor.ts";
import type { MatchUpdate } from "../actors/match/match_update.ts";
import type { FactAnswer, FactDelivery } from "../actors/ports/match_owners.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { Child } from "./child_spec.ts";

const REFUSED_BY_SQL = new Set(["ledgerConflict", "ledgerGap"]);

type Machine = typeof matchDefinition.machine;
export type MatchLoopOptions = LoopOptions<FactDelivery, MatchEntryBody, MatchUpdate, Machine>;

interface Waiter {
  resolve(answer: FactAnswer): void;
  reject(failure: Failure): void;
}

interface Waiting {
  delivery: FactDelivery;
  offered: boolean;
  waiters: Waiter[];
}

export interface MatchOwnerOptions {
  id: string;
  loop: Omit<MatchLoopOptions, "answered" | "id" | "fence">;
  /** The owner's token now; null where this process does not own the match. */
  fence(): number | null;
  /** What the intake holds for this match and nobody has decided. */
  pending(): Promise<FactDelivery[]>;
  /** The answer is safe: the intake may forget the delivery. */
  settled(delivery: FactDelivery, answer: FactAnswer): void;
}

export class MatchOwner {
  readonly #options: MatchOwnerOptions;
  /** By name, in order. */
  readonly #waiting = new Map<string, Waiting>();
  #loop: ActorLoop<FactDelivery, MatchEntryBody, MatchUpdate, Machine> | null = null;
  /** SQL refused what its ledger holds. */
  #isContested = false;
  /** Milliseconds since 1970. */
  #awakeSince = 0;

  constructor(options: MatchOwnerOptions) {
    this.#options = options;
  }

  /** Starts the loop; called by the supervisor, at first and after each crash. */
  async start(): Promise<Child> {
    const fence = this.#options.fence();
    if (fence === null) throw this.#unavailable("another process owns it");
    for (const delivery of await this.#options.pending()) this.#hold(delivery);
    this.#lineUp();
    const loop = await ActorLoop.start({
      ...this.#options.loop,
      id: this.#options.id,
      fence,
      isContested: this.#isContested,
      answered: (delivery, answer) => this.#answered(delivery, answer),
    });
    this.#loop = loop;
    this.#isContested = false;
    this.#awakeSince = this.#options.loop.clock.now();
    this.#offerWaiting();
    const exited = loop.exited.then((exit) => {
      if (this.#loop === loop) this.#loop = null;
      this.#isContested = exit.kind === "crash" && exit.cause instanceof Failure &&
        REFUSED_BY_SQL.has(exit.cause.code);
      return exit;
    });
    return { exited, stop: () => loop.stop() };
  }

  get isDeciding(): boolean {
    return this.#loop !== null;
  }

  /** Nothing is going on, and nobody said anything since `since`. */
  isIdle(since: number): boolean {
    if (this.#loop === null || this.#waiting.size > 0 || this.#awakeSince >= since) return false;
    const { context } = this.#loop.folded.snapshot;
    const isOver = matchDefinition.nextDeadline(this.#loop.folded.snapshot) === null;
    return isOver && (context.heardAt ?? 0) < since;
  }

  /** Offers what lies in the intake and nobody has told this process of. */
  async lookAtIntake(): Promise<void> {
    for (const delivery of await this.#options.pending()) this.#hold(delivery);
    this.#offerWaiting();
  }

  deliver(delivery: FactDelivery): Promise<FactAnswer> {
    if (this.#waiting.size >= limits.matchFactsMax) {
      return Promise.reject(this.#unavailable(`${this.#waiting.size} facts wait already`));
    }
    return new Promise((resolve, reject) => {
      this.#hold(delivery).waiters.push({ resolve, reject });
      this.#offerWaiting();
    });
  }

  /** Whether a sign of life would tell more than the ledger does. */
  isWaitingToHear(provider: string, now: number): boolean {
    if (this.#loop === null) return false;
    const { context } = this.#loop.folded.snapshot;
    if (context.source !== provider) return false;
    return context.feedSilentSince !== null ||
      now - (context.heardAt ?? 0) > limits.feedSilenceMsMax / 2;
  }

  /** Nobody will decide soon: those who wait are told to come back; the intake keeps the facts. */
  giveUp(reason: string): void {
    for (const { waiters } of this.#waiting.values()) {
      for (const { reject } of waiters) reject(this.#unavailable(reason));
    }
    this.#waiting.clear();
  }

  #hold(delivery: FactDelivery): Waiting {
    const held = this.#waiting.get(nameOf(delivery));
    if (held !== undefined) return held;
    const waiting = { delivery, offered: false, waiters: [] };
    this.#waiting.set(nameOf(delivery), waiting);
    return waiting;
  }

  /** What came during a start is younger than what the intake held. */
  #lineUp(): void {
    const inOrder = [...this.#waiting].sort(([, a], [, b]) =>
      a.delivery.intake - b.delivery.intake
    );
    this.#waiting.clear();
    for (const [name, waiting] of inOrder) this.#waiting.set(name, waiting);
    for (const waiting of this.#waiting.values()) waiting.offered = false;
  }

  #offerWaiting(): void {
    if (this.#loop === null) return;
    for (const waiting of this.#waiting.values()) {
      if (waiting.offered) continue;
      if (this.#loop.offer(waiting.delivery) === "full") return;
      waiting.offered = true;
    }
  }

  #answered(delivery: FactDelivery, answer: Answer): void {
    const waiting = this.#waiting.get(nameOf(delivery));
    this.#waiting.delete(nameOf(delivery));
    this.#options.settled(delivery, answer);
    for (const { resolve } of waiting?.waiters ?? []) resolve(answer);
    this.#offerWaiting();
  }

  #unavailable(reason: string): Failure {
    // Whoever owns it now is asked again; an owner's own trouble is told to who waits.
    return new Failure(
      this.#options.fence() === null ? "notOwner" : "ownerUnavailable",
      `Cannot decide on facts of ${this.#options.id} just now: ${reason}`,
      { retryable: true },
    );
  }
}

/** A store that was emptied gives a place in the intake a second time, to another fact. */
function nameOf(delivery: FactDelivery): string {
  return `${delivery.intake} ${matchDefinition.deliveryKey(delivery)}`;
}
