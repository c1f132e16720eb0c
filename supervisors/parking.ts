/**
 * Which entities of a kind rest after too many crashes, since when and why.
 *
 * A supervisor says so as an event; it is noted here on its way to the log, so
 * whoever would wake an entity asks here first, and those who wait for one are
 * told in the same step.
 */
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";

export interface ParkingOptions {
  /** Of the children's ids: `match/` */
  prefix: string;
  clock: Clock;
  events: BusinessEvents;
  /** The entity rests from now on. */
  parked(entityId: string, reason: string): void;
}

export class Parking {
  /** For the supervisor. */
  readonly events: BusinessEvents;
  readonly #prefix: string;
  readonly #resting = new Map<string, { reason: string; since: number }>();

  constructor({ prefix, clock, events, parked }: ParkingOptions) {
    this.#prefix = prefix;
    const heard: Partial<BusinessEvents> = {
      childParked: (childId, reason) => {
        const id = this.#entityOf(childId);
        this.#resting.set(id, { reason, since: clock.now() });
        parked(id, reason);
        events.childParked(childId, reason);
      },
      childUnparked: (childId) => {
        this.#resting.delete(this.#entityOf(childId));
        events.childUnparked(childId);
      },
    };
    this.events = new Proxy(events, {
      get: (target, name) =>
        heard[name as keyof BusinessEvents] ?? target[name as keyof BusinessEvents],
    });
  }

  has(entityId: string): boolean {
    return this.#resting.has(entityId);
  }

  /** Null where it does not rest. */
  reasonOf(entityId: string): string | null {
    return this.#resting.get(entityId)?.reason ?? null;
  }

  /** By child id; 0 where it does not rest. */
  since(childId: string): number {
    return this.#resting.get(this.#entityOf(childId))?.since ?? 0;
  }

  #entityOf(childId: string): string {
    return childId.slice(this.#prefix.length);
  }
}
