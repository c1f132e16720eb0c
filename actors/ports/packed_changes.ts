/**
 * Changes of many members as bytes: what travels, and what a store takes as it came.
 *
 * MessagePack, which Redis' scripts read by themselves: one list a difference,
 * `[score, member, …]`, so whoever passes changes on never looks at a member.
 * Each member is there once, and those of a list as they came: in order of the
 * ids, neighbours in here are neighbours in a ranking too.
 */
import { Buffer } from "node:buffer";
import { assert } from "../../runtime/failure.ts";
import type { Changes, PackedChanges, RankedMember } from "./ranking.ts";

export function countOf(changes: Changes): number {
  return Array.isArray(changes) ? changes.length : changes.members;
}

const [LIST, TEXT, WHOLE] = [0xdd, 0xdb, 0xd3];
const HEAD_BYTES = 5;
const WHOLE_BYTES = 9;

/** A member that is named twice is moved by both. */
export function packedChanges(changes: Changes): PackedChanges {
  if (!Array.isArray(changes)) return changes;
  const scores = new Map<string, number>();
  let most = HEAD_BYTES;
  for (const { member, score } of changes) {
    scores.set(member, (scores.get(member) ?? 0) + score);
    // Three bytes a UTF-16 unit at most, and the list's head where nobody else has that score.
    most += 2 * HEAD_BYTES + WHOLE_BYTES + 3 * member.length;
  }
  const byScore = new Map<number, string[]>();
  for (const [member, score] of scores) {
    const members = byScore.get(score);
    if (members === undefined) byScore.set(score, [member]);
    else members.push(member);
  }
  const bytes = Buffer.allocUnsafe(most);
  let at = writeHead(bytes, 0, LIST, byScore.size);
  for (const [score, members] of byScore) {
    at = writeHead(bytes, at, LIST, 1 + members.length);
    bytes[at] = WHOLE;
    at = bytes.writeBigInt64BE(BigInt(score), at + 1);
    for (const member of members) {
      const length = bytes.write(member, at + HEAD_BYTES);
      at = writeHead(bytes, at, TEXT, length) + length;
    }
  }
  return { members: scores.size, bytes: bytes.subarray(0, at) };
}

export function unpackedChanges(changes: Changes): RankedMember[] {
  if (Array.isArray(changes)) return changes;
  const { buffer, byteOffset, byteLength } = changes.bytes;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const found: RankedMember[] = [];
  let at = 0;
  const head = (kind: number) => {
    assert(bytes[at] === kind, "changes are packed as they are read");
    at += HEAD_BYTES;
    return bytes.readUInt32BE(at - 4);
  };
  for (let lists = head(LIST); lists > 0; lists--) {
    const members = head(LIST) - 1;
    const score = Number(bytes.readBigInt64BE(at + 1));
    at += WHOLE_BYTES;
    for (let n = 0; n < members; n++) {
      const length = head(TEXT);
      found.push({ member: bytes.toString("utf8", at, at + length), score });
      at += length;
    }
  }
  return found;
}

function writeHead(bytes: Buffer, at: number, kind: number, length: number): number {
  bytes[at] = kind;
  return bytes.writeUInt32BE(length, at + 1);
}
