/**
 * Deliveries that an actor could not digest, kept until an operator decides.
 *
 * Durable before the delivery is answered, listed newest first, replayed as a
 * new revision of the fact so that the ledger shows both that it failed and
 * that it came again. Bounded: past the limit the oldest goes, with a warning.
 */
import type { FactDelivery } from "../actors/ports/match_owners.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { limits } from "../runtime/limits.ts";

const NAME = "dead-letters";

export interface DeadLetter {
  /** Position in the stream, as a string. */
  id: string;
  match: string;
  delivery: FactDelivery;
  reason: string;
  /** Milliseconds since 1970. */
  keptAt: number;
}

export class DeadLetters {
  readonly #stream: StreamStore;
  readonly #events: BusinessEvents;

  constructor(stream: StreamStore, events: BusinessEvents) {
    this.#stream = stream;
    this.#events = events;
  }

  async keep(letter: Omit<DeadLetter, "id">): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(letter));
    const [position] = await this.#stream.push(NAME, [bytes]);
    this.#events.deadLetterKept(String(position), `match/${letter.match}`, letter.reason);
    const held = await this.#stream.read(NAME, 0, limits.deadLettersMax + 1);
    if (held.length <= limits.deadLettersMax) return;
    const oldest = held[0]!.position;
    this.#events.warned(
      `Dead letter ${oldest} is forgotten as more than ${limits.deadLettersMax} wait; replay or discard them at /api/ops/dead-letters`,
    );
    await this.#stream.trim(NAME, oldest);
  }

  /** Newest first. */
  async list(): Promise<DeadLetter[]> {
    const entries = await this.#stream.read(NAME, 0, limits.deadLettersMax);
    return entries.map(({ position, bytes }) => ({
      id: String(position),
      ...JSON.parse(new TextDecoder().decode(bytes)),
    })).reverse();
  }

  async count(): Promise<number> {
    return (await this.#stream.read(NAME, 0, limits.deadLettersMax)).length;
  }

  async get(id: string): Promise<DeadLetter | null> {
    return (await this.list()).find((letter) => letter.id === id) ?? null;
  }

  async discard(id: string): Promise<void> {
    await this.#stream.remove(NAME, [Number(id)]);
  }
}
