/**
 * The way from a received fact to its safe answer: into the intake, to the
 * owner, out of the intake.
 *
 * An owner that decides in this very process is asked at once: its ledger's
 * commit is the fact's first, and what it could not answer goes into the intake
 * then. Until somebody has the fact on disk nobody is told yes.
 *
 * Nothing is lost on it: what the owner could not answer stays in the intake
 * and is offered again here, every two seconds and after a restart. Nothing
 * piles up either: a match whose owner is away takes no more than
 * `limits.matchFactsMax` facts, the rest stay with the provider, who was never
 * told yes.
 */
import type { FactAnswer, FactDelivery, MatchOwners } from "../actors/ports/match_owners.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { every } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { IntakeQueue, ReceivedFact } from "./intake_queue.ts";

/** Well within a provider's patience, and one small attempt a match. */
const OFFER_AGAIN_MS = 2_000;

interface Unanswered {
  /** Facts with the owner or left behind. */
  count: number;
  /** Of them, those that came by the intake: whoever comes later stays behind them. */
  stored: number;
  /** The owner could not answer these. */
  left: FactDelivery[];
}

export class SafeDelivery {
  readonly #queue: IntakeQueue;
  readonly #owners: MatchOwners;
  readonly #clock: Clock;
  readonly #unanswered = new Map<string, Unanswered>();
  #timer: Timer | null = null;
  /** In place of a position in the intake; the same fact twice has two. */
  #unstored = 0;

  constructor(queue: IntakeQueue, owners: MatchOwners, clock: Clock) {
    this.#queue = queue;
    this.#owners = owners;
    this.#clock = clock;
  }

  /** Offers what an earlier process left in the intake; goes before the first `deliver`. */
  async resume(): Promise<void> {
    for (const matchId of await this.#queue.matches()) {
      const pending = await this.#queue.pending(matchId);
      const unanswered = this.#of(matchId);
      unanswered.count += pending.length;
      unanswered.stored += pending.length;
      unanswered.left.push(...pending);
    }
    this.#offerLeft();
  }

  /** From now on whatever is left behind is offered again. */
  start(): void {
    this.#timer = every(this.#clock, OFFER_AGAIN_MS, () => this.#offerLeft());
  }

  /** What has no answer yet stays in the intake for the next start. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    await this.#queue.flush();
  }

  /**
   * Answers in the order of the facts, once every answer is safe.
   * @throws {Failure} retryable: the facts are in the intake and will be offered again, unless
   * the code is `intakeFull`.
   */
  async deliver(matchId: string, facts: ReceivedFact[]): Promise<FactAnswer[]> {
    const unanswered = this.#of(matchId);
    if (unanswered.count + facts.length > limits.matchFactsMax) {
      throw new Failure(
        "intakeFull",
        `Cannot take ${facts.length} facts of match ${matchId} as at most ` +
          `${limits.matchFactsMax} may wait for its owner: ${unanswered.count} wait`,
        { retryable: true },
      );
    }
    unanswered.count += facts.length;
    if (unanswered.stored === 0 && this.#owners.decidesHere(matchId)) {
      return await this.#offerAtOnce(matchId, facts);
    }
    return await this.#offer(matchId, await this.#store(matchId, facts));
  }

  async #offerAtOnce(matchId: string, facts: ReceivedFact[]): Promise<FactAnswer[]> {
    try {
      const unstored = facts.map((received) => ({ ...received, intake: this.#unstored -= 1 }));
      const answers = await this.#owners.deliver(matchId, unstored);
      this.#answered(matchId, facts.length);
      return answers;
    } catch (error) {
      this.#of(matchId).left.push(...await this.#store(matchId, facts));
      throw error;
    }
  }

  async #store(matchId: string, facts: ReceivedFact[]): Promise<FactDelivery[]> {
    this.#of(matchId).stored += facts.length;
    try {
      return await this.#queue.push(matchId, facts);
    } catch (error) {
      this.#answered(matchId, facts.length, facts.length);
      throw error;
    }
  }

  async #offer(matchId: string, deliveries: FactDelivery[]): Promise<FactAnswer[]> {
    try {
      const answers = await this.#owners.deliver(matchId, deliveries);
      this.#queue.done(matchId, deliveries.map(({ intake }) => intake));
      this.#answered(matchId, deliveries.length, deliveries.length);
      return answers;
    } catch (error) {
      this.#of(matchId).left.push(...deliveries);
      throw error;
    }
  }

  /** An offer under way is not in `left`, so none is made twice at a time. */
  #offerLeft(): void {
    for (const [matchId, { left }] of this.#unanswered) {
      if (left.length > 0) this.#offer(matchId, left.splice(0)).catch(() => {});
    }
  }

  #of(matchId: string): Unanswered {
    let unanswered = this.#unanswered.get(matchId);
    if (!unanswered) this.#unanswered.set(matchId, unanswered = { count: 0, stored: 0, left: [] });
    return unanswered;
  }

  #answered(matchId: string, facts: number, stored = 0): void {
    const unanswered = this.#of(matchId);
    unanswered.count -= facts;
    unanswered.stored -= stored;
    if (unanswered.count === 0) this.#unanswered.delete(matchId);
  }
}
