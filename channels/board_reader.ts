/**
 * Leaderboards as readers see them: ranks over all shards of a board.
 *
 * A rank is told from the counts of all shards, asked for at most 100 ms ago: at
 * rest exact, under way as of then. Shards are asked once however many read, and
 * answer without counts where nothing changed; while a board is being read it is
 * asked for ahead, so that no reader waits. Pages of the top are there already.
 * Readers need no store: owners answer.
 */
import {
  mergedAround,
  type RankedRow,
  type Standing,
  standing,
} from "../actors/leaderboard/board_page.ts";
import { shardFor, shardsOf } from "../actors/leaderboard/leaderboard_names.ts";
import type { Boards } from "../actors/ports/boards.ts";
import type { Clock } from "../runtime/clock.ts";
import { assert } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { BoardCounts, type BoardView } from "./board_counts.ts";

export interface BoardPage {
  /** Another one whenever the rows are others. */
  version: string;
  members: number;
  rows: RankedRow[];
}

export interface BoardAround extends BoardPage {
  around: Standing;
}

export interface BoardReaderOptions {
  boards: Boards;
  clock: Clock;
  /** Whether there is such a board, or can be one soon. */
  exists(boardId: string): Promise<boolean>;
}

export class BoardReader {
  readonly #options: BoardReaderOptions;
  /** Those read last, the latest last. */
  readonly #counts = new Map<string, BoardCounts>();

  constructor(options: BoardReaderOptions) {
    this.#options = options;
  }

  /** Nothing is asked ahead any more. */
  close(): void {
    for (const counts of this.#counts.values()) counts.close();
  }

  /**
   * Rows from `start` (0 is the top), at most `count`; null where there is no such board.
   * Within limits.boardDepthMax.
   */
  async page(boardId: string, start: number, count: number): Promise<BoardPage | null> {
    assert(start + count <= limits.boardDepthMax, "pages end at their depth");
    const counts = await this.#countsOf(boardId);
    if (counts === null) return null;
    const view = await counts.view();
    await this.#reach(boardId, view, start + count);
    return { ...placeOf(view), rows: view.rows.slice(start, start + count) };
  }

  /** The window around a fan; empty where he has no points. Null where there is no such board. */
  async around(
    boardId: string,
    user: string,
    above: number,
    below: number,
  ): Promise<BoardAround | null> {
    const counts = await this.#countsOf(boardId);
    if (counts === null) return null;
    const [view, [found]] = await Promise.all([
      counts.view(),
      this.#options.boards.standings(shardFor(boardId, user)!, [user]),
    ]);
    const around = standing(user, found!.score, view.counts);
    const rows = around.rank === null
      ? []
      : await this.#window(boardId, view, { member: user, score: around.score }, above, below);
    return { ...placeOf(view), around, rows };
  }

  /** Points and ranks of several fans, in their order; null where there is no such board. */
  async standings(boardId: string, users: string[]): Promise<Standing[] | null> {
    assert(users.length <= limits.leaderboardMembersMax, "a question keeps to its limit");
    const counts = await this.#countsOf(boardId);
    if (counts === null) return null;
    const byShard = Map.groupBy(new Set(users), (user) => shardFor(boardId, user)!);
    const [view, ...found] = await Promise.all([
      counts.view(),
      ...[...byShard].map(([shard, fans]) => this.#options.boards.standings(shard, fans)),
    ]);
    const scores = new Map(found.flat().map(({ member, score }) => [member, score]));
    return users.map((user) => standing(user, scores.get(user) ?? null, view.counts));
  }

  /** Fans with points, and their points; null where there is no such board. */
  async totals(
    boardId: string,
  ): Promise<{ version: string; members: number; points: number } | null> {
    const view = await (await this.#countsOf(boardId))?.view();
    return view === undefined ? null : { ...placeOf(view), points: view.counts.points };
  }

  async #countsOf(boardId: string): Promise<BoardCounts | null> {
    const known = this.#counts.get(boardId);
    this.#counts.delete(boardId);
    if (known !== undefined) {
      this.#counts.set(boardId, known);
      return known;
    }
    const { boards, clock, exists } = this.#options;
    if (shardsOf(boardId).length === 0 || !await exists(boardId)) return null;
    const counts = this.#counts.get(boardId) ?? new BoardCounts({ boardId, boards, clock });
    this.#counts.set(boardId, counts);
    if (this.#counts.size > limits.boardsReadMax) {
      const [[oldest, left]] = this.#counts as unknown as [[string, BoardCounts]];
      left.close();
      this.#counts.delete(oldest);
    }
    return counts;
  }

  /** Walks down the board until `count` rows are known; each page is kept with its version. */
  async #reach(boardId: string, view: BoardView, count: number): Promise<void> {
    while (view.rows.length < Math.min(count, view.counts.members)) {
      const last = view.rows.at(-1);
      if (last === undefined) return;
      const next = await this.#window(boardId, view, last, 0, limits.leaderboardPageMax - 1);
      // Of two who walk at once the second finds the rows there.
      if (view.rows.at(-1) !== last) continue;
      const further = next.filter(({ member }) => member !== last.member);
      if (further.length === 0) return;
      view.rows.push(...further);
    }
  }

  async #window(
    boardId: string,
    view: BoardView,
    place: { member: string; score: number },
    above: number,
    below: number,
  ): Promise<RankedRow[]> {
    const { boards } = this.#options;
    const windows = await Promise.all(
      shardsOf(boardId).map((shard) => boards.around(shard, place, above, below)),
    );
    return mergedAround(windows, view.counts, place, above, below);
  }
}

function placeOf({ version, counts }: BoardView): { version: string; members: number } {
  return { version, members: counts.members };
}
