/**
 * Reactions to a room itself: taps, counted here for a second and told to the
 * room's owner as sums.
 *
 * Lost where the owner is away; a cheer is over by the time that it is back.
 */
import type { Rooms } from "../actors/ports/rooms.ts";
import { ReactionTally } from "../actors/room/reaction_tally.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";

export class Cheers {
  readonly #rooms: Pick<Rooms, "cheer">;
  readonly #clock: Clock;
  readonly #tallies = new Map<string, ReactionTally>();

  constructor(rooms: Pick<Rooms, "cheer">, clock: Clock) {
    this.#rooms = rooms;
    this.#clock = clock;
  }

  /** Of more rooms at once than are remembered nothing is counted. */
  add(room: string, reaction: string): void {
    const known = this.#tallies.get(room);
    if (known === undefined && this.#tallies.size >= limits.roomRecordsMax) return;
    (known ?? this.#begin(room)).add(reaction);
  }

  #begin(room: string): ReactionTally {
    const tally = new ReactionTally();
    this.#tallies.set(room, tally);
    this.#clock.after(limits.cheerMs, () => {
      this.#tallies.delete(room);
      this.#rooms.cheer(room, tally.take()).catch(() => {});
    });
    return tally;
  }
}
