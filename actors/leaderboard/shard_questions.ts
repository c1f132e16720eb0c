/**
 * Questions about a shard's fans, answered beside its loop.
 *
 * A settlement has a shard apply all the time, and who asks for a rank need not
 * wait for that. Points are the store's, which moves them chunk by chunk; the rank
 * counts who had more before the chunk that is under way, as counts of a board's
 * other shards are of a moment ago anyway. At rest it is exact. Questions of one
 * turn about fans are one question to the store.
 */
import process from "node:process";
import { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import type { LeaderboardShard } from "./leaderboard_shard.ts";
import { ofOneTurn, type Questions, type ShardDelivery, type Window } from "./shard_delivery.ts";

export type Question = Questions | Window;

export interface ShardQuestionsOptions {
  /** As it was loaded last. */
  shard(): LeaderboardShard;
  /** While it is loaded anew nothing is asked of what it was: those at hand are given back. */
  isLoading(): boolean;
  giveBack(questions: Question[]): void;
  unavailable(why: string, cause?: unknown): Failure;
  /** Something that waiting does not cure: a shard that is started anew may. */
  crash(error: unknown): void;
}

export function isQuestion(delivery: ShardDelivery): delivery is Question {
  return delivery.type === "standings" || delivery.type === "around";
}

export class ShardQuestions {
  readonly #options: ShardQuestionsOptions;
  /** Of this turn. */
  #asked: Question[] = [];
  #underWay = 0;

  constructor(options: ShardQuestionsOptions) {
    this.#options = options;
  }

  ask(question: Question): void {
    if (this.#underWay >= limits.leaderboardInboxMax) {
      return question.fail(this.#options.unavailable("has more to do than it can take"));
    }
    this.#underWay += 1;
    if (this.#asked.push(question) > 1) return;
    // After the microtasks at hand, in which the others ask, and before anything is read.
    process.nextTick(() => this.#askAll());
  }

  #askAll(): void {
    let left = this.#asked;
    this.#asked = [];
    if (this.#options.isLoading()) {
      this.#underWay -= left.length;
      return this.#options.giveBack(left);
    }
    while (left.length > 0) {
      const together = ofOneTurn(left, 0) as Question[];
      left = left.slice(together.length);
      void this.answer(together).finally(() => (this.#underWay -= together.length));
    }
  }

  /** Those of one turn, which are of one kind. Never throws. */
  async answer(questions: Question[]): Promise<void> {
    const shard = this.#options.shard();
    try {
      const [first] = questions;
      if (first?.type === "around") {
        first.reply(await shard.around(first.place, first.above, first.below));
        return;
      }
      const asked = questions as Questions[];
      const standings = await shard.standings(asked.flatMap(({ members }) => members));
      for (const { members, reply } of asked) reply(standings.splice(0, members.length));
    } catch (error) {
      const { unavailable, crash } = this.#options;
      const isOutage = error instanceof Failure && error.retryable;
      for (const one of questions) {
        one.fail(unavailable(isOutage ? "lost its store" : "crashed", error));
      }
      if (!isOutage) crash(error);
    }
  }
}
