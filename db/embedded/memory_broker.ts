// deno-lint-ignore-file require-await -- a throw must reach the caller as a rejection
/**
 * The broker primitive within one process.
 *
 * A publication reaches every listener before `publish` returns, in the order of
 * publishing on all channels together: what a listener publishes in turn waits
 * until the present one is with everybody. A listener that throws is its own
 * trouble; the others still hear.
 */
import type { Broker, BrokerListener } from "../../actors/ports/broker.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { reasonOf } from "../../runtime/failure.ts";

interface Subscription {
  listener: BrokerListener;
}

export class MemoryBroker implements Broker {
  readonly #events: BusinessEvents;
  readonly #subscriptions = new Map<string, Set<Subscription>>();
  #waiting: { channel: string; payload: Uint8Array }[] = [];
  #delivering = false;

  constructor(events: BusinessEvents) {
    this.#events = events;
  }

  async publish(channel: string, payloads: Uint8Array[]): Promise<void> {
    for (const payload of payloads) this.#waiting.push({ channel, payload });
    if (this.#delivering) return;
    this.#delivering = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      for (const { channel, payload } of batch) this.#deliver(channel, payload);
    }
    this.#delivering = false;
  }

  async subscribe(channel: string, listener: BrokerListener): Promise<() => void> {
    const subscription = { listener };
    const others = this.#subscriptions.get(channel) ?? new Set();
    this.#subscriptions.set(channel, others.add(subscription));
    return () => {
      const left = this.#subscriptions.get(channel);
      if (left?.delete(subscription) && left.size === 0) this.#subscriptions.delete(channel);
    };
  }

  #deliver(channel: string, payload: Uint8Array): void {
    for (const { listener } of this.#subscriptions.get(channel) ?? []) {
      try {
        listener(payload);
      } catch (error) {
        this.#events.warned(
          `A listener of ${channel} threw and was passed over: ${reasonOf(error)}`,
        );
      }
    }
  }
}
