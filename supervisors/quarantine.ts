/**
 * Remembers which delivery an entity was working on when it crashed.
 *
 * One crash may be anybody's fault; the second with the same delivery is the
 * delivery's, which then goes to the dead letters so that the entity can go on.
 * Memory is bounded: the delivery blamed longest ago is forgotten first, at the
 * worst it is tried twice once more.
 */
import { limits } from "../runtime/limits.ts";

const CRASHES_MAX = 2;

export class Quarantine {
  readonly #keysMax: number;
  /** Crashes by entity and key, the latest blamed last. */
  readonly #crashes = new Map<string, number>();

  constructor(keysMax: number = limits.blamedDeliveriesMax) {
    this.#keysMax = keysMax;
  }

  /** Notes that `entity` crashed over the delivery `key`. */
  blame(entity: string, key: string): "retry" | "quarantine" {
    const name = nameOf(entity, key);
    const crashes = (this.#crashes.get(name) ?? 0) + 1;
    this.#crashes.delete(name);
    this.#crashes.set(name, crashes);
    if (this.#crashes.size > this.#keysMax) {
      const [oldest] = this.#crashes.keys();
      this.#crashes.delete(oldest!);
    }
    return crashes >= CRASHES_MAX ? "quarantine" : "retry";
  }

  /** The delivery went through, or lies with the dead letters. */
  forget(entity: string, key: string): void {
    // Called for every delivery that succeeds; nearly always there is nothing to forget.
    if (this.#crashes.size > 0) this.#crashes.delete(nameOf(entity, key));
  }
}

function nameOf(entity: string, key: string): string {
  return JSON.stringify([entity, key]);
}
