/**
 * Reactions of a room, told at most once a second: to messages the counts of
 * those that changed, to the room itself the few most given since the last time.
 */
import type { ReactionCount } from "../actors/room/reaction_tally.ts";
import { ReactionTally } from "../actors/room/reaction_tally.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import { type MessageTally, topOf } from "./encode_room.ts";

export class RoomReactions {
  readonly #clock: Clock;
  readonly #tell: (tallies: MessageTally[]) => void;
  readonly #ofRoom = new ReactionTally();
  /** By message, newest last. */
  readonly #changed = new Map<string, Record<string, number>>();
  #timer: Timer | null = null;

  constructor(clock: Clock, tell: (tallies: MessageTally[]) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** A message's counts are these now. */
  changed(message: string, counts: Record<string, number>): void {
    this.#changed.delete(message);
    this.#changed.set(message, counts);
    if (this.#changed.size > limits.roomTalliesMax) {
      this.#changed.delete(this.#changed.keys().next().value!);
    }
    this.#arm();
  }

  cheer(counts: ReactionCount[]): void {
    for (const { reaction, count } of counts) this.#ofRoom.add(reaction, count);
    this.#arm();
  }

  close(): void {
    this.#timer?.cancel();
  }

  #arm(): void {
    this.#timer ??= this.#clock.after(limits.roomReactionsMs, () => {
      this.#timer = null;
      const ofRoom = this.#ofRoom.take();
      const tallies = [...this.#changed].map(([message, counts]) => ({
        message,
        top: topOf(counts),
      }));
      this.#changed.clear();
      this.#tell(ofRoom.length === 0 ? tallies : [{ message: "", top: ofRoom }, ...tallies]);
    });
  }
}
