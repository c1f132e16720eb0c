/**
 * The counts and the top of one board, merged from its shards and never older
 * than 100 ms when somebody is given them.
 *
 * One reading however many ask. Shards tell only the counts that changed since
 * the last one, or that none did, and they are moved in place. While somebody
 * reads the board, and two seconds longer, it is read ahead.
 */
import { mergedTop, type RankedRow } from "../actors/leaderboard/board_page.ts";
import { shardsOf } from "../actors/leaderboard/leaderboard_names.ts";
import { RankHistogram, type ScoreCount } from "../actors/leaderboard/rank_histogram.ts";
import type { TopPage } from "../actors/leaderboard/leaderboard_shard.ts";
import type { Boards } from "../actors/ports/boards.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";

export interface BoardView {
  /** The same from every reader while no shard changed. */
  version: string;
  /** The reader's own: they go on changing with the board. */
  counts: RankHistogram;
  /** From the top, as far down as anybody has read. */
  rows: RankedRow[];
}

interface ShardView {
  version: string;
  counts: RankHistogram;
  top: TopPage;
}

export interface BoardCountsOptions {
  boardId: string;
  boards: Boards;
  clock: Clock;
}

export class BoardCounts {
  readonly #options: BoardCountsOptions;
  #shards: ShardView[] = [];
  /** Over all shards. */
  readonly #counts = new RankHistogram();
  #view: BoardView | null = null;
  /** When the shards were asked for it, by the monotonic clock. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<BoardView> | null = null;
  #readAt = Number.NEGATIVE_INFINITY;
  #ahead: Timer | null = null;

  constructor(options: BoardCountsOptions) {
    this.#options = options;
  }

  /** @throws {Failure} retryable where a shard's owner is away. */
  async view(): Promise<BoardView> {
    const now = this.#options.clock.monotonic();
    this.#readAt = now;
    // A reading under way may have been asked too long ago as well: the one after it was not.
    while (this.#view === null || now - this.#askedAt > limits.boardAgeMsMax) await this.#read();
    this.#lookAhead();
    return this.#view;
  }

  close(): void {
    this.#readAt = Number.NEGATIVE_INFINITY;
    this.#ahead?.cancel();
    this.#ahead = null;
  }

  #lookAhead(): void {
    const { clock } = this.#options;
    this.#ahead ??= clock.after(limits.boardRefreshMs, async () => {
      // Whoever reads next is told what is in the way.
      await this.#read().catch(() => {});
      this.#ahead = null;
      if (clock.monotonic() - this.#readAt < limits.boardReadMs) this.#lookAhead();
    });
  }

  #read(): Promise<BoardView> {
    return this.#reading ??= this.#ask().finally(() => (this.#reading = null));
  }

  async #ask(): Promise<BoardView> {
    const { boardId, boards, clock } = this.#options;
    const askedAt = clock.monotonic();
    const answers = await Promise.all(
      shardsOf(boardId).map((shard, at) => boards.counts(shard, this.#shards[at]?.version ?? "")),
    );
    let hasChanged = false;
    for (const [at, { version, counts, since, top }] of answers.entries()) {
      if (counts === null) continue;
      hasChanged = true;
      const known = this.#shards[at]?.counts ?? new RankHistogram();
      // Without the version that we have, whoever is not named any more is gone.
      const gone = since === undefined ? known.page() : [];
      for (const { score } of gone) this.#move(known, { score, members: 0 });
      for (const count of counts) this.#move(known, count);
      // Only who has a version of the shard is not told its top.
      this.#shards[at] = { version, counts: known, top: top ?? this.#shards[at]!.top };
    }
    if (hasChanged) this.#view = this.#newView();
    this.#askedAt = askedAt;
    return this.#view!;
  }

  #move(shard: RankHistogram, { score, members }: ScoreCount): void {
    const more = members - shard.membersAt(score);
    shard.add(score, more);
    this.#counts.add(score, more);
  }

  #newView(): BoardView {
    const tops = this.#shards.map(({ top }) => top.rows);
    return {
      version: this.#shards.map(({ version }) => version).join("."),
      counts: this.#counts,
      rows: mergedTop(tops, this.#counts, limits.leaderboardPageMax),
    };
  }
}
