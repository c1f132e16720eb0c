/**
 * Says what has no history: crowds, tops of boards, projections, progress.
 *
 * A channel's volatile values are written by a few, each under a part of its
 * own; of every key the latest counts and the last of a part are kept in one
 * cell, so that a newcomer has the whole at once. Stored before it is told:
 * who reads the cell after subscribing misses nothing.
 */
import { PbfReader, type PbfWriter } from "pbf";
import type { Broker } from "../actors/ports/broker.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import { encodeWith } from "../protocol/checked_writer.ts";
import { encodePublication as encodeBody, type PublicationInit } from "../protocol/golazo_codec.ts";
import { limits } from "../runtime/limits.ts";
import {
  decodePublication,
  encodePublication,
  type Lane,
  type Publication,
} from "./publication.ts";

/** Who speaks on which kind of channel. */
export const VOLATILE_PARTS = {
  prediction: ["markets", "crowd", "settlement"],
  leaderboard: ["standings", "projection"],
  user: ["notices"],
  assets: ["manifest"],
} as const;
export type VolatilePart = (typeof VOLATILE_PARTS)[keyof typeof VOLATILE_PARTS][number];

export interface VolatileValue {
  /** A later value of the same key takes this one's place. */
  key: string;
  lane: Lane;
  body: PublicationInit;
}

export class VolatileVoice {
  readonly #broker: Broker;
  readonly #cells: CellStore;

  constructor(broker: Broker, cells: CellStore) {
    this.#broker = broker;
    this.#cells = cells;
  }

  /**
   * Says all values of the part; a key that is no longer among them is forgotten.
   * `news`: how many of the last ones those who listen do not have yet.
   * @throws {Failure} retryable where a store is away: say it again.
   */
  async say(
    channel: string,
    part: VolatilePart,
    values: VolatileValue[],
    news: number = values.length,
  ): Promise<void> {
    const payloads = values.map(({ key, lane, body }) =>
      encodePublication({
        offset: null,
        lane,
        key: `${part}/${key}`,
        body: encodeBody(body),
        receivedAt: 0,
        trace: "",
      })
    );
    const kept = encodeWith(writeAll, payloads);
    await this.#cells.put(cellOf(channel, part), kept, { expireMs: limits.volatileKeptMs });
    const told = payloads.slice(payloads.length - news);
    if (told.length > 0) await this.#broker.publish(channel, told);
  }
}

/** What was last said of each part, in the order of the parts. */
export async function lastSaid(
  cells: CellStore,
  channel: string,
  parts: readonly VolatilePart[],
): Promise<Publication[]> {
  const found = await Promise.all(parts.map((part) => cells.get(cellOf(channel, part))));
  return found.flatMap((cell) => cell === null ? [] : readAll(cell.bytes));
}

function cellOf(channel: string, part: VolatilePart): string {
  return `voice/${channel}/${part}`;
}

function writeAll(payloads: Uint8Array[], pbf: PbfWriter): void {
  for (const payload of payloads) pbf.writeBytesField(1, payload);
}

function readAll(bytes: Uint8Array): Publication[] {
  const publications: Publication[] = [];
  const pbf = new PbfReader(bytes);
  for (let field = pbf.nextField(); field !== 0; field = pbf.nextField()) {
    publications.push(decodePublication(pbf.readBytes()));
  }
  return publications;
}
