/**
 * Matches that are played beside the one that crashes, and how long each was
 * silent.
 *
 * Each says something every 50 ms: how the ball is shared, and now and then a
 * goal. A gap is the time between two frames of one match at a subscriber.
 */
import type { Subscriber } from "./subscriber.ts";
import type { SourceFact, WebhookSource } from "./webhook_source.ts";

const FACT_EVERY_MS = 50;
const GOAL_EVERY_FACTS = 10;

export class Neighbours {
  readonly ids = ["neighbour-1", "neighbour-2", "neighbour-3"];
  readonly #source: WebhookSource;
  #told = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(source: WebhookSource) {
    this.#source = source;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#told += 1;
      for (const id of this.ids) void this.#source.post(id, [this.#fact()]);
    }, FACT_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The longest of any of them, in whole milliseconds. */
  longestGap(fan: Subscriber, from: number, to: number): number {
    const arrivals = new Map(this.ids.map((id) => [`match:${id}`, [from]]));
    for (const { at, frame: { publication } } of fan.log) {
      const channel = publication && fan.channelOf(publication.channel);
      if (channel && at > from && at < to) arrivals.get(channel)?.push(at);
    }
    const gaps = [...arrivals.values()].flatMap((times) =>
      [...times, to].slice(1).map((at, before) => at - times[before]!)
    );
    return Math.round(Math.max(...gaps));
  }

  #fact(): SourceFact {
    const count = this.#told;
    const named = { id: `fact-${count}`, revision: 1, occurredAt: Date.now() };
    if (count % GOAL_EVERY_FACTS === 0) {
      const side = count % (2 * GOAL_EVERY_FACTS) === 0 ? "home" : "away";
      const moment = { period: "firstHalf", minute: 1 + count % 45 };
      return { ...named, type: "goal.scored", method: "open", side, ...moment };
    }
    const home = 40 + count % 20;
    return { ...named, type: "possession.measured", home, away: 100 - home };
  }
}
