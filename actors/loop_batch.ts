/**
 * What the deliveries of one turn come to, before any of it is committed.
 *
 * decide → pure transition, one delivery after another, each on what those before
 * it came to. Nothing is written, published or answered here. A delivery that
 * throws leaves the batch as it was before it, so what was decided until then can
 * still be committed.
 */
import type { AnyStateMachine } from "xstate";
import type { Stage } from "../runtime/stage.ts";
import type { Committed, Decision } from "./actor_definition.ts";
import { type Folded, step } from "./fold.ts";
import type { Answer, LoopOptions } from "./loop_options.ts";
import type { Numbered } from "./ports/publisher.ts";

interface Answered<D> {
  delivery: D;
  answer: Answer;
}

export class LoopBatch<D, B, U, M extends AnyStateMachine> {
  folded: Folded<M>;
  readonly entries: Committed<B>[] = [];
  readonly changes: Numbered<U>[] = [];
  readonly answers: Answered<D>[] = [];
  /** Of those whose entries these are. */
  readonly traces = new Set<string>();
  readonly #options: LoopOptions<D, B, U, M>;
  readonly #transition: Stage;

  constructor(options: LoopOptions<D, B, U, M>, transition: Stage, folded: Folded<M>) {
    this.#options = options;
    this.#transition = transition;
    this.folded = folded;
  }

  /** Adds what a delivery means to the batch, or throws and leaves the batch as it was. */
  decide(delivery: D): void {
    const { definition, id, clock, events, faultHook } = this.#options;
    const origin = this.#options.origin(delivery);
    const startedAt = clock.monotonic();
    try {
      faultHook?.(id, delivery);
      const now = clock.now();
      if (origin.receivedAt > 0) events.hopTook("receive", (now - origin.receivedAt) / 1000);
      const dedupe = events.stageBegan("dedupe", origin.trace);
      const decision: Decision<B> = definition.decide(this.folded.snapshot, delivery, now);
      dedupe?.ended({ [definition.kind]: id, outcome: decision.outcome });
      if (decision.outcome !== "accepted") {
        this.answers.push({ delivery, answer: decision });
        return;
      }
      const transition = events.stageBegan(this.#transition, origin.trace);
      this.fold(decision.entries, now, origin);
      transition?.ended({ [definition.kind]: id, seq: this.folded.seq });
      this.answers.push({ delivery, answer: { outcome: "accepted" } });
      if (origin.trace !== undefined) this.traces.add(origin.trace);
      events.hopTook("decide", (clock.monotonic() - startedAt) / 1000);
    } catch (error) {
      const notes = { [definition.kind]: id };
      events.stageFailed(this.#transition, origin.trace, startedAt, "poisoned", notes);
      throw error;
    }
  }

  fold(
    bodies: B[],
    recordedAt: number,
    origin: { receivedAt?: number; trace?: string },
  ): void {
    let folded = this.folded;
    const entries: Committed<B>[] = [];
    const changes: Numbered<U>[] = [];
    for (const body of bodies) {
      const entry = { seq: folded.seq + 1, recordedAt, body };
      const stepped = step(this.#options.definition, folded, entry);
      folded = stepped.folded;
      entries.push(entry);
      for (const change of stepped.changes) changes.push({ ...change, ...origin });
    }
    this.folded = folded;
    this.entries.push(...entries);
    this.changes.push(...changes);
  }
}
