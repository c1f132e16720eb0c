/**
 * Carries out what a room has decided to remove, until every store has.
 *
 * Each erasure by itself, so that one that waits for SQL does not keep the next
 * from leaving what is hot. The room hears of those that are done; what it did
 * not hear of when its owner died is done again by the next.
 */
import type { Erasure } from "../actors/ports/bodies.ts";
import type { RoomContext } from "../actors/room/room_context.ts";
import type { RoomPosts } from "../actors/room/room_posts.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { nextTurn } from "../runtime/turn.ts";

export interface RoomErasuresOptions {
  clock: Clock;
  events: BusinessEvents;
  posts: RoomPosts;
  /** Says to the room that these are done; it looks here again afterwards. */
  tell(seqs: number[]): void;
}

export class RoomErasures {
  readonly #options: RoomErasuresOptions;
  readonly #underWay = new Set<number>();
  #done: number[] = [];
  #retry: Timer | null = null;

  constructor(options: RoomErasuresOptions) {
    this.#options = options;
  }

  /** Begins what is not under way yet. */
  look(context: RoomContext): void {
    const known = new Set(context.erasing.map(({ seq }) => seq));
    for (const seq of this.#underWay) if (!known.has(seq)) this.#underWay.delete(seq);
    for (const erasure of context.erasing) {
      if (this.#underWay.has(erasure.seq)) continue;
      this.#underWay.add(erasure.seq);
      void this.#erase(context, erasure);
    }
  }

  stop(): void {
    this.#retry?.cancel();
    this.#retry = null;
  }

  async #erase(context: RoomContext, erasure: Erasure): Promise<void> {
    const { posts, clock, events } = this.#options;
    try {
      await posts.erase({ ...context, erasing: [erasure] });
      this.#done.push(erasure.seq);
      if (this.#done.length === 1) void this.#tell();
    } catch (error) {
      this.#underWay.delete(erasure.seq);
      if (this.#retry !== null) return;
      const { roomId } = context;
      events.warned(`Cannot remove what ${roomId} has removed, trying again: ${reasonOf(error)}`);
      this.#retry = clock.after(limits.roomErasureRetryMs, () => {
        this.#retry = null;
        this.#options.tell([]);
      });
    }
  }

  /** Those of one turn together. */
  async #tell(): Promise<void> {
    await nextTurn();
    const seqs = this.#done;
    this.#done = [];
    this.#options.tell(seqs);
  }
}
