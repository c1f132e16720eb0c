/**
 * Which matches show their last state because their owner rests.
 *
 * A mark in the shared cells for whoever comes, and a volatile publication for
 * whoever is there: the owner cannot publish, so it has no offset.
 */
import type { Broker } from "../actors/ports/broker.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import type { MatchView } from "../actors/match/match_view.ts";
import { encodePublication as encodeBody } from "../protocol/golazo_codec.ts";
import { matchChannel } from "../protocol/channel_name.ts";
import { matchStateOf } from "./encode_match.ts";
import { encodePublication, type Publication } from "./publication.ts";

export class StaleMarks {
  readonly #cells: CellStore;
  readonly #broker: Broker;

  constructor(cells: CellStore, broker: Broker) {
    this.#cells = cells;
    this.#broker = broker;
  }

  async isMarked(matchId: string): Promise<boolean> {
    return (await this.#cells.get(key(matchId))) !== null;
  }

  /** `view` is what members are shown again, marked. */
  async mark(view: MatchView): Promise<void> {
    await this.#cells.put(key(view.id), new Uint8Array([1]));
    await this.#publish(view, true);
  }

  async clear(view: MatchView): Promise<void> {
    await this.#cells.remove(key(view.id));
    await this.#publish(view, false);
  }

  async #publish(view: MatchView, stale: boolean): Promise<void> {
    const publication: Publication = {
      offset: null,
      lane: "goal",
      key: "state",
      body: encodeBody({ state: matchStateOf(view, stale) }),
      receivedAt: 0,
      trace: "",
    };
    await this.#broker.publish(matchChannel(view.id), [encodePublication(publication)]);
  }
}

function key(matchId: string): string {
  return `stale/${matchId}`;
}
