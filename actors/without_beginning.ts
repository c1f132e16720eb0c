/**
 * A machine for pure steps alone.
 *
 * XState's `transition` begins an actor of its logic at each call. For a whole
 * machine that costs twice the step itself, and in a loop of steps half of the
 * garbage; one that is begun without its input throws inside. What is begun here
 * is nothing; the step is the machine's own.
 */
import type { AnyActorLogic, AnyStateMachine } from "xstate";

export function withoutBeginning(machine: AnyStateMachine): AnyActorLogic {
  return {
    transition: (snapshot, event, scope) => machine.transition(snapshot, event, scope),
    getInitialSnapshot: () => ({ status: "active", output: undefined, error: undefined }),
    getPersistedSnapshot: (snapshot) => snapshot,
  };
}
