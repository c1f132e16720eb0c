/**
 * Says how the boards of the matches being played would stand if they ended now.
 *
 * The fans' picks are counted once after the lock, and again where it moved; at
 * each change of the match every cell gets its points anew and the channel
 * `leaderboard:<match>` its part "projection", at most every ten seconds. So a
 * goal is in it within ten. Nothing of it is ever the truth: once the match is
 * settled it falls silent, and until then says that it is provisional.
 */
import { ledgerOf } from "../actors/match/match_ledger.ts";
import { projectedOutcomes } from "../actors/prediction/projection.ts";
import { lockOf } from "../actors/prediction/predictable_match.ts";
import { projectedRows } from "../actors/prediction/projected_board.ts";
import type { JointCell, Settlements } from "../actors/ports/settlements.ts";
import { matchBoard } from "../actors/leaderboard/leaderboard_names.ts";
import type { MatchDirectory } from "../channels/match_directory.ts";
import type { MatchReader, MatchReading } from "../channels/match_reader.ts";
import type { MatchSignal } from "../channels/match_signal.ts";
import type { VolatileVoice } from "../channels/volatile_voice.ts";
import { leaderboardChannel } from "../protocol/channel_name.ts";
import { every, type Timer } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { Parts } from "./wiring.ts";

export interface ProjectorOptions extends Parts {
  reader: Pick<MatchReader, "read">;
  directory: Pick<MatchDirectory, "ids">;
  signal: Pick<MatchSignal, "hear">;
  voice: Pick<VolatileVoice, "say">;
  settlements: Pick<Settlements, "jointCells" | "voided">;
}

interface Counted {
  lockAt: number;
  cells: JointCell[];
  /** One fan of so many was counted. */
  share: number;
}

interface Followed {
  counted: Counted | null;
  /** The seq that was last said, when, and whether something came since. */
  saidSeq: number;
  saidAt: number;
  timer: Timer | null;
  isBusy: boolean;
  isChanged: boolean;
}

export class Projector {
  readonly #options: ProjectorOptions;
  readonly #followed = new Map<string, Followed>();
  #leave: () => void = () => {};
  #sweeping: Timer | null = null;
  #isStopped = false;

  constructor(options: ProjectorOptions) {
    this.#options = options;
  }

  start(): void {
    const { signal, clock } = this.#options;
    void this.#quietly(async () => {
      const leave = await signal.hear((matchId) => this.changed(matchId), () => this.#sweep());
      if (this.#isStopped) leave();
      else this.#leave = leave;
      await this.#sweep();
    });
    this.#sweeping = every(clock, limits.projectionEveryMs, () => this.#sweep());
  }

  stop(): void {
    this.#isStopped = true;
    this.#leave();
    this.#sweeping?.cancel();
    for (const { timer } of this.#followed.values()) timer?.cancel();
    this.#followed.clear();
  }

  /** Said at once where it was silent for long enough, else as soon as it has been. */
  changed(matchId: string): void {
    if (this.#isStopped) return;
    const { clock } = this.#options;
    const followed = this.#followed.get(matchId) ?? this.#follow(matchId);
    followed.isChanged = true;
    if (followed.timer !== null || followed.isBusy) return;
    const dueAt = followed.saidAt + limits.projectionEveryMs;
    followed.timer = clock.after(Math.max(0, dueAt - clock.now()), () => {
      followed.timer = null;
      void this.#quietly(() => this.#project(matchId, followed));
    });
  }

  #follow(matchId: string): Followed {
    const followed: Followed = {
      ...{ counted: null, saidSeq: 0, saidAt: -Infinity, timer: null },
      ...{ isBusy: false, isChanged: false },
    };
    this.#followed.set(matchId, followed);
    if (this.#followed.size > limits.projectionMatchesMax) {
      const [oldest] = this.#followed.keys();
      this.#forget(oldest!);
    }
    return followed;
  }

  #forget(matchId: string): void {
    this.#followed.get(matchId)?.timer?.cancel();
    this.#followed.delete(matchId);
  }

  async #sweep(): Promise<void> {
    await this.#quietly(async () => {
      for (const matchId of await this.#options.directory.ids()) {
        const reading = await this.#options.reader.read(matchId);
        if (reading !== null && isProjected(reading, this.#options.clock.now())) {
          this.changed(matchId);
        }
      }
    });
  }

  async #project(matchId: string, followed: Followed): Promise<void> {
    if (followed.isBusy || this.#isStopped) return;
    followed.isBusy = true;
    followed.isChanged = false;
    try {
      const { reader, settlements, voice, clock } = this.#options;
      const reading = await reader.read(matchId);
      const channel = leaderboardChannel(matchBoard(matchId));
      if (reading === null || !isProjected(reading, clock.now())) {
        if (followed.saidSeq > 0) await voice.say(channel, "projection", []);
        return this.#forget(matchId);
      }
      const { context, view } = reading;
      if (context.seq === followed.saidSeq) return;
      const ledger = ledgerOf(context);
      const counted = await this.#count(matchId, lockOf(ledger)!, followed);
      const outcomes = projectedOutcomes(ledger, view.phase, await settlements.voided(matchId));
      const { rows } = projectedRows(
        counted.cells,
        outcomes,
        counted.share,
        limits.projectionRowsMax,
      );
      const members = counted.cells.reduce((sum, cell) => sum + cell.members, 0);
      const projection = {
        rows,
        fans: members * counted.share,
        score: view.score,
        provisional: isOver(reading),
        sampled: counted.share > 1,
      };
      await voice.say(channel, "projection", [
        { key: "", lane: "rank", body: { projection } },
      ]);
      [followed.saidSeq, followed.saidAt] = [context.seq, clock.now()];
    } finally {
      followed.isBusy = false;
      // Of a failure the next sweep is the second try.
      if (followed.isChanged && this.#followed.has(matchId)) this.changed(matchId);
    }
  }

  /** The smallest share, by powers of two, whose cells are few enough. */
  async #count(matchId: string, lockAt: number, followed: Followed): Promise<Counted> {
    if (followed.counted?.lockAt === lockAt) return followed.counted;
    const { settlements } = this.#options;
    for (let share = 1;; share *= 2) {
      const cells = await settlements.jointCells(
        matchId,
        lockAt,
        share,
        limits.projectionCellsMax,
      );
      if (cells !== null) return followed.counted = { lockAt, cells, share };
    }
  }

  async #quietly(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      // Said again at the next change or sweep.
      if (error instanceof Failure && error.retryable) return;
      this.#options.events.warned(`Cannot project a board: ${reasonOf(error)}`);
    }
  }
}

const OVER = ["finished", "settled", "abandoned", "cancelled", "awarded"];

function isOver({ view }: MatchReading): boolean {
  return OVER.includes(view.phase);
}

/** From the lock until the settlement has the last word. */
function isProjected({ view, context }: MatchReading, now: number): boolean {
  if (view.phase === "scheduled" || view.phase === "postponed") return false;
  const lockAt = lockOf(ledgerOf(context));
  return lockAt !== null && lockAt <= now && context.settledSeq === null;
}
