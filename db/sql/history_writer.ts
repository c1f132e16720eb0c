/**
 * The way of committed entries into SQL, off the hot path.
 *
 * One transaction is in flight; whatever comes meanwhile goes together in the
 * next, so an idle writer adds no delay and a busy one needs fewer commits. The
 * order of a ledger's entries is the order of the calls. While SQL is away the
 * entries wait and are tried again; they are never refused, since they are
 * already said. A batch that SQL refuses fails by itself, its neighbours go on;
 * what follows it of the same ledger fails like it, until SQL has taken a claim, a
 * batch of nothing.
 */
import type { MatchEntry } from "../../actors/match/match_event.ts";
import type { BatchOutcome, EntryBatch } from "../../actors/ports/records.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { type Clock, pause } from "../../runtime/clock.ts";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { jitter, type Random } from "../../runtime/random.ts";
import { nextTurn } from "../../runtime/turn.ts";

export interface HistoryWriterOptions<E> {
  records: { appendEntries(batches: EntryBatch<E>[]): Promise<BatchOutcome[]> };
  /** Of one transaction. */
  flushEntriesMax?: number;
  /** Where nobody waits for SQL: what comes within so long goes together. */
  gatherMs?: number;
  clock: Clock;
  random: Random;
  events: BusinessEvents;
}

interface Waiting<E> {
  batch: EntryBatch<E>;
  since: number;
  /** It leaves the queue with its group. */
  isSettled: boolean;
  resolve(): void;
  reject(error: unknown): void;
}

export class HistoryWriter<E extends { seq: number } = MatchEntry> {
  readonly #options: HistoryWriterOptions<E>;
  #queue: Waiting<E>[] = [];
  #pending = 0;
  #isOverBound = false;
  /** Why SQL refused a ledger's entries, by its entity. */
  readonly #refused = new Map<string, Failure>();
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(options: HistoryWriterOptions<E>) {
    this.#options = options;
  }

  /**
   * Resolves once SQL has the entries, which continue what was written before.
   * @throws {Failure} `fenced`, `ledgerConflict`, `ledgerGap`, or `historyStopped` after `drain`;
   * the second and third also for what follows a batch that failed so.
   */
  write(entity: string, partition: number, fence: number, entries: E[]): Promise<void> {
    if (this.#stopped) return Promise.reject(stoppedFailure(entity));
    const refused = this.#refused.get(entity);
    if (refused !== undefined && entries.length > 0) return Promise.reject(refused);
    return new Promise((resolve, reject) => {
      const batch = { entity, partition, fence, entries };
      const since = this.#options.clock.monotonic();
      this.#queue.push({ batch, since, isSettled: false, resolve, reject });
      this.#pending += entries.length;
      this.#watchBound();
      this.#running ??= this.#run();
    });
  }

  /** Entries that SQL has not confirmed. */
  pending(): number {
    return this.#pending;
  }

  /** Those of one ledger, in order and each once, though a new owner writes again what one before it did. */
  waiting(entity: string): E[] {
    const entries: E[] = [];
    for (const { batch, isSettled } of this.#queue) {
      if (isSettled || batch.entity !== entity) continue;
      const reached = entries.at(-1)?.seq ?? 0;
      entries.push(...batch.entries.filter(({ seq }) => seq > reached));
    }
    return entries;
  }

  /** How long the oldest of them has been waiting. */
  behindMs(): number {
    const [oldest] = this.#queue;
    return oldest === undefined ? 0 : this.#options.clock.monotonic() - oldest.since;
  }

  /**
   * Waits until SQL has everything, then refuses further writes. What is left
   * after `deadlineMs` fails with `historyStopped`; answers how many entries.
   */
  async drain(deadlineMs: number): Promise<number> {
    let isLate = false;
    const late = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(deadlineMs, () => {
      isLate = true;
      late.resolve();
    });
    while (this.#running !== null && !isLate) await Promise.race([this.#running, late.promise]);
    timer.cancel();
    this.#stopped = true;
    const left = this.#pending;
    for (const waiting of this.#queue) waiting.reject(stoppedFailure(waiting.batch.entity));
    this.#queue = [];
    this.#pending = 0;
    return left;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      // What this turn publishes leaves first, and what it writes goes together.
      await this.#gather();
      if (this.#stopped) break;
      const group = this.#nextGroup();
      await this.#flush(group);
      if (this.#stopped) break;
      this.#queue.splice(0, group.length);
    }
    this.#running = null;
  }

  async #gather(): Promise<void> {
    const { clock, gatherMs = 0, flushEntriesMax = 0 } = this.#options;
    await (this.#pending < flushEntriesMax ? pause(clock, gatherMs) : nextTurn());
  }

  /**
   * What goes into one transaction; it stays in the queue until it is settled. A partition has one
   * fence in it: what was committed under an older one goes before, and is not refused for the newer.
   */
  #nextGroup(): Waiting<E>[] {
    const { flushEntriesMax = limits.historyFlushEntriesMax } = this.#options;
    const fences = new Map<number, number>();
    let entries = 0;
    let count = 0;
    for (const { batch: { partition, fence, entries: { length } } } of this.#queue) {
      entries += length;
      if (count > 0 && entries > flushEntriesMax) break;
      if ((fences.get(partition) ?? fence) !== fence) break;
      fences.set(partition, fence);
      count++;
    }
    return this.#queue.slice(0, count);
  }

  async #flush(group: Waiting<E>[]): Promise<void> {
    const { records, clock, random, events } = this.#options;
    group = group.filter(({ isSettled }) => !isSettled);
    const batches = group.map(({ batch }) => batch);
    let delayMs: number = limits.historyRetryMsMin;
    while (!this.#stopped && group.length > 0) {
      try {
        const outcomes = await records.appendEntries(batches);
        if (this.#stopped) return;
        group.forEach((waiting, index) => this.#settle(waiting, outcomes[index]!));
        return;
      } catch (error) {
        if (!isOfTheStore(error)) {
          await this.#isolate(group, error);
          return;
        }
        if (delayMs === limits.historyRetryMsMin) {
          events.warned(
            `Cannot write history, ${this.#pending} entries wait and are tried again: ` +
              reasonOf(error),
          );
        }
        await pause(clock, jitter(random, delayMs));
        delayMs = Math.min(delayMs * 2, limits.historyRetryMsMax);
      }
    }
  }

  /** One batch made the transaction fail for good: each goes alone, so that only that one fails. */
  async #isolate(group: Waiting<E>[], error: unknown): Promise<void> {
    if (group.length === 1) {
      this.#leave(group[0]!);
      group[0]!.reject(error);
      return;
    }
    for (const waiting of group) await this.#flush([waiting]);
  }

  #settle(waiting: Waiting<E>, outcome: BatchOutcome): void {
    const { clock, events } = this.#options;
    if (waiting.isSettled) return;
    this.#leave(waiting);
    if (outcome.outcome === "recorded") {
      events.hopTook("history", (clock.monotonic() - waiting.since) / 1000);
      if (waiting.batch.entries.length === 0) this.#refused.delete(waiting.batch.entity);
      waiting.resolve();
      return;
    }
    const failure = refusal(waiting.batch, outcome);
    waiting.reject(failure);
    if (outcome.outcome === "fenced") events.writeFenced("sql");
    else this.#refuse(waiting.batch.entity, failure);
  }

  /** What follows in the ledger was decided upon what SQL does not hold. */
  #refuse(entity: string, failure: Failure): void {
    this.#refused.set(entity, failure);
    for (const waiting of this.#queue) {
      const { batch, isSettled } = waiting;
      if (isSettled || batch.entity !== entity || batch.entries.length === 0) continue;
      this.#leave(waiting);
      waiting.reject(failure);
    }
  }

  #leave(waiting: Waiting<E>): void {
    waiting.isSettled = true;
    this.#pending -= waiting.batch.entries.length;
    if (this.#pending < limits.historyPendingMax / 2) this.#isOverBound = false;
  }

  #watchBound(): void {
    if (this.#isOverBound || this.#pending <= limits.historyPendingMax) return;
    this.#isOverBound = true;
    this.#options.events.warned(
      `History is behind: ${this.#pending} entries wait for SQL, ` +
        `at most ${limits.historyPendingMax} are meant to; look after the database`,
    );
  }
}

/** What no batch is to blame for: it passes by itself, or a person lets us in again. */
function isOfTheStore(error: unknown): boolean {
  if (!(error instanceof Failure)) return false;
  return error.retryable || error.code === "storeRefused" || error.code === "schemaOutdated";
}

function stoppedFailure(entity: string): Failure {
  return new Failure(
    "historyStopped",
    `Cannot write history of ${entity} as the writer must be running: it was stopped`,
    { retryable: true },
  );
}

function refusal(
  { entity, partition, fence }: EntryBatch<unknown>,
  refused: Exclude<BatchOutcome, { outcome: "recorded" }>,
): Failure {
  const cannot = `Cannot write history of ${entity} as`;
  switch (refused.outcome) {
    case "fenced":
      return new Failure(
        "fenced",
        `${cannot} partition ${partition} must not have a newer owner: token ${fence} is old`,
      );
    case "conflict":
      return new Failure(
        "ledgerConflict",
        `${cannot} an entry is never changed: SQL holds another fact at seq ${refused.seq}`,
      );
    case "gap":
      return new Failure(
        "ledgerGap",
        `${cannot} entries must follow each other: SQL has none before seq ${refused.seq}`,
      );
  }
}
