/**
 * How an actor comes back: snapshot, ledger, SQL and channel brought to one
 * state before it takes its first delivery.
 *
 * The ledger's stream and SQL hold the same entries; whichever lost its tail
 * gets it from the other. What was committed and not published is published
 * now, at the offsets it always had; a channel that knows more than the ledger
 * showed what was taken back, so it begins a new epoch and clients resync.
 */
import type { AnyStateMachine } from "xstate";
import { Failure } from "../runtime/failure.ts";
import type { Committed } from "./actor_definition.ts";
import { type Folded, foldEntries, FoldError, genesis } from "./fold.ts";
import type { Ledger } from "./ledger.ts";
import type { LoopOptions } from "./loop_options.ts";
import type { Numbered } from "./ports/publisher.ts";
import { decodeSnapshot } from "./snapshot_codec.ts";

/** Where an entity's snapshot lives. */
export function snapshotKey(kind: string, id: string): string {
  return `snapshot/${kind}/${id}`;
}

export async function restore<D, B, U, M extends AnyStateMachine>(
  options: LoopOptions<D, B, U, M>,
  ledger: Ledger<B>,
): Promise<Folded<M>> {
  const { definition, id, events } = options;
  await reconcile(options, ledger);
  let base = await restoreSnapshot(options);
  const top = (await ledger.position())?.top ?? 0;
  const published = await options.publisher.top(id);
  if (base.seq > top) {
    events.copyRebuilt(ledger.name, `its snapshot is at seq ${base.seq}, the ledger at ${top}`);
    base = genesis(definition, id);
  }
  // Offsets before the snapshot can only be given again by folding from the beginning.
  if (published < base.offset) base = genesis(definition, id);
  const { folded, changes } = await foldTail(options, ledger, base);
  await publishMissing(options, folded, changes, published);
  return folded;
}

async function restoreSnapshot<D, B, U, M extends AnyStateMachine>(
  { definition, id, cells, events }: LoopOptions<D, B, U, M>,
): Promise<Folded<M>> {
  const key = snapshotKey(definition.kind, id);
  const cell = await cells.get(key);
  if (cell === null) return genesis(definition, id);
  const decoded = decodeSnapshot(definition, cell.bytes);
  if (decoded.outcome === "restored") return decoded.folded;
  events.copyRebuilt(key, decoded.reason);
  return genesis(definition, id);
}

/** Brings the ledger's stream and SQL to the same top. */
async function reconcile<D, B, U, M extends AnyStateMachine>(
  { id, fence, history, events }: LoopOptions<D, B, U, M>,
  ledger: Ledger<B>,
): Promise<void> {
  const top = (await ledger.position())?.top ?? 0;
  const recorded = await history.top(id);
  if (recorded > top) {
    const missing = await history.after(id, top);
    events.copyRebuilt(ledger.name, `${missing.length} entries after seq ${top} came from SQL`);
    const appended = await ledger.append(fence, top, missing);
    if (appended.outcome !== "appended") throw notAppended(ledger.name, appended.outcome);
  } else if (recorded < top) {
    await history.write(id, fence, await ledger.after(recorded));
  }
}

/**
 * Folds what follows the snapshot. Where that fails the snapshot may be wrong, so the whole ledger
 * is folded; an entry that fails even then is put into quarantine.
 */
async function foldTail<D, B, U, M extends AnyStateMachine>(
  options: LoopOptions<D, B, U, M>,
  ledger: Ledger<B>,
  base: Folded<M>,
) {
  const { definition, events, id } = options;
  for (;;) {
    const entries = await ledger.after(base.seq);
    try {
      return foldEntries(definition, base, entries);
    } catch (error) {
      if (!(error instanceof FoldError)) throw error;
      if (base.seq === 0) await quarantine(options, ledger, entries, error);
      else events.copyRebuilt(snapshotKey(definition.kind, id), error.message);
      base = genesis(definition, id);
    }
  }
}

/** @throws {FoldError} where the entry is a quarantine itself: one more would fail like it. */
async function quarantine<D, B, U, M extends AnyStateMachine>(
  { definition, fence, clock, history, id }: LoopOptions<D, B, U, M>,
  ledger: Ledger<B>,
  entries: Committed<B>[],
  error: FoldError,
): Promise<void> {
  const failing = entries.find(({ seq }) => seq === error.seq)!;
  if (definition.quarantinedSeq(failing.body) !== null) throw error;
  const top = entries.at(-1)!.seq;
  const entry: Committed<B> = {
    seq: top + 1,
    recordedAt: clock.now(),
    body: definition.quarantine(error.seq, error.message),
  };
  const appended = await ledger.append(fence, top, [entry]);
  if (appended.outcome !== "appended") throw notAppended(ledger.name, appended.outcome);
  await history.write(id, fence, [entry]);
}

async function publishMissing<D, B, U, M extends AnyStateMachine>(
  { id, fence, publisher, events }: LoopOptions<D, B, U, M>,
  folded: Folded<M>,
  changes: Numbered<U>[],
  published: number,
): Promise<void> {
  if (published > folded.offset) {
    events.copyRebuilt(
      `channel of ${id}`,
      `it was at ${published}, the ledger at ${folded.offset}`,
    );
    await publisher.reset(id, fence, folded.offset);
    return;
  }
  const missing = changes.filter(({ offset }) => offset !== null && offset > published);
  if (missing.length === 0) return;
  const { outcome } = await publisher.publish(id, fence, missing);
  if (outcome !== "published") throw notAppended(`the channel of ${id}`, outcome);
}

export function notAppended(ledger: string, outcome: string): Failure {
  return new Failure(
    outcome === "fenced" ? "fenced" : "appendUnknown",
    `Cannot append to ${ledger} as its store answered "${outcome}"`,
    { retryable: outcome !== "fenced" },
  );
}
