/**
 * Snapshots as bytes: length and CRC-32, then lines of JSON. The last is
 * `{machineVersion, seq, fence, offset, value, context, list}`; each before it
 * is one element of the context's list of that name, the first that it has.
 *
 * A snapshot only saves folding; the ledger stays the truth. So whatever cannot
 * be trusted (another version, another form, a flipped bit, a cut tail) is
 * answered with a reason, and the caller folds the ledger from its beginning.
 *
 * A match writes a snapshot per fact or two, and of forty facts one is new. An
 * element of the list is never changed and new ones come behind, so the lines
 * of the snapshot before are copied as they are.
 */
import { crc32 } from "node:zlib";
import type { AnyStateMachine, SnapshotFrom } from "xstate";
import { reasonOf } from "../runtime/failure.ts";
import type { ActorDefinition } from "./actor_definition.ts";
import type { Folded } from "./fold.ts";

// deno-lint-ignore no-explicit-any
type Definition<M extends AnyStateMachine> = ActorDefinition<any, any, any, M>;

export type Decoded<M extends AnyStateMachine> =
  | { outcome: "restored"; folded: Folded<M> }
  | { outcome: "unusable"; reason: string };

/** A list that a snapshot holds, and its lines in there. */
interface Written {
  list: unknown[];
  lines: Uint8Array;
}

const HEAD_BYTES = 8;
/** A UTF-16 unit takes at most so many. */
const UTF8_BYTES_MAX = 3;

/** Those who wait, with a fixture and line-ups, keep no lines; a match under way keeps 10 KB. */
const REMEMBERED_FROM = 4;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Holds what is new in a snapshot until its length is known: a fact or two of 300 bytes. */
const scratch = new Uint8Array(16_384);
/** By the last element, of each list that is still added to. */
const written = new WeakMap<object, Written>();

export function encodeSnapshot<M extends AnyStateMachine>(
  definition: Definition<M>,
  folded: Folded<M>,
  fence: number,
): Uint8Array {
  const { machineVersion } = definition;
  const { snapshot, seq, offset } = folded;
  const { value, context } = snapshot as { value: unknown; context: Record<string, unknown> };
  const name = Object.keys(context).find((key) => Array.isArray(context[key])) ?? null;
  const list = name === null ? [] : context[name] as unknown[];
  const rest = name === null ? context : { ...context, [name]: null };
  const last = { machineVersion, seq, fence, offset, value, context: rest, list: name };
  return sealed(list, JSON.stringify(last));
}

export function decodeSnapshot<M extends AnyStateMachine>(
  definition: Definition<M>,
  bytes: Uint8Array,
): Decoded<M> {
  const record = bytes.subarray(HEAD_BYTES);
  if (!isWhole(bytes, record)) {
    return { outcome: "unusable", reason: `its checksum does not fit its ${record.length} bytes` };
  }
  const lines = decoder.decode(record).split("\n");
  const { machineVersion, seq, offset, value, context, list } = JSON.parse(lines.pop()!);
  if (machineVersion !== definition.machineVersion) {
    return {
      outcome: "unusable",
      reason: `it is of machine version ${machineVersion}, this is ${definition.machineVersion}`,
    };
  }
  if (list !== null) context[list] = JSON.parse(`[${lines.join()}]`);
  try {
    const snapshot = definition.machine.resolveState({ value, context }) as SnapshotFrom<M>;
    return { outcome: "restored", folded: { snapshot, seq, offset } };
  } catch (error) {
    return { outcome: "unusable", reason: `its machine has no such state: ${reasonOf(error)}` };
  }
}

function sealed(list: unknown[], last: string): Uint8Array {
  const before = writtenBefore(list);
  let text = "";
  for (let at = before?.list.length ?? 0; at < list.length; at++) {
    text += `${JSON.stringify(list[at])}\n`;
  }
  const added = utf8(text, 0);
  const ending = utf8(last, added.length);
  const addedAt = HEAD_BYTES + (before?.lines.length ?? 0);
  const lastAt = addedAt + added.length;
  const bytes = new Uint8Array(lastAt + ending.length);
  if (before !== undefined) bytes.set(before.lines, HEAD_BYTES);
  bytes.set(added, addedAt);
  bytes.set(ending, lastAt);
  const head = new DataView(bytes.buffer, 0, HEAD_BYTES);
  head.setUint32(0, bytes.length - HEAD_BYTES);
  head.setUint32(4, crc32(bytes.subarray(HEAD_BYTES)));
  remember(list, bytes.subarray(HEAD_BYTES, lastAt), before);
  return bytes;
}

/** Good until the next text is put in its place. */
function utf8(text: string, at: number): Uint8Array {
  if (at + text.length * UTF8_BYTES_MAX > scratch.length) return encoder.encode(text);
  const place = scratch.subarray(at);
  return place.subarray(0, encoder.encodeInto(text, place).written);
}

/** The longest list known that `list` begins with. */
function writtenBefore(list: unknown[]): Written | undefined {
  for (let at = list.length - 1; at >= 0; at--) {
    const known = written.get(list[at] as object);
    if (known?.list.length === at + 1 && known.list.every((one, index) => one === list[index])) {
      return known;
    }
  }
  return undefined;
}

/** One of each list that grows: the one before is forgotten. */
function remember(list: unknown[], lines: Uint8Array, before: Written | undefined): void {
  if (list.length < REMEMBERED_FROM) return;
  if (before !== undefined) written.delete(before.list.at(-1) as object);
  const last = list.at(-1);
  if (typeof last === "object" && last !== null) written.set(last, { list, lines });
}

function isWhole(bytes: Uint8Array, record: Uint8Array): boolean {
  if (bytes.length < HEAD_BYTES) return false;
  const head = new DataView(bytes.buffer, bytes.byteOffset, HEAD_BYTES);
  return head.getUint32(0) === record.length && head.getUint32(4) === crc32(record);
}
