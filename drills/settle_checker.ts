/**
 * What every fan must have after a settlement, worked out from the rows of
 * predictions alone, by rules written down here once more: no line is shared
 * with the server.
 */
import type { PredictionRow } from "./settle_house.ts";

/** 90 minutes, home and away. */
export type Result = [home: number, away: number];

export interface Place {
  points: number;
  rank: number;
}

export function pointsAfter(
  rows: PredictionRow[],
  [home, away]: Result,
  lockAt: number,
): Map<string, number> {
  const points = new Map<string, number>();
  for (const { user, market, pick, acceptedAt } of rows) {
    const worth = acceptedAt < lockAt ? worthOf(market, pick, home, away) : 0;
    points.set(user, (points.get(user) ?? 0) + worth);
  }
  return points;
}

function worthOf(market: string, pick: string, home: number, away: number): number {
  if (market === "matchWinner") {
    const won = home > away ? "home" : home < away ? "away" : "draw";
    return pick === won ? 2 : 0;
  }
  const [first, second] = pick.split("-").map(Number) as [number, number];
  if (first === home && second === away) return 5;
  if (first - second === home - away) return 3;
  return (first > second && home > away) || (first < second && home < away) ? 2 : 0;
}

/** Equal points share a rank: 1, 2, 2, 4. */
export function placesOf(points: Map<string, number>): Map<string, Place> {
  const inOrder = [...points].sort(([, a], [, b]) => b - a);
  const places = new Map<string, Place>();
  let rank = 1;
  inOrder.forEach(([user, own], at) => {
    if (at > 0 && own !== inOrder[at - 1]![1]) rank = at + 1;
    places.set(user, { points: own, rank });
  });
  return places;
}

/** Looks at fans' points on a board and in SQL, again and again; ends when told to. */
export class PointsWatcher {
  readonly violations: string[] = [];
  looks = 0;
  readonly #allowed: Map<string, number>[] = [];
  readonly #users: string[];
  #isOver = false;
  #running: Promise<void> = Promise.resolve();
  #at = 0;

  constructor(users: string[]) {
    this.#users = users;
  }

  /** Points that a run gives are no surprise from now on. */
  allow(points: Map<string, number>): void {
    this.#allowed.push(points);
  }

  watch(read: (users: string[]) => Promise<Map<string, number>>): void {
    this.#running = Promise.all([this.#running, this.#look(read)]).then(() => {});
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  async #look(read: (users: string[]) => Promise<Map<string, number>>): Promise<void> {
    while (!this.#isOver) {
      const users = Array.from(
        { length: 100 },
        () => this.#users[this.#at++ % this.#users.length]!,
      );
      try {
        for (const [user, found] of await read(users)) {
          const given = [0, ...this.#allowed.map((points) => points.get(user) ?? 0)];
          if (given.includes(found) || this.violations.length > 10) continue;
          this.violations.push(`${user} was seen with ${found} points, given were ${given}`);
        }
        this.looks += 1;
      } catch {
        // Who is asked has just been killed.
      }
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }
}
