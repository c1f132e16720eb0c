/**
 * Tells boards on their channels: `standings` on `leaderboard:<id>`, the top and
 * how many fans have points, at most once a second a board.
 *
 * One process of all does it. Changes are nudged by the owners of shards; after
 * doubt every board that was ever told is looked at again, and what is as it was
 * is not said again.
 */
import { GLOBAL_BOARD } from "../actors/leaderboard/leaderboard_names.ts";
import type { BoardReader } from "../channels/board_reader.ts";
import type { BoardSignal } from "../channels/board_signal.ts";
import type { VolatileVoice } from "../channels/volatile_voice.ts";
import { leaderboardChannel } from "../protocol/channel_name.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { type Clock, every, type Timer } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";

export interface BoardVoiceOptions {
  boards: Pick<BoardReader, "page">;
  signal: Pick<BoardSignal, "hear">;
  voice: Pick<VolatileVoice, "say">;
  clock: Clock;
  events: BusinessEvents;
}

export class BoardVoice {
  readonly #options: BoardVoiceOptions;
  /** Boards that have changed. */
  readonly #due = new Set<string>([GLOBAL_BOARD]);
  /** Versions as they were last told, the latest last. */
  readonly #told = new Map<string, string>();
  #timer: Timer | null = null;
  #leave: () => void = () => {};
  #isStopped = false;

  constructor(options: BoardVoiceOptions) {
    this.#options = options;
  }

  /** @throws {Failure} where the broker is away. */
  async begin(): Promise<void> {
    const { clock, signal } = this.#options;
    const leave = await signal.hear((boardId) => void this.#due.add(boardId), () => {
      for (const boardId of [GLOBAL_BOARD, ...this.#told.keys()]) this.#due.add(boardId);
      return Promise.resolve();
    });
    if (this.#isStopped) return leave();
    this.#leave = leave;
    this.#timer = every(clock, limits.boardVoiceMs, () => this.#tellDue());
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#leave();
  }

  async #tellDue(): Promise<void> {
    const due = [...this.#due];
    this.#due.clear();
    await Promise.all(due.map((boardId) =>
      this.#tell(boardId).catch((error) => {
        if (error instanceof Failure && error.retryable) this.#due.add(boardId);
        else this.#options.events.warned(`Cannot tell board ${boardId}: ${reasonOf(error)}`);
      })
    ));
  }

  async #tell(boardId: string): Promise<void> {
    const { boards, voice } = this.#options;
    const page = await boards.page(boardId, 0, limits.boardVoiceRows);
    if (page === null || this.#told.get(boardId) === page.version || this.#isStopped) return;
    const { version, members } = page;
    // Points below 0 cannot be told: rules that take more than they gave have none to show.
    const rows = page.rows.filter(({ score }) => score > 0)
      .map(({ rank, member, score }) => ({ rank, user: member, points: score }));
    const body = { standings: { rows, members, version } };
    await voice.say(leaderboardChannel(boardId), "standings", [{ key: "top", lane: "rank", body }]);
    this.#told.delete(boardId);
    this.#told.set(boardId, version);
    if (this.#told.size > limits.boardsReadMax) {
      const [oldest] = this.#told.keys();
      this.#told.delete(oldest!);
    }
  }
}
