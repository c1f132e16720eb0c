/**
 * Frames as a whole: taking a batch apart, naming a frame, and building one
 * around bytes that were encoded before.
 *
 * A gateway encodes a publication's body once and puts the channel's number in
 * front: fields of a protobuf message may stand in any order and in any number
 * of pieces, so bytes of fields laid end to end are the message that has them
 * all. That keeps the cost of a goal at one copy, whatever its size.
 */
import { PbfReader } from "pbf";
import { nextField, skipField } from "./checked_reader.ts";
import {
  CLIENT_FRAME_FRAME_MEMBERS,
  type ClientFrame,
  encodePublication,
  encodeSubscribed,
  readServerFrame,
  SERVER_FRAME_FRAME_MEMBERS,
  type ServerFrame,
  type Subscribed,
} from "./golazo_codec.ts";
import { memberSet } from "./oneof.ts";

export type ClientFrameName = (typeof CLIENT_FRAME_FRAME_MEMBERS)[number];
export type ServerFrameName = (typeof SERVER_FRAME_FRAME_MEMBERS)[number];

/** What a Subscribed says before its publications and snapshot. */
export type SubscribedHead = Pick<
  Subscribed,
  "id" | "channel" | "number" | "epoch" | "offset" | "recovered"
>;

/** Tags of ServerFrame's fields, number << 3 | length-delimited. */
const PUBLICATION_TAG = (1 << 3) | 2;
const SUBSCRIBED_TAG = (3 << 3) | 2;

/** Which frame it is; null for one of a later version. */
export function clientFrameName(frame: ClientFrame): ClientFrameName | null {
  return memberSet(frame, CLIENT_FRAME_FRAME_MEMBERS);
}

/** Which frame it is; null for one of a later version. */
export function serverFrameName(frame: ServerFrame): ServerFrameName | null {
  return memberSet(frame, SERVER_FRAME_FRAME_MEMBERS);
}

/**
 * The frames of one WebSocket message, in order: each top-level field is one.
 * @throws {ProtocolError} `badBytes` where the message cannot be taken apart.
 */
export function splitServerFrames(bytes: Uint8Array): ServerFrame[] {
  const pbf = new PbfReader(bytes);
  const frames: ServerFrame[] = [];
  while (pbf.pos < bytes.length) {
    const start = pbf.pos;
    nextField(pbf, bytes.length);
    skipField(pbf, bytes.length);
    const end = pbf.pos;
    pbf.pos = start;
    frames.push(readServerFrame(pbf, end));
  }
  return frames;
}

/** A ServerFrame with a publication: `body` is a Publication's bytes without its channel. */
export function wrapPublication(channelNumber: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  return wrap(PUBLICATION_TAG, encodePublication({ channel: channelNumber }), body);
}

/** A ServerFrame with a Subscribed: `tail` is the bytes of its publications and snapshot. */
export function wrapSubscribed(head: SubscribedHead, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  return wrap(SUBSCRIBED_TAG, encodeSubscribed(head), tail);
}

/** tag, length of both pieces as a varint, both pieces. */
function wrap(tag: number, head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = head.length + tail.length;
  const prefix = [tag];
  let rest = length;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) prefix.push((rest & 0x7f) | 0x80);
  prefix.push(rest);
  const frame = new Uint8Array(prefix.length + length);
  frame.set(prefix);
  frame.set(head, prefix.length);
  frame.set(tail, prefix.length + head.length);
  return frame;
}
