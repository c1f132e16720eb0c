/**
 * The owner of the bundled matches, without the process around it: what it
 * writes to Redis goes through the product's own fenced appends, so publications
 * enter a gateway's channels where an owner's do.
 *
 * The matches stand in their 75th minute. From there the bench numbers on:
 * nobody may join for the first time once it has published, as the ledger knows
 * nothing of what it says; who comes back with a position may.
 */
import { Ledger } from "../actors/ledger.ts";
import { viewOfSnapshot } from "../actors/match/match_actor.ts";
import type { MatchUpdate } from "../actors/match/match_update.ts";
import type { TimelineItem } from "../actors/match/match_view.ts";
import { encodeMatchUpdate } from "../channels/encode_match.ts";
import { matchChannel, wrapPublication } from "../protocol/mod.ts";
import { assert } from "../runtime/failure.ts";
import { KIND, openHotStores } from "./hotstate/hot_stores.ts";
import { midMatches } from "./hotstate/mid_match.ts";

/** `GOLAZO_NAMESPACE` of whoever listens. */
export const NAMESPACE = "bench";
const FENCE = 7;
/** Any channel number below 128 takes as many bytes. */
const SOME_NUMBER = 1;

export interface OwnedMatch {
  id: string;
  channel: string;
  /** Last offset that is published. */
  offset: number;
}

export class MatchOwner {
  readonly matches: readonly OwnedMatch[];
  readonly #stores: Awaited<ReturnType<typeof openHotStores>>;

  private constructor(
    stores: Awaited<ReturnType<typeof openHotStores>>,
    matches: readonly OwnedMatch[],
  ) {
    this.#stores = stores;
    this.matches = matches;
  }

  static async open(redisUrl: string): Promise<MatchOwner> {
    const stores = await openHotStores(redisUrl);
    const matches: OwnedMatch[] = [];
    for (const { folded, entries, updates } of await midMatches()) {
      const { id } = viewOfSnapshot(folded.snapshot);
      const { outcome } = await new Ledger(stores.stream, KIND, id).append(FENCE, 0, entries);
      assert(outcome === "appended", "nobody else has written to this Redis");
      const match = { id, channel: matchChannel(id), offset: 0 };
      const owner = new MatchOwner(stores, [match]);
      await owner.publish(match, updates);
      matches.push(match);
    }
    return new MatchOwner(stores, matches);
  }

  /** In one append, and so in one tick of whoever listens. */
  async publish(match: OwnedMatch, updates: MatchUpdate[]): Promise<void> {
    const changes = updates.map((update) => ({ offset: match.offset += 1, update }));
    const { outcome } = await this.#stores.publisher.publish(match.id, FENCE, changes);
    assert(outcome === "published", "nobody else publishes on this Redis");
  }

  /** Lines of the timeline, each a WebSocket message of `bytes`. */
  publishLines(match: OwnedMatch, count: number, bytes: number): Promise<void> {
    const lines = Array.from({ length: count }, (_, at) => {
      return lineOf(bytes, match.offset + 1 + at);
    });
    return this.publish(match, lines);
  }
}

function lineOf(bytes: number, offset: number): MatchUpdate {
  const item: TimelineItem = {
    ...{ id: offset, kind: "goal", status: "standing", side: "home", period: "secondHalf" },
    ...{ minute: 76, stoppage: 0, player: null, other: null, method: "open", card: null },
    ...{ score: { home: 2, away: 1 }, amended: false, order: offset, text: " " },
  };
  const missing = bytes - messageBytes({ kind: "item", item }, offset);
  assert(missing >= 0, `a line of the timeline takes more than ${bytes} bytes`);
  const update = { kind: "item", item: { ...item, text: "x".repeat(1 + missing) } } as const;
  assert(messageBytes(update, offset) === bytes, `a line takes ${bytes} bytes`);
  return update;
}

function messageBytes(update: MatchUpdate, offset: number): number {
  return wrapPublication(SOME_NUMBER, encodeMatchUpdate(update, offset).body).length;
}
