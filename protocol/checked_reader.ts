/**
 * Reading protobuf's wire format from a peer that may be wrong or hostile.
 *
 * pbf trusts its bytes: a length past the end or a wrong wire type gives it
 * nonsense or a loop of 2^63 steps. Every function here stays before `end`, the
 * end of the message that it reads in, or throws `ProtocolError`; the position
 * only grows, so a decode is linear in its bytes. Depth needs no bound: unknown
 * fields are skipped without looking inside, and golazo.proto has no message
 * within itself (its generator refuses one).
 */
import type { PbfReader } from "pbf";
import { ProtocolError } from "./protocol_error.ts";
import { utf8Text } from "./utf8.ts";

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Steps to the next field and answers its number, 0 at the message's end. */
export function nextField(pbf: PbfReader, end: number): number {
  if (pbf.pos === end) return 0;
  const tag = readVarint(pbf, end);
  if (tag < 8 || tag > 0xffff_ffff) throw badBytes(pbf, "a field's tag", `the number ${tag}`);
  pbf.type = tag & 7;
  return tag >>> 3;
}

/** Steps over the value of a field that this version does not know. */
export function skipField(pbf: PbfReader, end: number): void {
  if (pbf.type === VARINT) readVarint(pbf, end);
  else if (pbf.type === LENGTH_DELIMITED) pbf.pos = readEnd(pbf, end);
  else if (pbf.type === FIXED64) skipBytes(pbf, end, 8);
  else if (pbf.type === FIXED32) skipBytes(pbf, end, 4);
  else throw badBytes(pbf, "a wire type of proto3", `wire type ${pbf.type}`);
}

export function readUint32(pbf: PbfReader, end: number): number {
  needWireType(pbf, VARINT);
  const value = readVarint(pbf, end);
  if (value > 0xffff_ffff) throw badBytes(pbf, "a number below 2^32", `${value}`);
  return value;
}

/** A uint64 below 2^53, the most that a JavaScript number counts. */
export function readUint64(pbf: PbfReader, end: number): number {
  needWireType(pbf, VARINT);
  const value = readVarint(pbf, end);
  if (!Number.isSafeInteger(value)) throw badBytes(pbf, "a number below 2^53", `${value}`);
  return value;
}

export function readBool(pbf: PbfReader, end: number): boolean {
  needWireType(pbf, VARINT);
  return readVarint(pbf, end) !== 0;
}

/** The name of an enum's value; a number of a later version reads as the zero value. */
export function readEnum<V extends string>(
  pbf: PbfReader,
  end: number,
  names: readonly [V, ...V[]],
): V {
  needWireType(pbf, VARINT);
  return names[readVarint(pbf, end)] ?? names[0];
}

export function readString(pbf: PbfReader, end: number): string {
  const textEnd = readEnd(pbf, end);
  const text = utf8Text(pbf.buf, pbf.pos, textEnd);
  if (text === null) throw badBytes(pbf, "UTF-8", "other bytes");
  pbf.pos = textEnd;
  return text;
}

/** Where the length-delimited value ends that begins here. */
export function readEnd(pbf: PbfReader, end: number): number {
  needWireType(pbf, LENGTH_DELIMITED);
  const length = readVarint(pbf, end);
  if (length > end - pbf.pos) {
    throw badBytes(pbf, `${length} more bytes`, `${end - pbf.pos}`);
  }
  return pbf.pos + length;
}

function readVarint(pbf: PbfReader, end: number): number {
  const start = pbf.pos;
  let value: number;
  try {
    value = pbf.readVarint();
  } catch {
    value = NaN;
  }
  if (Number.isNaN(value) || pbf.pos > end) {
    pbf.pos = start;
    throw badBytes(pbf, "a number of at most 10 bytes", `${end - start} bytes without its end`);
  }
  return value;
}

function skipBytes(pbf: PbfReader, end: number, count: number): void {
  if (count > end - pbf.pos) throw badBytes(pbf, `${count} more bytes`, `${end - pbf.pos}`);
  pbf.pos += count;
}

function needWireType(pbf: PbfReader, type: number): void {
  if (pbf.type !== type) throw badBytes(pbf, `wire type ${type}`, `wire type ${pbf.type}`);
}

function badBytes(pbf: PbfReader, needed: string, found: string): ProtocolError {
  return new ProtocolError(
    "badBytes",
    `Cannot decode at byte ${pbf.pos}: needed ${needed}, found ${found}`,
  );
}
