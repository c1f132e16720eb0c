/**
 * How an actor comes back: snapshot, ledger and channel brought to one state
 * before it takes its first delivery, and SQL to the same as soon as it can.
 *
 * Each store is claimed before it is read, so no older owner adds to what was
 * read. The ledger's stream and SQL hold the same entries; whichever lost its tail
 * gets it from the other, or from the writer's memory. SQL is never waited for
 * where the ledger holds anything: what it may lack is handed to the writer.
 * Where the two hold different entries SQL is right, as nothing else was ever
 * answered with yes, and all that was made from the others goes.
 * What was committed and not published is published now, at the offsets it
 * always had; a channel that knows more than the ledger showed what was taken
 * back, so it begins a new epoch and clients resync.
 */
import type { AnyStateMachine } from "xstate";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { Committed } from "./actor_definition.ts";
import { type Folded, foldEntries, FoldError, genesis } from "./fold.ts";
import type { Ledger } from "./ledger.ts";
import { compared, sqlBehind } from "./ledger_comparison.ts";
import type { LoopOptions } from "./loop_options.ts";
import type { Cell } from "./ports/cell.ts";
import type { Numbered } from "./ports/publisher.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot_codec.ts";
import { wholeLedgerAfter } from "./whole_ledger.ts";

/** Where an entity's snapshot lives. */
export function snapshotKey(kind: string, id: string): string {
  return `snapshot/${kind}/${id}`;
}

export interface Restored<M extends AnyStateMachine> {
  folded: Folded<M>;
  /** Resolves once SQL has everything that the ledger holds. */
  confirmed: Promise<void>;
}

export async function restore<D, B, U, M extends AnyStateMachine>(
  options: LoopOptions<D, B, U, M>,
  ledger: Ledger<B>,
): Promise<Restored<M>> {
  const { definition, id, fence, history, events } = options;
  const recorded = await reconcile(options, ledger);
  const cell = await options.cells.get(snapshotKey(definition.kind, id));
  let base = decodeCell(options, cell);
  const top = (await ledger.position())?.top ?? 0;
  const published = granted("channel", await options.publisher.claim(id, fence), options);
  if (base.seq > top) {
    events.copyRebuilt(ledger.name, `its snapshot is at seq ${base.seq}, the ledger at ${top}`);
    base = genesis(definition, id);
  }
  // Offsets before the snapshot can only be given again by folding from the beginning.
  if (published < base.offset) base = genesis(definition, id);
  const { folded, changes } = await foldTail(options, ledger, base);
  await publishMissing(options, folded, changes, published);
  if (folded.seq > 0 && (cell?.fence ?? 0) < fence) await claimSnapshot(options, folded);
  const missing = folded.seq > recorded ? await ledger.after(recorded) : [];
  const confirmed = folded.seq > 0 ? history.write(id, fence, missing) : Promise.resolve();
  return { folded, confirmed };
}

function decodeCell<D, B, U, M extends AnyStateMachine>(
  { definition, id, events }: LoopOptions<D, B, U, M>,
  cell: Cell | null,
): Folded<M> {
  const key = snapshotKey(definition.kind, id);
  if (cell === null) return genesis(definition, id);
  const decoded = decodeSnapshot(definition, cell.bytes);
  if (decoded.outcome === "restored") return decoded.folded;
  events.copyRebuilt(key, decoded.reason);
  return genesis(definition, id);
}

/** An older owner's snapshot may hold what was taken back: from here on it is refused. */
async function claimSnapshot<D, B, U, M extends AnyStateMachine>(
  options: LoopOptions<D, B, U, M>,
  folded: Folded<M>,
): Promise<void> {
  const { definition, id, fence, cells } = options;
  const bytes = encodeSnapshot(definition, folded, fence);
  const put = await cells.put(snapshotKey(definition.kind, id), bytes, { fence });
  granted("snapshot", put, options);
}

/** @throws {Failure} `fenced` where a newer owner was there before. */
function granted<T, D, B, U, M extends AnyStateMachine>(
  store: "ledger" | "channel" | "snapshot",
  claimed: T | "fenced",
  { id, events }: LoopOptions<D, B, U, M>,
): T {
  if (claimed !== "fenced") return claimed as T;
  events.writeFenced(store);
  throw notAppended(`the ${store} of ${id}`, "fenced");
}

/**
 * Gives the ledger's stream the tail that it lost; answers up to which entry SQL is known to have
 * them. Where SQL does not say, the ledger counts as whole: losing its tail too would be both at once.
 */
async function reconcile<D, B, U, M extends AnyStateMachine>(
  options: LoopOptions<D, B, U, M>,
  ledger: Ledger<B>,
): Promise<number> {
  const { id, fence, history, events, isContested = false } = options;
  const top = granted("ledger", await ledger.claim(fence), options);
  // Taken before SQL is asked: an entry confirmed in between is in both, never in neither.
  const unconfirmed = history.unconfirmed(id);
  const compare = (recorded: number) => compared(options, ledger, top, recorded);
  let inSql = top === 0 || isContested
    ? await compare(await claimRecorded(options))
    : await inTime(options, () => history.top(id).then(compare));
  // An owner before may have written and trimmed since SQL was asked; now it cannot any more.
  if (inSql?.isBehind) inSql = await compare(await claimRecorded(options));
  if (inSql?.isBehind) throw sqlBehind(ledger.name, inSql.recorded);
  if (inSql?.isOther) return await yieldToSql(options, ledger);
  const { recorded, entries } = inSql ?? { recorded: null, entries: [] };
  const missing = lastKept(options, entries).filter(({ seq }) => seq > top);
  const reached = missing.at(-1)?.seq ?? top;
  missing.push(...unconfirmed.filter(({ seq }) => seq > reached));
  if (missing.length > 0) {
    const found = `${missing.length} entries after seq ${top} came from SQL or its writer`;
    events.copyRebuilt(ledger.name, found);
    await refill(options, ledger, top, missing);
  }
  return recorded ?? 0;
}

/** What of SQL's entries the ledger's stream is to hold. */
function lastKept<D, B, U, M extends AnyStateMachine>(
  { definition: { ledgerKept = Infinity } }: LoopOptions<D, B, U, M>,
  entries: Committed<B>[],
): Committed<B>[] {
  return entries.length > ledgerKept ? entries.slice(-ledgerKept) : entries;
}

/** Where they begin later than the stream ends, what it held is with SQL and goes. */
async function refill<D, B, U, M extends AnyStateMachine>(
  { fence }: LoopOptions<D, B, U, M>,
  ledger: Ledger<B>,
  top: number,
  entries: Committed<B>[],
): Promise<void> {
  const after = entries[0]!.seq - 1;
  if (after > top) await ledger.reset(fence, after);
  const appended = await ledger.append(fence, after, entries);
  if (appended.outcome !== "appended") throw notAppended(ledger.name, appended.outcome);
}

/**
 * Makes the ledger what SQL holds. What it held instead was shown and never answered with yes: its
 * facts are still in the intake, or come again. Last of all the ledger, so that whoever dies over
 * this begins anew; a ledger that is left empty is filled from SQL.
 */
async function yieldToSql<D, B, U, M extends AnyStateMachine>(
  options: LoopOptions<D, B, U, M>,
  ledger: Ledger<B>,
): Promise<number> {
  const { definition, id, fence, history, publisher, events } = options;
  await claimRecorded(options);
  const entries = await history.after(id, 0);
  events.copyRebuilt(ledger.name, `SQL holds others: its ${entries.length} entries are taken`);
  await claimSnapshot(options, genesis(definition, id));
  await publisher.reset(id, fence, 0);
  await ledger.reset(fence);
  if (entries.length > 0) await refill(options, ledger, 0, lastKept(options, entries));
  return entries.length;
}

/** An older owner may still be writing what it committed before the ledger was lost. */
async function claimRecorded<D, B, U, M extends AnyStateMachine>(
  { id, fence, history }: LoopOptions<D, B, U, M>,
): Promise<number> {
  // Where SQL is away this says so, while the writer would wait for it.
  await history.top(id);
  await history.write(id, fence, []);
  return await history.top(id);
}

/** Null where SQL is away, or too slow to wait for. */
async function inTime<T, D, B, U, M extends AnyStateMachine>(
  { clock }: LoopOptions<D, B, U, M>,
  ask: () => Promise<T>,
): Promise<T | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const deadline = clock.after(limits.takeoverSqlMsMax, () => resolve(null));
  const asked = ask().catch((error) => {
    if (error instanceof Failure && error.retryable) return null;
    throw error;
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    deadline.cancel();
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
  const { definition, events, id, history } = options;
  for (;;) {
    const entries = definition.ledgerKept === undefined
      ? await ledger.after(base.seq)
      : await wholeLedgerAfter(ledger, history, id, base.seq);
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
  { definition, fence, clock }: LoopOptions<D, B, U, M>,
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
  // More than a channel's history keeps: nobody can recover through it.
  if (missing.length > 2 * limits.channelRingMin) {
    return await publisher.reset(id, fence, folded.offset);
  }
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
