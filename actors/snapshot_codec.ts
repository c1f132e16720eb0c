/**
 * Snapshots as bytes: `{machineVersion, seq, fence, offset, state}` behind a
 * checksum.
 *
 * A snapshot only saves folding; the ledger stays the truth. So whatever cannot
 * be trusted (another version, a flipped bit, a cut tail) is answered with a
 * reason, and the caller folds the ledger from its beginning.
 */
import { createHash } from "node:crypto";
import type { AnyStateMachine, SnapshotFrom } from "xstate";
import { reasonOf } from "../runtime/failure.ts";
import type { ActorDefinition } from "./actor_definition.ts";
import type { Folded } from "./fold.ts";

// deno-lint-ignore no-explicit-any
type Definition<M extends AnyStateMachine> = ActorDefinition<any, any, any, M>;

export type Decoded<M extends AnyStateMachine> =
  | { outcome: "restored"; folded: Folded<M> }
  | { outcome: "unusable"; reason: string };

const CHECKSUM_BYTES = 8;

export function encodeSnapshot<M extends AnyStateMachine>(
  definition: Definition<M>,
  folded: Folded<M>,
  fence: number,
): Uint8Array {
  const { value, context } = folded.snapshot as { value: unknown; context: unknown };
  const record = new TextEncoder().encode(JSON.stringify({
    machineVersion: definition.machineVersion,
    seq: folded.seq,
    fence,
    offset: folded.offset,
    state: { value, context },
  }));
  const bytes = new Uint8Array(CHECKSUM_BYTES + record.length);
  bytes.set(checksum(record));
  bytes.set(record, CHECKSUM_BYTES);
  return bytes;
}

export function decodeSnapshot<M extends AnyStateMachine>(
  definition: Definition<M>,
  bytes: Uint8Array,
): Decoded<M> {
  const record = bytes.subarray(CHECKSUM_BYTES);
  const expected = checksum(record);
  if (!expected.every((byte, index) => byte === bytes[index])) {
    return { outcome: "unusable", reason: `its checksum does not fit its ${record.length} bytes` };
  }
  const { machineVersion, seq, offset, state } = JSON.parse(new TextDecoder().decode(record));
  if (machineVersion !== definition.machineVersion) {
    return {
      outcome: "unusable",
      reason: `it is of machine version ${machineVersion}, this is ${definition.machineVersion}`,
    };
  }
  try {
    const snapshot = definition.machine.resolveState(state) as SnapshotFrom<M>;
    return { outcome: "restored", folded: { snapshot, seq, offset } };
  } catch (error) {
    return { outcome: "unusable", reason: `its machine has no such state: ${reasonOf(error)}` };
  }
}

function checksum(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest().subarray(0, CHECKSUM_BYTES);
}
