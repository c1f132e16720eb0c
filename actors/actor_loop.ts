/**
 * The one loop that runs every kind of actor.
 *
 * inbox → decide → pure transition → fenced append → publish → live actor →
 * history → answer. Nothing is shown that is not committed, nothing is answered
 * that SQL does not have. The transition runs twice, once to know what to
 * commit and once in the live actor, so what a supervisor or an inspector sees
 * is the committed state and nothing else. When the outcome of an append is
 * unknown the actor is dropped and comes back from the ledger; it never guesses.
 */
import type { AnyStateMachine } from "xstate";
import type { Timer } from "../runtime/clock.ts";
import { reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { Stage } from "../runtime/stage.ts";
import { nextTurn } from "../runtime/turn.ts";
import type { Committed } from "./actor_definition.ts";
import { notAppended, restore, type Restored, snapshotKey } from "./actor_restore.ts";
import type { Folded } from "./fold.ts";
import { Inbox } from "./inbox.ts";
import { Ledger } from "./ledger.ts";
import { LedgerTrimming } from "./ledger_trimming.ts";
import { LiveActor } from "./live_actor.ts";
import { LoopBatch } from "./loop_batch.ts";
import type { Answer, LoopOptions } from "./loop_options.ts";
import type { Numbered } from "./ports/publisher.ts";
import { encodeSnapshot } from "./snapshot_codec.ts";
import { SnapshotKeeper } from "./snapshot_keeper.ts";
import { staged } from "./staged.ts";

export type { Answer, LoopOptions };

export type LoopExit =
  | { kind: "shutdown" }
  | { kind: "crash"; reason: string; cause?: unknown };

export class ActorLoop<D, B, U, M extends AnyStateMachine> {
  /** Resolves when the loop has ended, whatever ended it. */
  readonly exited: Promise<LoopExit>;

  readonly #options: LoopOptions<D, B, U, M>;
  readonly #ledger: Ledger<B>;
  readonly #inbox = new Inbox<D>(limits.inboxDeliveriesMax);
  readonly #snapshots: SnapshotKeeper;
  readonly #trimming: LedgerTrimming | null;
  readonly #live: LiveActor<B, M>;
  readonly #end: (exit: LoopExit) => void;
  readonly #transition: Stage;
  #folded: Folded<M>;
  #stopping = false;
  #fault: Extract<LoopExit, { kind: "crash" }> | null = null;
  #deadline: Timer | null = null;
  /** Everything committed so far is in SQL. */
  #confirmed: Promise<void>;

  private constructor(
    options: LoopOptions<D, B, U, M>,
    ledger: Ledger<B>,
    { folded, confirmed }: Restored<M>,
  ) {
    this.#options = options;
    this.#transition = `${options.definition.kind}.transition`;
    this.#ledger = ledger;
    this.#folded = folded;
    this.#confirmed = confirmed;
    confirmed.catch((error) => this.#crash(error));
    const nudge = () => this.#inbox.nudge();
    this.#snapshots = new SnapshotKeeper(options.clock, nudge, options.definition.snapshotPace);
    const isTrimmed = options.definition.ledgerKept !== undefined;
    this.#trimming = isTrimmed ? new LedgerTrimming(options, ledger.name) : null;
    const crash = (error: unknown) => this.#crash(error);
    this.#live = new LiveActor(options.definition, folded, options.events, crash);
    const { promise, resolve } = Promise.withResolvers<LoopExit>();
    this.exited = promise;
    this.#end = resolve;
  }

  /** Restores the entity and starts to take deliveries. @throws what restoring throws. */
  static async start<D, B, U, M extends AnyStateMachine>(
    options: LoopOptions<D, B, U, M>,
  ): Promise<ActorLoop<D, B, U, M>> {
    const ledger = new Ledger<B>(options.stream, options.definition.kind, options.id);
    const loop = new ActorLoop(options, ledger, await restore(options, ledger));
    void loop.#run();
    return loop;
  }

  offer(delivery: D): "accepted" | "full" {
    return this.#inbox.offer(delivery);
  }

  /** The committed state. */
  get folded(): Folded<M> {
    return this.#folded;
  }

  /** Finishes what is in hand, writes a snapshot and ends. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#inbox.nudge();
    await this.exited;
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stopping) {
        this.#armDeadline();
        await this.#inbox.wait();
        if (this.#stopping) break;
        await this.#speakAtDeadline();
        await this.#work(
          this.#inbox.take(this.#options.definition.commitMax ?? limits.loopBatchMax),
        );
        if (this.#snapshots.isDue && !this.#stopping) await this.#snapshot();
        if (this.#inbox.size > 0) await nextTurn();
      }
      if (this.#fault === null) await this.#confirmed;
      if (this.#fault === null && this.#snapshots.pending > 0) await this.#snapshot();
    } catch (error) {
      this.#crash(error);
    }
    this.#leave();
  }

  /** Decides a batch and commits it at once; a delivery that throws cuts the batch before itself. */
  async #work(deliveries: D[]): Promise<void> {
    const batch = this.#newBatch();
    for (const [index, delivery] of deliveries.entries()) {
      if (index > 0 && index % limits.loopBatchMax === 0) await nextTurn();
      try {
        batch.decide(delivery);
      } catch (error) {
        await this.#commit(batch);
        if (await this.#options.poisoned(delivery, error) === "retry") throw error;
        const answer = { outcome: "rejected", code: "deadLettered", reason: reasonOf(error) };
        this.#options.answered(delivery, answer as Answer);
        this.#inbox.putBack(deliveries.slice(index + 1));
        return;
      }
    }
    await this.#commit(batch);
  }

  #newBatch(): LoopBatch<D, B, U, M> {
    return new LoopBatch(this.#options, this.#transition, this.#folded);
  }

  async #commit(batch: LoopBatch<D, B, U, M>): Promise<void> {
    const { folded, entries, changes, answers, traces } = batch;
    if (entries.length > 0) {
      const { definition, id, fence, history } = this.#options;
      const notes = { [definition.kind]: id, seq: folded.seq, entries: entries.length };
      const append = { stage: "ledger.append", hop: "commit", traces, notes } as const;
      await staged(this.#options, append, () => this.#append(entries));
      const isNewPhase = definition.isNewPhase(this.#folded.snapshot, folded.snapshot);
      this.#folded = folded;
      if (changes.length > 0) {
        const notes = { [definition.kind]: id, publications: changes.length };
        const publish = { stage: "publish", hop: "publish", traces, notes } as const;
        await staged(this.#options, publish, () => this.#publish(changes));
      }
      // After the goal is out, as it costs 0.3 ms; before anything is answered.
      for (const entry of entries) this.#live.fold(id, entry);
      this.#confirmed = Promise.all([this.#confirmed, history.write(id, fence, entries)])
        .then(() => {});
      // What SQL refuses was decided by a stale owner: come back from the truth.
      this.#confirmed.catch((error) => this.#crash(error));
      this.#snapshots.committed(entries.length, isNewPhase);
    }
    const tell = () => {
      for (const { delivery, answer } of answers) this.#options.answered(delivery, answer);
    };
    if (answers.length > 0) this.#confirmed.then(tell, () => {});
  }

  async #append(entries: Committed<B>[]): Promise<void> {
    const { fence, events } = this.#options;
    const appended = await this.#ledger.append(fence, this.#folded.seq, entries);
    if (appended.outcome === "fenced") events.writeFenced("ledger");
    if (appended.outcome !== "appended") throw notAppended(this.#ledger.name, appended.outcome);
  }

  async #publish(changes: Numbered<U>[]): Promise<void> {
    const { id, fence, publisher, events } = this.#options;
    const { outcome } = await publisher.publish(id, fence, changes);
    if (outcome === "fenced") events.writeFenced("channel");
    if (outcome !== "published") throw notAppended(`the channel of ${id}`, outcome);
  }

  #armDeadline(): void {
    this.#deadline?.cancel();
    const { definition, clock } = this.#options;
    const dueAt = definition.nextDeadline(this.#folded.snapshot);
    this.#deadline = dueAt === null
      ? null
      : clock.after(Math.max(0, dueAt - clock.now()), () => this.#inbox.nudge());
  }

  async #speakAtDeadline(): Promise<void> {
    const { definition, clock } = this.#options;
    const now = clock.now();
    const dueAt = definition.nextDeadline(this.#folded.snapshot);
    if (dueAt === null || dueAt > now) return;
    const batch = this.#newBatch();
    batch.fold(definition.atDeadline(this.#folded.snapshot, now), now, {});
    await this.#commit(batch);
  }

  async #snapshot(): Promise<void> {
    const { definition, id, cells, fence, events } = this.#options;
    // To come back from a large snapshot costs a busy room more than it saves.
    const isCalm = this.#snapshots.pending <= limits.snapshotEntriesMax;
    this.#snapshots.written();
    const { seq, snapshot } = this.#folded;
    if (isCalm && this.#inbox.size === 0) this.#live.rest(snapshot);
    const bytes = encodeSnapshot(definition, this.#folded, fence);
    const put = await cells.put(snapshotKey(definition.kind, id), bytes, { fence });
    if (put === "fenced") events.writeFenced("snapshot");
    else this.#trimming?.snapshotPut(seq);
  }

  /** The end follows once the step in hand is over, so that no two loops of an entity ever write. */
  #crash(error: unknown): void {
    this.#fault ??= { kind: "crash", reason: reasonOf(error), cause: error };
    this.#stopping = true;
    this.#inbox.nudge();
  }

  #leave(): void {
    this.#deadline?.cancel();
    this.#snapshots.stop();
    this.#live.stop();
    this.#end(this.#fault ?? { kind: "shutdown" });
  }
}
