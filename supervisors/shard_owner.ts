/**
 * One shard of a leaderboard as its supervisor keeps it: the actor that comes
 * and goes, and the counts that readers know it by.
 *
 * A version stands for counts and top as they were announced: it is another one
 * after every change and every start, so whoever has a version needs no counts.
 */
import { LeaderboardActor } from "../actors/leaderboard/leaderboard_actor.ts";
import { boardOfShard } from "../actors/leaderboard/leaderboard_names.ts";
import type { TopPage } from "../actors/leaderboard/leaderboard_shard.ts";
import { changedCounts, type ScoreSpan } from "../actors/leaderboard/rank_histogram.ts";
import type { ShardCounts } from "../actors/ports/boards.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import type { RankingStore } from "../actors/ports/ranking.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { type Random, randomId } from "../runtime/random.ts";
import type { Child } from "./child_spec.ts";

export interface ShardParts {
  rankings: RankingStore;
  cells: CellStore;
  clock: Clock;
  random: Random;
  events: BusinessEvents;
  /** The owner's token for a shard; null where this process does not own it. */
  fenceOf(shardId: string): number | null;
  /** Something of the board may be another now. */
  changed(boardId: string): void;
}

export interface ShardOwnerOptions extends ShardParts {
  id: string;
  /** Its actor has begun. */
  loaded(): void;
}

interface Given {
  span: ScoreSpan;
  top: TopPage;
}

export class ShardOwner {
  /** Null while it starts, backs off or rests. */
  actor: LeaderboardActor | null = null;
  /** When its first start was tried, however that went. */
  woken: Promise<void> = Promise.resolve();
  /** By the monotonic clock. */
  askedAt: number;
  lastReason: string | null = null;
  readonly #options: ShardOwnerOptions;
  #epoch = "";
  #changes = 0;
  /** By version, as they were given to readers; the latest last. */
  readonly #given = new Map<string, Given>();

  constructor(options: ShardOwnerOptions) {
    this.#options = options;
    this.askedAt = options.clock.monotonic();
  }

  /** Called by the supervisor, at first and after each crash. */
  async start(): Promise<Child> {
    try {
      const actor = await this.#load();
      this.actor = actor;
      this.#options.loaded();
      const exited = actor.exited.then((exit) => {
        if (this.actor === actor) this.actor = null;
        if (exit.kind === "crash") this.lastReason = exit.reason;
        return exit;
      });
      return { exited, stop: () => actor.stop() };
    } catch (error) {
      this.lastReason = reasonOf(error);
      throw error;
    }
  }

  /** Only while there is an actor. */
  counts(knownVersion: string): ShardCounts {
    const version = `${this.#epoch}-${this.#changes}`;
    if (version === knownVersion) return { version, counts: null, top: null };
    const actor = this.actor!;
    const now = this.#given.get(version) ?? { span: actor.counts(), top: actor.top };
    this.#given.set(version, now);
    if (this.#given.size > limits.shardVersionsKept) {
      const [oldest] = this.#given.keys();
      this.#given.delete(oldest!);
    }
    const known = this.#given.get(knownVersion);
    if (known === undefined) {
      return { version, counts: changedCounts(null, now.span), top: now.top };
    }
    const counts = changedCounts(known.span, now.span);
    return { version, counts, top: known.top === now.top ? null : now.top, since: knownVersion };
  }

  async #load(): Promise<LeaderboardActor> {
    const { id, fenceOf, rankings, cells, random, clock, events, changed } = this.#options;
    const fence = fenceOf(id);
    if (fence === null) {
      throw new Failure("notOwner", `Cannot load leaderboard shard ${id}: another owns it`, {
        retryable: true,
      });
    }
    this.#epoch = randomId(random, 8);
    this.#changes = 0;
    this.#given.clear();
    const announce = () => {
      this.#changes += 1;
      changed(boardOfShard(id));
    };
    const parts = { rankings, cells, random, clock, events };
    return await LeaderboardActor.start({ id, fence, announce, ...parts });
  }
}
