/**
 * Who sits on a socket, and which sockets of one device may stay.
 *
 * What this gateway knows is decided in the step that seats a newcomer; who sits
 * at others is the device roll's to find out, a moment later. Clients that name
 * no device cannot have ghosts told apart and keep them.
 */
import type { Pass, Role } from "../auth/pass.ts";
import { deviceName, DeviceRoll, type DeviceRollPorts, type Seated } from "./device_roll.ts";
import { evictionReason, whoGoes } from "./eviction_rules.ts";

/** Who is named by the token, on the device and in the instance that Hello names. */
export interface Session extends Omit<Pass, "role"> {
  id: string;
  role: Role;
  deviceId: string;
  instanceId: string;
  attempt: number;
  lite: boolean;
}

export interface Seat {
  /** Sessions' own note of where it sits; null: nowhere. */
  place: Place | null;
  close(code: number, reason: string): void;
}

export interface Place extends Seated {
  seat: Seat;
}

/** Two who sit down in one millisecond still have an order. */
const NEXT_SEAT_MS = 0.001;

export class Sessions {
  readonly #ports: DeviceRollPorts;
  readonly #devices = new Map<string, Place[]>();
  #roll: DeviceRoll | null = null;
  #seatedAt = 0;

  private constructor(ports: DeviceRollPorts) {
    this.#ports = ports;
  }

  /** @throws {Failure} where other gateways cannot be heard. */
  static async open(ports: DeviceRollPorts): Promise<Sessions> {
    const sessions = new Sessions(ports);
    sessions.#roll = await DeviceRoll.open(ports, {
      isSeated: (device, id) => sessions.#find(device, id) !== undefined,
      seated: () => [...sessions.#devices.values()].flat(),
      evict: (device, id, code) =>
        sessions.#find(device, id)?.seat.close(code, evictionReason(code)),
    });
    return sessions;
  }

  /**
   * Seats `seat` and closes who has to go for it.
   * @returns false where that is `seat` itself: its instance has a later attempt here.
   */
  enter(seat: Seat, { id, subject, deviceId, instanceId, attempt }: Session): boolean {
    if (deviceId === "") return true;
    const device = deviceName(subject, deviceId);
    const place = { id, instanceId, attempt, seatedAt: this.#nextSeatedAt(), device, seat };
    const others = this.#devices.get(device);
    const places = others === undefined ? [place] : [...others, place];
    const gone = whoGoes(places);
    if (!gone.has(place)) {
      this.#devices.set(device, places);
      seat.place = place;
    }
    for (const [other, code] of gone) other.seat.close(code, evictionReason(code));
    if (gone.has(place)) return false;
    this.#roll!.enter(place);
    return true;
  }

  /** Its ping is due: so is its place on the device's roll. */
  renew(seat: Seat): void {
    if (seat.place !== null) this.#roll!.ask(seat.place);
  }

  leave(seat: Seat): void {
    const { place } = seat;
    if (place === null) return;
    seat.place = null;
    const places = this.#devices.get(place.device)!.filter((other) => other !== place);
    if (places.length > 0) this.#devices.set(place.device, places);
    else this.#devices.delete(place.device);
    this.#roll!.leave(place);
  }

  close(): void {
    this.#roll!.close();
  }

  #find(device: string, id: string): Place | undefined {
    return this.#devices.get(device)?.find((place) => place.id === id);
  }

  #nextSeatedAt(): number {
    return this.#seatedAt = Math.max(this.#ports.clock.now(), this.#seatedAt + NEXT_SEAT_MS);
  }
}
