/**
 * Settles one match, from its end to the word in its ledger.
 *
 * Looks at the match, begins a run where its outcomes are others than those last
 * settled by, and lets the run's loop work. Whenever the match changes meanwhile
 * it looks again: other outcomes stop the loop, and the next run supersedes it.
 * A match that is being played again keeps its points until it is over.
 */
import { RULES_VERSION } from "../actors/prediction/points_table.ts";
import { marketOutcomes } from "../actors/prediction/market_outcome.ts";
import { lockOf } from "../actors/prediction/predictable_match.ts";
import { boardsOf } from "../actors/leaderboard/leaderboard_names.ts";
import { OWNER } from "../actors/match/match_event.ts";
import { ledgerOf } from "../actors/match/match_ledger.ts";
import type { Phase } from "../actors/match/match_view.ts";
import type { Boards } from "../actors/ports/boards.ts";
import type { MatchOwners } from "../actors/ports/match_owners.ts";
import type { RunToBegin, SettlementRun, Settlements } from "../actors/ports/settlements.ts";
import { outcomeKey } from "../actors/settlement/outcome_key.ts";
import {
  SettlementLoop,
  type SettlementMoment,
  type SettlementProgress,
} from "../actors/settlement/settlement_loop.ts";
import type { MatchReader, MatchReading } from "../channels/match_reader.ts";
import { pause } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { type Child, crash, type Exit } from "./child_spec.ts";
import type { Parts } from "./wiring.ts";

export interface SettlementRunnerOptions extends Parts {
  matchId: string;
  reader: Pick<MatchReader, "read">;
  settlements: Settlements;
  boards: Pick<Boards, "apply" | "changesMax">;
  owners: Pick<MatchOwners, "deliver">;
  holdMs: number;
  announce(progress: SettlementProgress): void;
  faultHook?(moment: SettlementMoment, matchId: string): Promise<void>;
}

/** Where a match can be settled: played to its end, or not to be played any more. */
const ENDS: readonly Phase[] = ["finished", "settled", "abandoned", "cancelled", "awarded"];

export function canBeSettled({ view }: MatchReading): boolean {
  return ENDS.includes(view.phase);
}

type Due = Omit<RunToBegin, "after" | "holdUntil"> & { reading: MatchReading };

export class SettlementRunner implements Child {
  readonly exited: Promise<Exit>;
  readonly #options: SettlementRunnerOptions;
  #loop: SettlementLoop | null = null;
  #isStopping = false;
  /** What the loop settles by. */
  #key = "";

  constructor(options: SettlementRunnerOptions) {
    this.#options = options;
    this.exited = this.#run().catch((error) => this.#isStopping ? SHUTDOWN : crash(error));
  }

  /** The match, or what operators want of it, may have changed. */
  nudge(): void {
    this.#loop?.nudge();
    void this.#lookAgain();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#loop?.stop();
    await this.exited;
  }

  async #run(): Promise<Exit> {
    const { settlements, matchId } = this.#options;
    while (!this.#isStopping) {
      const due = await this.#due();
      if (due === null) return { kind: "normal" };
      const run = await settlements.latest(matchId);
      if (run?.outcomeKey !== due.outcomeKey) await this.#begin(due, run);
      else if (run.endedAt === null) await this.#work(due);
      else if (await this.#tellOwner(due, run)) return { kind: "normal" };
    }
    return SHUTDOWN;
  }

  /** Null where the match is not over. */
  async #due(): Promise<Due | null> {
    const { reader, settlements, matchId } = this.#options;
    const reading = await reader.read(matchId);
    if (reading === null || !canBeSettled(reading)) return null;
    const { context, view } = reading;
    const ledger = ledgerOf(context);
    const lockAt = lockOf(ledger);
    if (lockAt === null) return null;
    const outcomes = marketOutcomes(ledger, view.phase, await settlements.voided(matchId));
    return {
      reading,
      matchId,
      ledgerSeq: context.seq,
      rulesVersion: RULES_VERSION,
      lockAt,
      outcomes,
      outcomeKey: outcomeKey(outcomes, lockAt, RULES_VERSION),
      boards: boardsOf(matchId, view.competition),
    };
  }

  async #begin({ reading: _, ...due }: Due, run: SettlementRun | null): Promise<void> {
    const { settlements, clock, holdMs } = this.#options;
    await settlements.begin({ ...due, after: run?.run ?? 0, holdUntil: clock.now() + holdMs });
  }

  /** Until the run has ended or the match is another. */
  async #work({ outcomeKey }: Due): Promise<void> {
    const { events, matchId, settlements } = this.#options;
    const loop = new SettlementLoop(this.#options);
    [this.#loop, this.#key] = [loop, outcomeKey];
    try {
      if (await loop.run() === null) return;
    } finally {
      this.#loop = null;
    }
    const run = await settlements.latest(matchId);
    if (run !== null) events.settlementEnded(matchId, run.run, run.state, run.predictions);
  }

  async #lookAgain(): Promise<void> {
    const loop = this.#loop;
    if (loop === null) return;
    try {
      const due = await this.#due();
      const isAgain = async () => {
        const { settlements, matchId } = this.#options;
        return (await settlements.latest(matchId))?.outcomeKey !== this.#key;
      };
      if (due?.outcomeKey !== this.#key || await isAgain()) loop.stop();
    } catch (error) {
      // The next nudge or sweep looks again.
      if (!(error instanceof Failure) || !error.retryable) {
        this.#options.events.warned(
          `Cannot look at ${this.#options.matchId} again: ${reasonOf(error)}`,
        );
      }
    }
  }

  /**
   * Has the match's ledger say that it is settled, also where it was reopened and nothing has
   * changed. False where its owner is away: everything is looked at again.
   */
  async #tellOwner({ reading, ledgerSeq }: Due, run: SettlementRun): Promise<boolean> {
    const { owners, matchId, clock, events } = this.#options;
    const isSaid = (reading.context.settledSeq ?? 0) >= run.ledgerSeq;
    if (isSaid && reading.view.phase !== "finished") return true;
    const now = clock.now();
    const answers = await owners.deliver(matchId, [{
      fact: {
        type: "match.settled",
        provider: OWNER,
        id: `settlement-${run.run}-${ledgerSeq}`,
        revision: 1,
        occurredAt: now,
        ledgerSeq,
        rulesVersion: run.rulesVersion,
      },
      intake: -1,
      receivedAt: now,
    }]).catch((error) => {
      if (!(error instanceof Failure) || !error.retryable) throw error;
      return pause(clock, limits.settlementLookMs);
    });
    if (!answers) return false;
    const [answer] = answers;
    if (answer?.outcome === "rejected") {
      events.warned(`Cannot tell ${matchId} that it is settled: ${answer.reason}`);
    }
    return true;
  }
}

const SHUTDOWN: Exit = { kind: "shutdown" };
