/**
 * One list of revocations for all processes.
 *
 * Kept on a roll of the shared cells, whose members leave it at their time, and
 * announced on the broker, so that every gateway closes such sockets at once.
 * An announcement may be lost: the roll is read again every ten seconds, and
 * whenever the broker is in doubt. And a roll may be lost: whoever still knows
 * what is missing writes it back, so an emptied store revokes nothing less.
 */
import type { Broker } from "../../actors/ports/broker.ts";
import type { CellStore } from "../../actors/ports/cell.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { type Clock, every, type Timer } from "../../runtime/clock.ts";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import {
  readRevocation,
  type Revocable,
  type Revocation,
  RevocationList,
  type Revocations,
  revocationText,
} from "./revocation_list.ts";

export interface RevocationBoardPorts {
  cells: CellStore;
  broker: Broker;
  clock: Clock;
  events: BusinessEvents;
}

/** Of the roll and of the broker's channel. */
const NAME = "revocations";
/** A roll is read by being on it: so we are, for a moment. */
const READER = "reader";
const READER_MS = 1;

export class RevocationBoard implements Revocations {
  readonly #ports: RevocationBoardPorts;
  readonly #list = new RevocationList();
  readonly #listeners = new Set<() => void>();
  #leave = () => {};
  #timer: Timer | null = null;

  private constructor(ports: RevocationBoardPorts) {
    this.#ports = ports;
  }

  /** Resolves once it knows what the store knows. @throws {Failure} where the store is away. */
  static async open(ports: RevocationBoardPorts): Promise<RevocationBoard> {
    const board = new RevocationBoard(ports);
    board.#leave = await ports.broker.subscribe(
      NAME,
      (bytes) => board.#take([new TextDecoder().decode(bytes)]),
      () => board.#read(),
    );
    try {
      await board.#read();
    } catch (thrown) {
      board.#leave();
      throw thrown;
    }
    board.#timer = every(ports.clock, limits.revocationsReadMs, () => board.#readQuietly());
    return board;
  }

  isRevoked(pass: Revocable): boolean {
    return this.#list.isRevoked(pass, this.#ports.clock.now());
  }

  hear(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Those in force. */
  all(): Revocation[] {
    return this.#list.all(this.#ports.clock.now());
  }

  /**
   * Resolves once the store has it and every process was told.
   * @throws {Failure} `tooManyRevocations`, or the store's own.
   */
  async revoke(revocation: Revocation): Promise<void> {
    const { broker } = this.#ports;
    if (this.all().length >= limits.revocationsMax) {
      throw new Failure(
        "tooManyRevocations",
        `Cannot revoke any more: needed fewer than ${limits.revocationsMax} in force`,
      );
    }
    const text = revocationText(revocation);
    this.#take(await this.#write(revocation));
    await broker.publish(NAME, [new TextEncoder().encode(text)]);
  }

  close(): void {
    this.#leave();
    this.#timer?.cancel();
  }

  async #readQuietly(): Promise<void> {
    await this.#read().catch((thrown) => {
      this.#ports.events.warned(
        `Cannot read which tokens are revoked, those known stay so: ${reasonOf(thrown)}`,
      );
    });
  }

  async #read(): Promise<void> {
    const stored = await this.#ports.cells.attend(NAME, READER, READER_MS);
    this.#take(stored);
    const known = new Set(stored);
    for (const revocation of this.all()) {
      if (!known.has(revocationText(revocation))) await this.#write(revocation);
    }
  }

  #write(revocation: Revocation): Promise<string[]> {
    const { cells, clock } = this.#ports;
    const lastsMs = Math.max(1, revocation.until - clock.now());
    return cells.attend(NAME, revocationText(revocation), lastsMs);
  }

  #take(texts: string[]): void {
    let news = 0;
    for (const text of texts) {
      const revocation = readRevocation(text);
      if (revocation !== null && this.#list.add(revocation)) news += 1;
    }
    if (news > 0) { for (const listener of this.#listeners) listener(); }
  }
}
