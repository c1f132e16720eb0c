/**
 * A question to whoever owns an entity, from any process, and its answer.
 *
 * Questions go to the partition's door, answers to the asking node. Both travel
 * by the broker and may be lost, and while an owner is being replaced nobody
 * listens: so a question is asked again until it is answered or its time is up.
 * What is asked is such that a second time is harmless. Who does not own the
 * entity keeps silent, as its owner will answer. What one door is asked in one
 * turn is one line of JSON; a question with bytes goes alone, they stand after
 * its line, as they are.
 */
import process from "node:process";
import type { Broker } from "../actors/ports/broker.ts";
import { partitionOf } from "../actors/ports/partition.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { nextTurn } from "../runtime/turn.ts";

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
  /** Until it is asked again, or given up. */
  timer: Timer;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const doorOf = (partition: number) => `door/${partition}`;
const deskOf = (node: string) => `desk/${node}`;
const read = <T>(payload: Uint8Array): T => JSON.parse(decoder.decode(payload));
const write = (value: unknown) => [encoder.encode(JSON.stringify(value))];
/** JSON as we write it has no line ends. */
const LINE_END = 0x0a;
const NO_BYTES = new Uint8Array();

function withBytes(question: Question, bytes: Uint8Array): Uint8Array[] {
  const [line] = write([question]);
  const payload = new Uint8Array(line!.length + 1 + bytes.length);
  payload.set(line!);
  payload[line!.length] = LINE_END;
  payload.set(bytes, line!.length + 1);
  return [payload];
}

function readWithBytes(payload: Uint8Array): [Question[], Uint8Array] {
  const end = payload.indexOf(LINE_END);
  if (end === -1) return [read(payload), NO_BYTES];
  return [read(payload.subarray(0, end)), payload.subarray(end + 1)];
}

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
  /** Of this turn, by the door. */
  readonly #questions = new Map<string, Question[]>();
  #asked = 0;
  #leave: () => void = () => {};

  private constructor(options: CallerOptions) {
    this.#options = options;
  }

  static async open(options: CallerOptions): Promise<OwnerCaller> {
    const caller = new OwnerCaller(options);
    caller.#leave = await options.broker.subscribe(
      deskOf(options.node),
      (payload) => {
        for (const reply of read<Reply[]>(payload)) caller.#hear(reply);
      },
    );
    return caller;
  }

  /** @throws {Failure} the owner's own, or `ownerUnavailable` (retryable) where none answers in time. */
  ask(
    entity: string,
    ability: string,
    body: unknown,
    deadlineMs: number,
    bytes: Uint8Array = NO_BYTES,
  ): Promise<unknown> {
    const { clock, node } = this.#options;
    const id = ++this.#asked;
    const question: Question = { id, replyTo: node, entity, ability, body };
    const endsAt = clock.monotonic() + deadlineMs;
    return new Promise((resolve, reject) => {
      const wait = (): Timer => {
        const leftMs = endsAt - clock.monotonic();
        return clock.after(Math.min(leftMs, limits.ownerAskAgainMs), () => {
          const pending = this.#pending.get(id)!;
          if (clock.monotonic() < endsAt) {
            pending.timer = wait();
            this.#put(question, bytes);
          } else {
            const why = `no owner of ${entity} answered within ${deadlineMs} ms`;
            this.#take(id)?.reject(unavailable(why));
          }
        });
      };
      this.#pending.set(id, { resolve, reject, timer: wait() });
      this.#put(question, bytes);
    });
  }

  close(): void {
    this.#leave();
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(unavailable("stopping"));
  }

  #put(question: Question, bytes: Uint8Array): void {
    const door = doorOf(partitionOf(question.entity));
    if (bytes.length > 0) return this.#send(door, [question], withBytes(question, bytes));
    const others = this.#questions.get(door);
    if (others !== undefined && others.length < limits.ownerQuestionsMax) {
      return void others.push(question);
    }
    const questions = [question];
    this.#questions.set(door, questions);
    // After the microtasks at hand, in which the others ask, and before anything is read.
    process.nextTick(() => {
      if (this.#questions.get(door) === questions) this.#questions.delete(door);
      this.#send(door, questions, write(questions));
    });
  }

  #send(door: string, questions: Question[], payloads: Uint8Array[]): void {
    this.#options.broker.publish(door, payloads).catch((error) => {
      for (const { id } of questions) this.#take(id)?.reject(unavailable(reasonOf(error)));
    });
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
    pending?.timer.cancel();
    return pending;
  }
}

export type Abilities = Record<
  string,
  (entity: string, body: never, bytes: Uint8Array) => Promise<unknown>
>;

/** The answering side: one door for each partition that this node owns. */
export class OwnerDoors {
  readonly #broker: Broker;
  readonly #abilities: Abilities;
  readonly #open = new Map<number, () => void>();
  /** Questions whose answer is being found: who asks again is answered by it. */
  readonly #underWay = new Set<string>();
  /** Of this turn, by who asked: what a room commits at once is answered by one publication. */
  readonly #answers = new Map<string, Reply[]>();

  constructor(broker: Broker, abilities: Abilities) {
    this.#broker = broker;
    this.#abilities = abilities;
  }

  async open(partition: number): Promise<void> {
    this.close(partition);
    const leave = await this.#broker.subscribe(
      doorOf(partition),
      (payload) => {
        const [questions, bytes] = readWithBytes(payload);
        for (const question of questions) void this.#answer(question, bytes);
      },
    );
    this.#open.set(partition, leave);
  }

  close(partition: number): void {
    this.#open.get(partition)?.();
    this.#open.delete(partition);
  }

  async #answer(question: Question, bytes: Uint8Array): Promise<void> {
    const { id, replyTo } = question;
    const name = `${replyTo}/${id}`;
    if (this.#underWay.has(name)) return;
    this.#underWay.add(name);
    const reply = await this.#do(question, bytes);
    this.#underWay.delete(name);
    if (reply !== null) this.#send(replyTo, reply);
  }

  #send(replyTo: string, reply: Reply): void {
    const others = this.#answers.get(replyTo);
    if (others !== undefined) return void others.push(reply);
    const replies = [reply];
    this.#answers.set(replyTo, replies);
    void nextTurn().then(() => {
      this.#answers.delete(replyTo);
      // An answer that cannot be sent is one that is lost: the caller asks again.
      return this.#broker.publish(deskOf(replyTo), write(replies)).catch(() => {});
    });
  }

  /** Null: it is not ours to answer. */
  async #do(
    { id, ability, entity, body }: Question,
    bytes: Uint8Array,
  ): Promise<Reply | null> {
    const can = this.#abilities[ability];
    if (can === undefined) {
      const message = `Cannot do ${ability}: this owner is of another version`;
      return { id, failure: { code: "unknownAbility", message, retryable: true } };
    }
    try {
      return { id, body: await can(entity, body as never, bytes) };
    } catch (error) {
      if (error instanceof Failure && error.code === "notOwner") return null;
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
