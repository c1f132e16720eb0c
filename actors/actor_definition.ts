/**
 * What a kind of actor is, for the one loop that runs them all.
 *
 * A definition is pure: it decides what a delivery means in the present state,
 * folds what was committed and says what changed. When that happens and to whom
 * it goes is the loop's; what follows a crash is the supervisor's.
 *
 * The types: `D` what is delivered (a fact, an op, a command), `B` the body of
 * an entry, `U` what changed, for everyone downstream.
 */
import type { AnyStateMachine, SnapshotFrom } from "xstate";

/** One committed line of an actor's ledger. */
export interface Committed<B> {
  seq: number;
  recordedAt: number;
  body: B;
}

export type Decision<B> =
  /** These entries, in this order, at once; none means: understood, nothing to record. */
  | { outcome: "accepted"; entries: B[] }
  | { outcome: "duplicate" }
  | { outcome: "rejected"; code: string; reason: string };

/** A change that others hear of. Durable ones get an offset and can be recovered. */
export interface Change<U> {
  durable: boolean;
  update: U;
}

/** A snapshot is due after so many entries, or so long after the first of them. */
export interface SnapshotPace {
  entriesMax: number;
  ageMsMax: number;
}

export interface ActorDefinition<D, B, U, M extends AnyStateMachine = AnyStateMachine> {
  /** "match", "room", …: first part of stream and cell names. */
  kind: string;
  machine: M;
  /** Raised whenever a stored snapshot of before cannot be read as one of now. */
  machineVersion: number;
  /** Input of the machine for a new entity. */
  input(id: string): unknown;
  /** The machine's event for a committed entry. */
  event(entry: Committed<B>): { type: string };
  /** @throws nothing but a bug: what a delivery lacks is `rejected`. */
  decide(snapshot: SnapshotFrom<M>, delivery: D, now: number): Decision<B>;
  /** What others hear, in order, when `entry` turns `before` into `after`. */
  changes(before: SnapshotFrom<M>, after: SnapshotFrom<M>, entry: Committed<B>): Change<U>[];
  /** When the actor wants to be woken without a delivery, milliseconds since 1970. */
  nextDeadline(snapshot: SnapshotFrom<M>): number | null;
  /** The actor's own words at that time. */
  atDeadline(snapshot: SnapshotFrom<M>, now: number): B[];
  /** Names a delivery across retries, for quarantine and dead letters. */
  deliveryKey(delivery: D): string;
  /** The entry that every fold answers by skipping the entry at `seq`. */
  quarantine(seq: number, reason: string): B;
  /** The seq that such an entry names; null for every other entry. */
  quarantinedSeq(body: B): number | null;
  /** Deliveries of one commit, at most; absent: `loopBatchMax`. */
  commitMax?: number;
  /** Where a snapshot is large: not after every few entries. */
  snapshotPace?: SnapshotPace;
  /** Where a ledger never ends: its stream keeps so many of those that snapshot and SQL have. */
  ledgerKept?: number;
  /** A change of phase is worth a snapshot at once. */
  isNewPhase(before: SnapshotFrom<M>, after: SnapshotFrom<M>): boolean;
}
