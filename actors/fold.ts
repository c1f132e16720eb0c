/**
 * The fold of a ledger, the same for the owner, its restart and every reader.
 *
 * One entry is one pure transition; what changed by it is numbered here, so the
 * offset of a publication follows from the ledger alone and a replay gives the
 * same offsets. An entry that was put into quarantine changes nothing.
 */
import { initialTransition, transition } from "xstate";
import type { AnyStateMachine, SnapshotFrom } from "xstate";
import type { ActorDefinition, Committed } from "./actor_definition.ts";
import type { Numbered } from "./ports/publisher.ts";
import { withoutBeginning } from "./without_beginning.ts";

export interface Folded<M extends AnyStateMachine> {
  snapshot: SnapshotFrom<M>;
  /** Last entry folded. */
  seq: number;
  /** Last offset given to a durable change. */
  offset: number;
}

export interface Step<U, M extends AnyStateMachine> {
  folded: Folded<M>;
  changes: Numbered<U>[];
}

// deno-lint-ignore no-explicit-any
type AnyDefinition<B, U, M extends AnyStateMachine> = ActorDefinition<any, B, U, M>;

/** An entity of which nothing is known yet. */
export function genesis<B, U, M extends AnyStateMachine>(
  definition: AnyDefinition<B, U, M>,
  id: string,
): Folded<M> {
  const [snapshot] = initialTransition(definition.machine, definition.input(id) as never);
  return { snapshot: snapshot as SnapshotFrom<M>, seq: 0, offset: 0 };
}

export function step<B, U, M extends AnyStateMachine>(
  definition: AnyDefinition<B, U, M>,
  folded: Folded<M>,
  entry: Committed<B>,
): Step<U, M> {
  const event = definition.event(entry) as never;
  const [next] = transition(withoutBeginning(definition.machine), folded.snapshot, event);
  const snapshot = next as SnapshotFrom<M>;
  let offset = folded.offset;
  const changes = definition.changes(folded.snapshot, snapshot, entry).map((change) => ({
    offset: change.durable ? ++offset : null,
    update: change.update,
  }));
  return { folded: { snapshot, seq: entry.seq, offset }, changes };
}

/** Folds `entries` onto `folded`, skipping those that a later one puts into quarantine. */
export function foldEntries<B, U, M extends AnyStateMachine>(
  definition: AnyDefinition<B, U, M>,
  folded: Folded<M>,
  entries: Committed<B>[],
): Step<U, M> {
  const skipped = new Set(entries.map((entry) => definition.quarantinedSeq(entry.body)));
  const changes: Numbered<U>[] = [];
  for (const entry of entries) {
    if (skipped.has(entry.seq)) {
      folded = { ...folded, seq: entry.seq };
      continue;
    }
    const stepped = foldOne(definition, folded, entry);
    folded = stepped.folded;
    changes.push(...stepped.changes);
  }
  return { folded, changes };
}

/** A committed entry cannot be folded: a bug met the ledger. */
export class FoldError extends Error {
  override name = "FoldError";
  readonly seq: number;

  constructor(seq: number, cause: unknown) {
    super(
      `Cannot fold the entry at seq ${seq}: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    );
    this.seq = seq;
  }
}

function foldOne<B, U, M extends AnyStateMachine>(
  definition: AnyDefinition<B, U, M>,
  folded: Folded<M>,
  entry: Committed<B>,
): Step<U, M> {
  try {
    return step(definition, folded, entry);
  } catch (error) {
    throw new FoldError(entry.seq, error);
  }
}
