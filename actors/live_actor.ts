/**
 * The live XState actor of an entity, and the one caller of `createActor`.
 *
 * It is only ever sent what was committed, so whoever inspects it sees the
 * committed state. Between two entries it may rest: 4 KB of an idle entity are its
 * actor, and 20 us bring it back from the committed snapshot. Its machine's named action `announce` fills the outbox; an
 * entry that leaves the outbox empty met no transition and is counted.
 */
import { type AnyActor, type AnyStateMachine, createActor } from "xstate";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { assert } from "../runtime/failure.ts";
import type { ActorDefinition, Committed } from "./actor_definition.ts";
import type { Folded } from "./fold.ts";

type Snapshot<M extends AnyStateMachine> = Folded<M>["snapshot"];

export class LiveActor<B, M extends AnyStateMachine> {
  // deno-lint-ignore no-explicit-any
  readonly #definition: ActorDefinition<any, B, any, M>;
  readonly #events: BusinessEvents;
  readonly #onError: (error: unknown) => void;
  /** Null: it rests. */
  #actor: AnyActor | null = null;
  /** What it wakes up with. */
  #resting: Snapshot<M> | null;

  constructor(
    // deno-lint-ignore no-explicit-any
    definition: ActorDefinition<any, B, any, M>,
    folded: Folded<M>,
    events: BusinessEvents,
    onError: (error: unknown) => void,
  ) {
    this.#definition = definition;
    this.#events = events;
    this.#onError = onError;
    this.#resting = folded.snapshot;
  }

  /** Folds a committed entry for the second time. */
  fold(id: string, entry: Committed<B>): void {
    const event = this.#definition.event(entry);
    const actor = this.#actor ??= this.#woken();
    actor.send(event);
    if (outboxes.get(actor)!.pop() !== entry.seq) {
      this.#events.eventUnhandled(this.#definition.kind, event.type);
    }
    this.#events.entryCommitted(id, event.type);
  }

  /** Until the next entry. `committed` is the state that it has. */
  rest(committed: Snapshot<M>): void {
    this.#resting = committed;
    this.stop();
  }

  stop(): void {
    this.#actor?.stop();
    this.#actor = null;
  }

  #woken(): AnyActor {
    assert(this.#resting !== null, "who rests has a state to come back with");
    const machine = announcing(this.#definition.machine);
    const actor = createActor(machine, { snapshot: this.#resting });
    this.#resting = null;
    outboxes.set(actor, []);
    // Without an error observer XState rethrows on a timer and the process dies.
    actor.subscribe({ error: this.#onError });
    actor.start();
    return actor;
  }
}

/** What each living actor has announced and nobody has taken yet. */
const outboxes = new WeakMap<AnyActor, number[]>();
const machines = new WeakMap<AnyStateMachine, AnyStateMachine>();

/** One for all actors of a kind: a machine's tree is 45 KB. */
function announcing(machine: AnyStateMachine): AnyStateMachine {
  let known = machines.get(machine);
  if (known === undefined) {
    known = machine.provide({ actions: { announce } } as never) as AnyStateMachine;
    machines.set(machine, known);
  }
  return known;
}

function announce({ event, self }: { event: { entry?: { seq: number } }; self: AnyActor }): void {
  if (event.entry !== undefined) outboxes.get(self)?.push(event.entry.seq);
}
