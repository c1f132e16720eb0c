/**
 * What an actor's loop is given: stores, ports, and what to do where it must
 * ask. Everything that differs between kinds of actor and between processes.
 */
import type { AnyStateMachine } from "xstate";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import type { ActorDefinition } from "./actor_definition.ts";
import type { CellStore } from "./ports/cell.ts";
import type { History } from "./ports/history.ts";
import type { Publisher } from "./ports/publisher.ts";
import type { StreamStore } from "./ports/stream.ts";

export type Answer =
  | { outcome: "accepted" }
  | { outcome: "duplicate" }
  | { outcome: "rejected"; code: string; reason: string };

export interface LoopOptions<D, B, U, M extends AnyStateMachine> {
  definition: ActorDefinition<D, B, U, M>;
  id: string;
  /** The owner's token; every write carries it. */
  fence: number;
  /** SQL refused what the ledger holds: it is asked before anything else, however long that takes. */
  isContested?: boolean;
  stream: StreamStore;
  cells: CellStore;
  publisher: Publisher<U>;
  history: History<B>;
  clock: Clock;
  events: BusinessEvents;
  /** Called once per delivery, when its answer can no longer be taken back. */
  answered(delivery: D, answer: Answer): void;
  /**
   * A delivery made the transition throw. "retry": crash, come back, try again;
   * "setAside": it has been kept as a dead letter and is answered as rejected.
   */
  poisoned(delivery: D, error: unknown): Promise<"retry" | "setAside">;
  /** When and by whom a delivery was brought, for hops and traces. */
  origin(delivery: D): { receivedAt: number; trace?: string };
  /** Throws where the crash drill wants a transition to throw. */
  faultHook?(id: string, delivery: D): void;
}
