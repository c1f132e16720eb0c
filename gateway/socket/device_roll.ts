/**
 * The seats of every device at all gateways, on a roll of the shared cells.
 *
 * Who sits down puts itself on its device's roll and reads, in the same step,
 * who else is there: of two that come at once the second sees both, whatever
 * gateways they are at, and both answer alike who goes (`whoGoes`). A seat here
 * is closed here; another gateway is told on its own channel, and finds out at
 * the seat's next ping where that was lost, as it then asks again. Nobody waits
 * for any of this: without an answer a seat is kept and asked about until there
 * is one. Three commands a returning client: its own seat, a word to the ghost's
 * gateway, the ghost's farewell.
 */
import { createHash } from "node:crypto";
import type { Broker } from "../../actors/ports/broker.ts";
import type { CellStore } from "../../actors/ports/cell.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import type { Clock, Timer } from "../../runtime/clock.ts";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { type Placed, whoGoes } from "./eviction_rules.ts";

export interface DeviceRollPorts {
  cells: Pick<CellStore, "attend" | "depart">;
  broker: Broker;
  clock: Clock;
  events: BusinessEvents;
  /** Names this process among all that ever were. */
  node: string;
}

/** Whom the roll speaks to. */
export interface Usher {
  isSeated(device: string, session: string): boolean;
  /** Everybody here who has a device. */
  seated(): Iterable<Seated>;
  evict(device: string, session: string, code: number): void;
}

export interface Seated extends Placed {
  device: string;
}

interface Claim extends Placed {
  node: string;
  /** As it stands on the roll. */
  text: string;
}

export class DeviceRoll {
  readonly #ports: DeviceRollPorts;
  readonly #usher: Usher;
  /** To be asked about, first come first. */
  readonly #due = new Set<Seated>();
  #underWay = 0;
  #retry: Timer | null = null;
  /** Devices by what leaves their rolls, said together: nobody waits for a farewell. */
  #departing = new Map<string, string>();
  #isClosed = false;
  #leave = () => {};

  private constructor(ports: DeviceRollPorts, usher: Usher) {
    this.#ports = ports;
    this.#usher = usher;
  }

  /** @throws {Failure} where the broker cannot be heard. */
  static async open(ports: DeviceRollPorts, usher: Usher): Promise<DeviceRoll> {
    const roll = new DeviceRoll(ports, usher);
    roll.#leave = await ports.broker.subscribe(
      channelOf(ports.node),
      (bytes) => roll.#hear(bytes),
      // The store may have been emptied: every seat is put on its roll again.
      () => Promise.resolve(roll.#askAll()),
    );
    return roll;
  }

  enter(seat: Seated): void {
    this.ask(seat);
  }

  /** Puts the seat on its device's roll anew and looks who is there. */
  ask(seat: Seated): void {
    this.#due.add(seat);
    this.#askDue();
  }

  leave(seat: Seated): void {
    this.#due.delete(seat);
    this.#depart(seat.device, textOf(seat, this.#ports.node));
  }

  close(): void {
    this.#isClosed = true;
    this.#due.clear();
    this.#retry?.cancel();
    this.#departAll();
    this.#leave();
  }

  #askAll(): void {
    for (const seat of this.#usher.seated()) this.#due.add(seat);
    this.#askDue();
  }

  #askDue(): void {
    if (this.#retry !== null) return;
    for (const seat of this.#due) {
      if (this.#underWay >= limits.seatsAskedMax) return;
      this.#due.delete(seat);
      this.#underWay += 1;
      void this.#settle(seat);
    }
  }

  async #settle(seat: Seated): Promise<void> {
    const { cells, clock, events, node } = this.#ports;
    try {
      const present = await cells.attend(seat.device, textOf(seat, node), limits.seatMs);
      this.#judge(seat.device, present.flatMap(readClaim));
    } catch (thrown) {
      if (!(thrown instanceof Failure)) {
        events.warned(`Cannot tell who else is on a device: ${reasonOf(thrown)}`);
      } else if (this.#usher.isSeated(seat.device, seat.id) && !this.#isClosed) {
        this.#due.add(seat);
        this.#retry ??= clock.after(limits.seatsRetryMs, () => {
          this.#retry = null;
          this.#askDue();
        });
      }
    }
    this.#underWay -= 1;
    this.#askDue();
  }

  #judge(device: string, claims: Claim[]): void {
    const { node } = this.#ports;
    const isLive = ({ node: at, id }: Claim) => at !== node || this.#usher.isSeated(device, id);
    // What a farewell that was lost has left behind of ours.
    for (const claim of claims) if (!isLive(claim)) this.#depart(device, claim.text);
    for (const [claim, code] of whoGoes(claims.filter(isLive))) {
      if (claim.node === node) this.#usher.evict(device, claim.id, code);
      else this.#tell(claim.node, [device, claim.id, code]);
    }
  }

  #tell(node: string, eviction: [device: string, session: string, code: number]): void {
    const bytes = new TextEncoder().encode(JSON.stringify(eviction));
    this.#ports.broker.publish(channelOf(node), [bytes]).catch(ignore);
  }

  #hear(bytes: Uint8Array): void {
    const [device, session, code] = JSON.parse(new TextDecoder().decode(bytes));
    this.#usher.evict(device, session, code);
  }

  #depart(device: string, text: string): void {
    this.#departing.set(text, device);
    if (this.#isClosed) this.#departAll();
    else if (this.#departing.size === 1) {
      this.#ports.clock.after(limits.seatsDepartMs, () => this.#departAll());
    }
  }

  #departAll(): void {
    const departing = this.#departing;
    this.#departing = new Map();
    for (const [text, device] of departing) {
      this.#ports.cells.depart(device, text).catch(ignore);
    }
  }
}

/** Names a device's roll; a person's and a device's name are nobody's to read there. */
export function deviceName(subject: string, deviceId: string): string {
  const hash = createHash("sha256").update(`${subject}\n${deviceId}`).digest("base64url");
  return `device/${hash.slice(0, 22)}`;
}

function channelOf(node: string): string {
  return `seats/${node}`;
}

function textOf({ id, instanceId, attempt, seatedAt }: Placed, node: string): string {
  return JSON.stringify([id, instanceId, attempt, seatedAt, node]);
}

function readClaim(text: string): Claim[] {
  const [id, instanceId, attempt, seatedAt, node] = JSON.parse(text);
  return [{ id, instanceId, attempt, seatedAt, node, text }];
}

/** A seat's time on the roll ends by itself, and its next ping asks again. */
function ignore(): void {}
