/**
 * Who sits on a socket, and which sockets of one device may stay.
 *
 * An instance is a tab or an app start; its attempt counts its connects. When
 * an instance shows up twice the lower attempt is a ghost of the higher one and
 * goes for good; past the instances that a device may have the oldest goes.
 * Clients that name no device cannot have ghosts told apart and keep them.
 */
import { closeCode } from "../../protocol/close_code.ts";
import { limits } from "../../runtime/limits.ts";

export type Role = "anonymous" | "fan" | "moderator" | "operator" | "feeder";

export interface Session {
  id: string;
  /** Empty: anonymous. */
  subject: string;
  role: Role;
  deviceId: string;
  instanceId: string;
  attempt: number;
  lite: boolean;
}

/** Whom a token names, as its verifier says. */
export type TokenVerdict =
  | { subject: string; role: Exclude<Role, "anonymous"> }
  | { refused: string };
/** @throws {Failure} (retryable) where it cannot be told now. */
export type VerifyToken = (token: string) => Promise<TokenVerdict>;

export interface Seat {
  readonly session: Session | null;
  close(code: number, reason: string): void;
}

export class Sessions {
  /** Oldest instance first. */
  readonly #devices = new Map<string, Seat[]>();

  /**
   * Seats `seat` and closes who has to go for it.
   * @returns false where that is `seat` itself: its instance has a later attempt here.
   */
  enter(seat: Seat, session: Session): boolean {
    if (session.deviceId === "") return true;
    const key = deviceKey(session);
    const seats = this.#devices.get(key) ?? [];
    const ghost = seats.find((other) => other.session!.instanceId === session.instanceId);
    if (ghost !== undefined && ghost.session!.attempt > session.attempt) return false;

    const kept = seats.filter((other) => other !== ghost);
    const oldest = kept.length >= limits.deviceInstancesMax ? kept.shift() : undefined;
    this.#devices.set(key, [...kept, seat]);
    ghost?.close(closeCode.replaced, "replaced");
    oldest?.close(closeCode.tooManyInstances, "tooManyInstances");
    return true;
  }

  leave(seat: Seat, session: Session): void {
    const key = deviceKey(session);
    const seats = this.#devices.get(key)?.filter((other) => other !== seat);
    if (seats === undefined) return;
    if (seats.length > 0) this.#devices.set(key, seats);
    else this.#devices.delete(key);
  }
}

function deviceKey({ subject, deviceId }: Session): string {
  return `${subject}\n${deviceId}`;
}
