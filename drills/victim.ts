/**
 * The match that is made to crash, as fans and operators see it.
 */
import type { AdminDesk } from "./admin_desk.ts";
import type { SupervisedLine } from "./history_checker.ts";
import type { Subscriber } from "./subscriber.ts";

export const VICTIM = "victim";
/** Its name among the supervised. */
export const CHILD = `match/${VICTIM}`;

export interface Page {
  stale: boolean;
  score: { home: number; away: number };
}

export function goalsOf({ score }: Page): number {
  return score.home + score.away;
}

export class Victim {
  readonly #address: string;
  readonly #desk: AdminDesk;

  constructor(address: string, desk: AdminDesk) {
    this.#address = address;
    this.#desk = desk;
  }

  async page(): Promise<Page> {
    return await (await fetch(`${this.#address}/api/matches/${VICTIM}`)).json();
  }

  async supervised(): Promise<SupervisedLine> {
    const lines = (await this.#desk.supervisors()).flatMap(({ children = [] }) => children);
    const line = lines.find(({ id }) => id === CHILD);
    if (line === undefined) throw new Error(`Cannot find ${CHILD} in /api/ops/supervisors`);
    return line;
  }

  /** By the last state that the fan heard of it; null: none. */
  isStaleFor(fan: Subscriber): boolean | null {
    const last = fan.log.findLast(({ frame: { publication } }) =>
      publication?.state && fan.channelOf(publication.channel) === `match:${VICTIM}`
    );
    return last?.frame.publication?.state?.stale ?? null;
  }
}
