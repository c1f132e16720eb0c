/**
 * Carries purges of users into every room in which they wrote.
 *
 * The global log remembers a purge until it is told that none is left, so it goes
 * on where another owner takes over. Each room is told under the purge's own
 * client id: a second time changes nothing. What was written last reaches SQL a
 * moment later, so rooms are looked for again before the purge is over.
 */
import type { GlobalPurge } from "../actors/moderation/global_log_context.ts";
import type { RoomAnswer, RoomCommand, Rooms } from "../actors/ports/rooms.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { type Clock, pause } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";

export interface GlobalPurgesPorts {
  rooms(): Pick<Rooms, "command">;
  /** Rooms in which a user wrote. @throws {Failure} where SQL is away. */
  roomsOf(user: string): Promise<string[]>;
  clock: Clock;
  events: BusinessEvents;
}

type Role = RoomCommand["from"]["role"];

/** At the first look, and for what SQL did not have yet. */
const LOOKS = 3;
const RETRY_MS = 1_000;

export class GlobalPurges {
  readonly #ports: GlobalPurgesPorts;
  readonly #carrying = new Set<number>();
  #isStopped = false;

  constructor(ports: GlobalPurgesPorts) {
    this.#ports = ports;
  }

  /** Begins those that are not under way; `carried` is told once a purge has reached every room. */
  carry(purges: GlobalPurge[], carried: (action: number, rooms: number) => void): void {
    for (const purge of purges) {
      if (this.#carrying.has(purge.action)) continue;
      this.#carrying.add(purge.action);
      void this.#carry(purge).then((rooms) => {
        this.#carrying.delete(purge.action);
        if (rooms !== null) carried(purge.action, rooms);
      });
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** How many rooms it has reached; null: it was stopped. */
  async #carry(purge: GlobalPurge): Promise<number | null> {
    const { clock, roomsOf } = this.#ports;
    const reached = new Set<string>();
    let isTold = false;
    for (let look = 0; look < LOOKS && !this.#isStopped;) {
      try {
        const rooms = (await roomsOf(purge.user)).filter((room) => !reached.has(room));
        for (const room of rooms) {
          await this.#tell(room, purge);
          reached.add(room);
        }
        look++;
      } catch (thrown) {
        if (!isTold) {
          this.#ports.events.warned(
            `Cannot purge ${purge.user} in all rooms yet, it is tried again: ${reasonOf(thrown)}`,
          );
        }
        isTold = true;
        await pause(clock, RETRY_MS);
        continue;
      }
      if (look < LOOKS) await pause(clock, limits.purgeLookAgainMs);
    }
    return this.#isStopped ? null : reached.size;
  }

  /** @throws {Failure} where the room is to be asked again. */
  async #tell(room: string, { action, user, by, reason }: GlobalPurge): Promise<void> {
    const answer: RoomAnswer = await this.#ports.rooms().command(room, {
      // In force by the global log, which has checked who did it.
      from: { user: by.user, role: by.role as Role },
      wish: {
        kind: "moderate",
        clientId: `purge-${action}`,
        request: { kind: "purge", target: user, reason, confirm: true },
        targetRole: "fan",
      },
    });
    if (answer.outcome === "ok") return;
    if (answer.retryAfterMs !== undefined) throw new Failure(answer.code, answer.reason);
    this.#ports.events.warned(
      `Room ${room} did not purge ${user}, as action ${action} asks: ${answer.code}`,
    );
  }
}
