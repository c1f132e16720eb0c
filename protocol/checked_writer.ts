/**
 * Writing fields by proto3's rule of implicit presence: a value that is the
 * type's default is not written.
 *
 * pbf writes whatever it is given: -1 as ten bytes, 1.5 as 1. A number that its
 * field cannot hold or a name that its enum lacks throws `ProtocolError` here,
 * before a peer has to guess what was meant.
 */
import { PbfWriter } from "pbf";
import { ProtocolError } from "./protocol_error.ts";
import { utf8Length, writeUtf8 } from "./utf8.ts";

/** The wire type of text, bytes and messages. */
const LENGTH_DELIMITED = 2;

/** Each message is copied out before the next one begins; a larger one has a buffer of its own. */
const scratch = new Uint8Array(4_096);

/** The bytes of one message, in a buffer of exactly their length. */
export function encodeWith<I>(
  write: (init: I, pbf: PbfWriter) => void,
  init: I,
): Uint8Array<ArrayBuffer> {
  const pbf = new PbfWriter(scratch);
  write(init, pbf);
  return pbf.finish().slice();
}

export function writeUint32(pbf: PbfWriter, field: number, value = 0): void {
  writeNumber(pbf, field, value, 0xffff_ffff);
}

export function writeUint64(pbf: PbfWriter, field: number, value = 0): void {
  writeNumber(pbf, field, value, Number.MAX_SAFE_INTEGER);
}

export function writeBool(pbf: PbfWriter, field: number, value = false): void {
  if (value) pbf.writeBooleanField(field, true);
}

export function writeString(pbf: PbfWriter, field: number, value = ""): void {
  if (value !== "") writeText(pbf, field, value);
}

/** Writes the empty text too: an element of a list, where it is not a default. */
export function writeText(pbf: PbfWriter, field: number, value: string): void {
  const length = utf8Length(value);
  pbf.writeTag(field, LENGTH_DELIMITED);
  pbf.writeVarint(length);
  pbf.realloc(length);
  writeUtf8(value, pbf.buf, pbf.pos);
  pbf.pos += length;
}

export function writeEnum<V extends string>(
  pbf: PbfWriter,
  field: number,
  value: V | undefined,
  names: readonly V[],
): void {
  if (value === undefined) return;
  const number = names.indexOf(value);
  if (number === -1) throw badValue(field, `one of ${names.join(", ")}`, value);
  if (number > 0) pbf.writeVarintField(field, number);
}

function writeNumber(pbf: PbfWriter, field: number, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw badValue(field, `a whole number from 0 to ${max}`, value);
  }
  if (value > 0) pbf.writeVarintField(field, value);
}

function badValue(field: number, needed: string, found: unknown): ProtocolError {
  return new ProtocolError(
    "badValue",
    `Cannot encode field ${field}: needed ${needed}, found ${found}`,
  );
}
