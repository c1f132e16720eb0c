/**
 * The loop of a leaderboard shard: what waits, one turn after the other.
 *
 * The machine's pure transition says what to do by named actions; here they get
 * their meaning. Chunks that wait are applied together: one round trip for all of
 * them. Questions go past what waits (shard_questions.ts), except while the shard
 * is loaded. Nothing is answered that is not committed; where nobody knows whether
 * a move was, what is in memory is dropped and loaded again, and whoever asked is
 * told to ask again.
 */
import { initialTransition, type SnapshotFrom, transition } from "xstate";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { type Clock, pause } from "../../runtime/clock.ts";
import { assert, Failure, reasonOf } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { nextTurn } from "../../runtime/turn.ts";
import type { LoopExit } from "../actor_loop.ts";
import { Inbox } from "../inbox.ts";
import { withoutBeginning } from "../without_beginning.ts";
import { type LeaderboardEvent, leaderboardMachine } from "./leaderboard_machine.ts";
import { LeaderboardShard, type ShardOptions } from "./leaderboard_shard.ts";
import { type Chunks, ofOneTurn, type ShardDelivery } from "./shard_delivery.ts";
import { isQuestion, type Question, ShardQuestions } from "./shard_questions.ts";
import { rebuildShard } from "./shard_rebuild.ts";

export interface ShardLoopOptions extends ShardOptions {
  clock: Clock;
  events: BusinessEvents;
  /** The shard's first page or its counts may have changed. */
  announce(shardId: string): void;
}

type Snapshot = SnapshotFrom<typeof leaderboardMachine>;
export type ShardState = Snapshot["value"];

const steps = withoutBeginning(leaderboardMachine);

export class ShardLoop {
  readonly exited: Promise<LoopExit>;
  readonly #options: ShardLoopOptions;
  readonly #inbox = new Inbox<ShardDelivery>(limits.leaderboardInboxMax);
  readonly #end: (exit: LoopExit) => void;
  readonly #abort = new AbortController();
  readonly #questions: ShardQuestions;
  #snapshot!: Snapshot;
  #shard!: LeaderboardShard;
  /** What the machine's actions are about. */
  #inHand: ShardDelivery[] = [];
  #rebuilding: Promise<void> = Promise.resolve();
  /** By a question. */
  #crashed: { error: unknown } | null = null;

  private constructor(options: ShardLoopOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<LoopExit>();
    this.exited = promise;
    this.#end = resolve;
    this.#questions = new ShardQuestions({
      shard: () => this.#shard,
      isLoading: () => this.state === "loading",
      giveBack: (questions) => questions.forEach((question) => this.#enqueue(question)),
      unavailable: (why, cause) => this.#unavailable(why, cause),
      crash: (error) => {
        this.#crashed ??= { error };
        this.#inbox.nudge();
      },
    });
  }

  /** @throws {Failure} what loading throws. */
  static async start(options: ShardLoopOptions): Promise<ShardLoop> {
    const loop = new ShardLoop(options);
    const [snapshot, actions] = initialTransition(leaderboardMachine);
    await loop.#follow(snapshot, actions);
    void loop.#run();
    return loop;
  }

  get state(): ShardState {
    return this.#snapshot.value;
  }

  /** As it was loaded last. */
  get shard(): LeaderboardShard {
    return this.#shard;
  }

  offer(delivery: ShardDelivery): void {
    const isOver = this.#abort.signal.aborted || this.state === "loading";
    if (!isOver && isQuestion(delivery)) this.#questions.ask(delivery);
    else this.#enqueue(delivery);
  }

  #enqueue(delivery: ShardDelivery): void {
    const isTaken = !this.#abort.signal.aborted && this.#inbox.offer(delivery) === "accepted";
    if (!isTaken) delivery.fail(this.#unavailable("has more to do than it can take"));
  }

  /** Finishes what is in hand; a rebuild is given up and the old ranks stay. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#inbox.nudge();
    await this.exited;
  }

  async #run(): Promise<void> {
    let exit: LoopExit = { kind: "shutdown" };
    try {
      while (!this.#abort.signal.aborted) {
        await this.#inbox.wait();
        if (this.#crashed !== null) throw this.#crashed.error;
        const taken = this.#inbox.take(limits.loopBatchMax);
        this.#inHand = ofOneTurn(taken, this.#options.rankings.changesMax);
        this.#inbox.putBack(taken.slice(this.#inHand.length));
        if (this.#inHand.length > 0) await this.#serve();
        await nextTurn();
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) {
        exit = { kind: "crash", reason: reasonOf(error), cause: error };
      }
    }
    this.#abort.abort();
    await this.#rebuilding;
    const left = [...this.#inHand, ...this.#inbox.take(Number.POSITIVE_INFINITY)];
    for (const one of left) one.fail(this.#unavailable("has stopped"));
    this.#end(exit);
  }

  /** Deliveries of one turn are of one kind. */
  async #serve(): Promise<void> {
    const [first] = this.#inHand;
    switch (first!.type) {
      case "standings":
      case "around":
        await this.#questions.answer(this.#inHand as Question[]);
        break;
      case "rebuild.over":
        await this.#send({ type: first!.error === null ? "rebuild.finished" : "rebuild.failed" });
        if (first!.error === null) first!.reply({ outcome: "done" });
        else first!.fail(first!.error);
        break;
      case "board.freeze":
      case "board.unfreeze":
        await this.#send({ type: first!.type });
        first!.reply({ outcome: "done" });
        break;
      default:
        await this.#send({ type: first!.type });
    }
    this.#inHand = [];
  }

  async #send(event: LeaderboardEvent): Promise<void> {
    const [snapshot, actions] = transition(steps, this.#snapshot, event);
    await this.#follow(snapshot, actions);
  }

  /** Gives the machine's named actions their meaning, in order. */
  async #follow(
    snapshot: Snapshot,
    actions: { type: string }[],
  ): Promise<void> {
    this.#snapshot = snapshot;
    for (const { type } of actions) {
      switch (type) {
        case "load":
          await this.#load();
          break;
        case "apply":
          await this.#unlessLost("chunks.applied", () => this.#apply());
          break;
        case "recordFreeze":
          await this.#unlessLost(null, () => this.#shard.freeze(this.state === "frozen"));
          break;
        case "rebuild":
          this.#rebuilding = this.#rebuild();
          break;
        case "refuse":
          this.#refuse();
          break;
        case "announce":
          this.#options.announce(this.#options.id);
      }
    }
  }

  /** The first load may fail, and the supervisor waits; a later one waits here for its store. */
  async #load(): Promise<void> {
    for (;;) {
      try {
        this.#shard = await LeaderboardShard.load(this.#options, this.#shard);
        break;
      } catch (error) {
        const isPatient = this.#shard !== undefined && !this.#abort.signal.aborted;
        if (!isPatient || !isOutage(error)) throw error;
        await pause(this.#options.clock, limits.leaderboardRetryMs);
      }
    }
    await this.#send({ type: "store.loaded", isFrozen: this.#shard.record.isFrozen });
  }

  async #apply(): Promise<() => void> {
    const asked = this.#inHand as Chunks[];
    const outcomes = await this.#shard.apply(asked.map(({ chunk }) => chunk));
    return () => asked.forEach(({ reply }, at) => reply(outcomes[at]));
  }

  /** Does what moves the store; where nobody knows whether it did, the shard is loaded again. */
  async #unlessLost(
    done: "chunks.applied" | null,
    task: () => Promise<void | (() => void)>,
  ): Promise<void> {
    let tell: void | (() => void);
    try {
      tell = await task();
    } catch (error) {
      if (!isOutage(error)) throw error;
      for (const one of this.#inHand) one.fail(this.#unavailable("lost its store", error));
      this.#options.events.copyRebuilt(`leaderboard/${this.#options.id}`, reasonOf(error));
      await this.#send({ type: "outcome.lost" });
      return;
    }
    if (done !== null) await this.#send({ type: done });
    tell?.();
  }

  /** Beside the loop, which goes on answering from the ranks in force. */
  async #rebuild(): Promise<void> {
    const [asked] = this.#inHand;
    assert(asked?.type === "board.rebuild", "a rebuild was asked for");
    let failure: unknown = null;
    try {
      await rebuildShard(this.#options, this.#shard.record, asked.source, this.#abort.signal);
    } catch (error) {
      failure = error;
    }
    this.#inbox.putBack([{ ...asked, type: "rebuild.over", error: failure }]);
    this.#inbox.nudge();
  }

  #refuse(): void {
    for (const one of this.#inHand) one.reply({ outcome: "refused", state: this.state });
  }

  #unavailable(why: string, cause?: unknown): Failure {
    return new Failure(
      "shardUnavailable",
      `Cannot ask leaderboard shard ${this.#options.id} as it ${why}`,
      { retryable: true, cause },
    );
  }
}

/** The world's doing, which passes. */
function isOutage(error: unknown): boolean {
  return error instanceof Failure && error.retryable;
}
