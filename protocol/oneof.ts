/**
 * A oneof is a set of optional members of which at most one is there.
 *
 * Types cannot keep that for plain objects with optional properties, so what
 * reads and writes keeps it.
 */
import { ProtocolError } from "./protocol_error.ts";

/** Which member is set, or null. */
export function memberSet<K extends string>(
  message: { readonly [M in K]?: unknown },
  members: readonly K[],
): K | null {
  return members.find((member) => message[member] !== undefined) ?? null;
}

/** Protobuf's rule for a oneof that comes twice: the last member wins. */
export function clearOthers<K extends string>(
  message: { [M in K]?: unknown },
  members: readonly K[],
  kept: K,
): void {
  for (const member of members) {
    if (member !== kept && message[member] !== undefined) delete message[member];
  }
}

/** @throws {ProtocolError} `badValue` where two members are set: which one was meant? */
export function refuseTwo<K extends string>(
  init: { readonly [M in K]?: unknown },
  members: readonly K[],
): void {
  const found = members.filter((member) => init[member] !== undefined);
  if (found.length > 1) {
    throw new ProtocolError(
      "badValue",
      `Cannot encode a oneof: needed one member, found ${found.join(", ")}`,
    );
  }
}
