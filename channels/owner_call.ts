/**
 * A question to whoever owns an entity, from any process, and its answer.
 *
 * Questions go to the partition's door, answers to the asking node. Both travel
 * by the broker and may be lost: the caller has a deadline and asks with a key
 * that makes the second time harmless, so nothing waits for a message that will
 * never come.
 */
import type { Broker } from "../actors/ports/broker.ts";
import { partitionOf } from "../actors/ports/partition.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";

interface Question {
  id: number;
  replyTo: string;
  entity: string;
  /** Which of the owner's abilities is asked for. */
  ability: string;
  body: unknown;
}

type Reply =
  | { id: number; body: unknown }
  | { id: number; failure: { code: string; message: string; retryable: boolean } };

interface Pending {
  resolve(body: unknown): void;
  reject(failure: Failure): void;
  deadline: Timer;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const doorOf = (partition: number) => `door/${partition}`;
const deskOf = (node: string) => `desk/${node}`;
const read = <T>(payload: Uint8Array): T => JSON.parse(decoder.decode(payload));
const write = (value: unknown) => [encoder.encode(JSON.stringify(value))];

export interface CallerOptions {
  broker: Broker;
  clock: Clock;
  /** This process, among all that ever were. */
  node: string;
}

/** The asking side; one a process. */
export class OwnerCaller {
  readonly #options: CallerOptions;
  readonly #pending = new Map<number, Pending>();
  #asked = 0;
  #leave: () => void = () => {};

  private constructor(options: CallerOptions) {
    this.#options = options;
  }

  static async open(options: CallerOptions): Promise<OwnerCaller> {
    const caller = new OwnerCaller(options);
    caller.#leave = await options.broker.subscribe(
      deskOf(options.node),
      (payload) => caller.#hear(read(payload)),
    );
    return caller;
  }

  /** @throws {Failure} the owner's own, or `ownerUnavailable` (retryable) where none answers in time. */
  ask(entity: string, ability: string, body: unknown, deadlineMs: number): Promise<unknown> {
    const { broker, clock, node } = this.#options;
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      const deadline = clock.after(deadlineMs, () => {
        this.#pending.delete(id);
        reject(unavailable(`no owner of ${entity} answered within ${deadlineMs} ms`));
      });
      this.#pending.set(id, { resolve, reject, deadline });
      const question: Question = { id, replyTo: node, entity, ability, body };
      broker.publish(doorOf(partitionOf(entity)), write(question)).catch((error) => {
        this.#take(id)?.reject(unavailable(reasonOf(error)));
      });
    });
  }

  close(): void {
    this.#leave();
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(unavailable("stopping"));
  }

  #hear(reply: Reply): void {
    const pending = this.#take(reply.id);
    if (pending === undefined) return;
    if ("body" in reply) return pending.resolve(reply.body);
    const { code, message, retryable } = reply.failure;
    pending.reject(new Failure(code, message, { retryable }));
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.deadline.cancel();
    return pending;
  }
}

export type Abilities = Record<string, (entity: string, body: never) => Promise<unknown>>;

/** The answering side: one door for each partition that this node owns. */
export class OwnerDoors {
  readonly #broker: Broker;
  readonly #abilities: Abilities;
  readonly #open = new Map<number, () => void>();

  constructor(broker: Broker, abilities: Abilities) {
    this.#broker = broker;
    this.#abilities = abilities;
  }

  async open(partition: number): Promise<void> {
    this.close(partition);
    const leave = await this.#broker.subscribe(
      doorOf(partition),
      (payload) => void this.#answer(read(payload)),
    );
    this.#open.set(partition, leave);
  }

  close(partition: number): void {
    this.#open.get(partition)?.();
    this.#open.delete(partition);
  }

  async #answer({ id, replyTo, entity, ability, body }: Question): Promise<void> {
    const reply = await this.#do(id, ability, entity, body);
    // An answer that cannot be sent is one that is lost: the caller asks again.
    await this.#broker.publish(deskOf(replyTo), write(reply)).catch(() => {});
  }

  async #do(id: number, ability: string, entity: string, body: unknown): Promise<Reply> {
    const can = this.#abilities[ability];
    if (can === undefined) {
      const message = `Cannot do ${ability}: this owner is of another version`;
      return { id, failure: { code: "unknownAbility", message, retryable: true } };
    }
    try {
      return { id, body: await can(entity, body as never) };
    } catch (error) {
      const { code, retryable } = error instanceof Failure
        ? error
        : { code: "internal", retryable: true };
      return { id, failure: { code, message: reasonOf(error), retryable } };
    }
  }
}

function unavailable(why: string): Failure {
  return new Failure("ownerUnavailable", `Cannot reach an owner: ${why}`, { retryable: true });
}
