/**
 * The live XState actor of an entity, and the one caller of `createActor`.
 *
 * It is only ever sent what was committed, so whoever inspects it sees the
 * committed state. Its machine's named action `announce` fills the outbox; an
 * entry that leaves the outbox empty met no transition and is counted.
 */
import { type AnyActor, type AnyStateMachine, createActor } from "xstate";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { ActorDefinition, Committed } from "./actor_definition.ts";
import type { Folded } from "./fold.ts";

export class LiveActor<B, M extends AnyStateMachine> {
  // deno-lint-ignore no-explicit-any
  readonly #definition: ActorDefinition<any, B, any, M>;
  readonly #events: BusinessEvents;
  readonly #actor: AnyActor;
  readonly #outbox: number[] = [];

  constructor(
    // deno-lint-ignore no-explicit-any
    definition: ActorDefinition<any, B, any, M>,
    folded: Folded<M>,
    events: BusinessEvents,
    onError: (error: unknown) => void,
  ) {
    this.#definition = definition;
    this.#events = events;
    this.#actor = createActor(announcing(definition.machine), { snapshot: folded.snapshot });
    outboxes.set(this.#actor, this.#outbox);
    // Without an error observer XState rethrows on a timer and the process dies.
    this.#actor.subscribe({ error: onError });
    this.#actor.start();
  }

  /** Folds a committed entry for the second time. */
  fold(id: string, entry: Committed<B>): void {
    const event = this.#definition.event(entry);
    this.#actor.send(event);
    if (this.#outbox.pop() !== entry.seq) {
      this.#events.eventUnhandled(this.#definition.kind, event.type);
    }
    this.#events.entryCommitted(id, event.type);
  }

  stop(): void {
    this.#actor.stop();
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
