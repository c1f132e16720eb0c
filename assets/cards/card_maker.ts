/**
 * From "this match has changed" to its card on the shelf.
 *
 * One painting at a time, fed from a queue that holds each match once: what is
 * painted is the match as it is when its turn comes, so fifty updates are one
 * image or three, never a backlog. A change that a card does not show paints
 * nothing. What fails is tried again a few times and then left until the match
 * changes, so one card cannot occupy the painter for ever.
 */
import PQueue from "p-queue";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { type Clock, every, type Timer } from "../../runtime/clock.ts";
import { reasonOf } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { keyOf } from "./card_name.ts";
import { CardPace } from "./card_pace.ts";
import type { Painter } from "./card_painter.ts";
import type { CardShelf } from "./card_shelf.ts";
import type { CardView } from "./card_view.ts";

export interface CardMakerOptions {
  /** The match as committed when asked, or later; null: no such match. */
  read(matchId: string): Promise<CardView | null>;
  /** Null while there is none. */
  painter(): Painter | null;
  shelf: Pick<CardShelf, "current" | "put" | "sweep">;
  clock: Clock;
  events: Pick<BusinessEvents, "warned">;
}

interface Trouble {
  key: string;
  tries: number;
}

export class CardMaker {
  readonly #options: CardMakerOptions;
  readonly #queue = new PQueue({ concurrency: 1 });
  readonly #pace = new CardPace();
  /** In the queue, or until their timer puts them there. */
  readonly #waiting = new Map<string, Timer | null>();
  /** Their turn came while there was no painter; each at most once. */
  readonly #unpainted = new Set<string>();
  readonly #troubles = new Map<string, Trouble>();
  readonly #sweeping: Timer;
  #isStopped = false;

  constructor(options: CardMakerOptions) {
    this.#options = options;
    this.#sweeping = every(options.clock, limits.cardSweepMs, () => {
      void this.#queue.add(() => options.shelf.sweep().catch(() => {}));
    });
  }

  /** A nudge: it may come again and again, and for nothing. */
  changed(matchId: string): void {
    if (this.#isStopped || this.#waiting.has(matchId)) return;
    // Whoever is left out is painted when somebody asks.
    if (this.#waiting.size >= limits.cardsWaitingMax) return;
    this.#enqueue(matchId);
  }

  /** There is a painter again: what it was missed for is made up for. */
  painterCame(): void {
    const missed = [...this.#unpainted];
    this.#unpainted.clear();
    for (const matchId of missed) this.changed(matchId);
  }

  /** Resolves when nothing is being painted. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#sweeping.cancel();
    for (const timer of this.#waiting.values()) timer?.cancel();
    this.#queue.clear();
    await this.#queue.onIdle();
  }

  #enqueue(matchId: string): void {
    this.#waiting.set(matchId, null);
    void this.#queue.add(() => this.#make(matchId));
  }

  #later(matchId: string, delayMs: number): void {
    if (this.#isStopped || this.#waiting.has(matchId)) return;
    this.#waiting.set(
      matchId,
      this.#options.clock.after(delayMs, () => this.#enqueue(matchId)),
    );
  }

  async #make(matchId: string): Promise<void> {
    const { read, shelf, painter, clock } = this.#options;
    // What changes from here on is for the next turn.
    this.#waiting.delete(matchId);
    let key = "";
    try {
      const card = await read(matchId);
      if (card === null) return;
      key = keyOf(card);
      if ((await shelf.current(matchId))?.key === key) return;
      const paints = painter();
      if (paints === null) return void this.#unpainted.add(matchId);
      const delay = this.#pace.take(matchId, clock.monotonic());
      if (delay > 0) return this.#later(matchId, delay);
      await shelf.put(matchId, key, await paints.paint(card));
      this.#troubles.delete(matchId);
    } catch (thrown) {
      this.#tryAgain(matchId, key, reasonOf(thrown));
    }
  }

  #tryAgain(matchId: string, key: string, reason: string): void {
    const known = this.#troubles.get(matchId);
    const tries = known?.key === key ? known.tries + 1 : 1;
    this.#troubles.delete(matchId);
    this.#troubles.set(matchId, { key, tries });
    if (this.#troubles.size > limits.cardsWaitingMax) {
      this.#troubles.delete(this.#troubles.keys().next().value!);
    }
    if (tries < limits.cardTriesMax) return this.#later(matchId, limits.cardRetryMs);
    if (tries === limits.cardTriesMax) {
      this.#options.events.warned(`Cannot make the share card of ${matchId}: ${reason}`);
    }
  }
}
