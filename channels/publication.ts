/**
 * The envelope in which a publication travels from its owner to every gateway.
 *
 * The body is encoded once, by the owner, as the fields of protobuf's
 * `Publication` without `channel`: a gateway only puts its own small number for
 * the channel in front. The envelope adds what a gateway needs to decide
 * without decoding the body: offset, lane, and the key under which volatile
 * values replace each other.
 */
import { PbfReader, type PbfWriter } from "pbf";
import { encodeWith } from "../protocol/checked_writer.ts";

/** In order of urgency; under pressure they are given up from the end, the first two never. */
export const LANES = ["goal", "moderation", "event", "rank", "chat", "stats"] as const;
export type Lane = (typeof LANES)[number];

export interface Publication {
  /** Null: volatile, the latest per `key` is enough. */
  offset: number | null;
  lane: Lane;
  /** For volatile ones: a later value of the same key replaces an earlier. */
  key: string;
  /** Protobuf fields of `Publication` but `channel`. */
  body: Uint8Array;
  /** When the fact behind it came in, milliseconds since 1970; 0 where unknown. */
  receivedAt: number;
  /** W3C traceparent; empty where there is none. */
  trace: string;
}

export function encodePublication(publication: Publication): Uint8Array {
  return encodeWith(writePublication, publication);
}

function writePublication(publication: Publication, pbf: PbfWriter): void {
  if (publication.offset !== null) pbf.writeVarintField(1, publication.offset);
  pbf.writeVarintField(2, LANES.indexOf(publication.lane));
  if (publication.key !== "") pbf.writeStringField(3, publication.key);
  pbf.writeBytesField(4, publication.body);
  if (publication.receivedAt !== 0) pbf.writeVarintField(5, publication.receivedAt);
  if (publication.trace !== "") pbf.writeStringField(6, publication.trace);
}

export function decodePublication(bytes: Uint8Array): Publication {
  const publication: Publication = {
    offset: null,
    lane: "stats",
    key: "",
    body: new Uint8Array(),
    receivedAt: 0,
    trace: "",
  };
  const pbf = new PbfReader(bytes);
  for (let field = pbf.nextField(); field !== 0; field = pbf.nextField()) {
    if (field === 1) publication.offset = pbf.readVarint();
    else if (field === 2) publication.lane = LANES[pbf.readVarint()] ?? "stats";
    else if (field === 3) publication.key = pbf.readString();
    else if (field === 4) publication.body = pbf.readBytes();
    else if (field === 5) publication.receivedAt = pbf.readVarint();
    else if (field === 6) publication.trace = pbf.readString();
  }
  return publication;
}
