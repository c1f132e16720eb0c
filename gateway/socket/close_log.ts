/**
 * How sockets of this process ended, for "why did this fan not see the goal".
 *
 * A ring of the last thousand: memory stays what it is however many come and
 * go. Sockets that never said Hello have nobody to be asked after and are not
 * in it.
 */
import { limits } from "../../runtime/limits.ts";
import type { Session } from "./session.ts";

export interface CloseLine {
  session: string;
  device: string;
  subject: string;
  code: number;
  /** Ours; the client's where it went by itself. */
  reason: string;
  /** Milliseconds since 1970. */
  at: number;
}

export class CloseLog {
  readonly #lines: CloseLine[] = [];
  /** The oldest, once all places are taken. */
  #next = 0;

  closed({ id, deviceId, subject }: Session, code: number, reason: string, at: number): void {
    this.#lines[this.#next] = { session: id, device: deviceId, subject, code, reason, at };
    this.#next = (this.#next + 1) % limits.closesKeptMax;
  }

  /** Newest first, at most a hundred. */
  of(isAsked: (line: CloseLine) => boolean): CloseLine[] {
    const inOrder = [...this.#lines.slice(this.#next), ...this.#lines.slice(0, this.#next)];
    return inOrder.filter(isAsked).reverse().slice(0, limits.closesShownMax);
  }
}
