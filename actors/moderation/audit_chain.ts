/**
 * The log of moderators' actions as a chain that shows what was done to it.
 *
 * Each row carries the hash of itself and of the hash before; the owner keeps
 * the head (how many, and the last hash) with its state and not with the rows.
 * So a row that was changed, exchanged or taken out breaks the chain where it
 * stood, and rows cut off at the end do not reach the head. Whoever can rewrite
 * rows and head together is not caught: the head belongs elsewhere as well.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical_json.ts";
import type { Action } from "./moderation_action.ts";

export interface AuditRow extends Action {
  /** Of the row before. */
  previous: string;
  hash: string;
}

export interface ChainHead {
  count: number;
  hash: string;
}

/** A chain without rows begins with its owner's name, so no row fits into another's. */
export function emptyHead(owner: string): ChainHead {
  return { count: 0, hash: sha256(`golazo audit ${owner}`) };
}

export function chained(head: ChainHead, action: Omit<Action, "number">): AuditRow {
  const row = { ...action, number: head.count + 1, previous: head.hash };
  return { ...row, hash: hashOf(row) };
}

export function headOf({ number, hash }: AuditRow): ChainHead {
  return { count: number, hash };
}

export type ChainVerdict =
  | { outcome: "whole"; rows: number }
  /** `number` is that of the first bad entry. */
  | {
    outcome: "broken";
    number: number;
    /** `exchanged`: another row stands there. `removed`: it is missing. `cut`: so is all that follows. */
    what: "changed" | "exchanged" | "removed" | "cut" | "added";
  };

/** Rows in the order in which they are stored. */
export function verifyChain(owner: string, rows: AuditRow[], head: ChainHead): ChainVerdict {
  let last = emptyHead(owner);
  const numbers = new Set(rows.map(({ number }) => number));
  for (const row of rows) {
    const number = last.count + 1;
    if (number > head.count) return { outcome: "broken", number, what: "added" };
    if (row.number !== number) {
      const what = numbers.has(number) ? "exchanged" : "removed";
      return { outcome: "broken", number, what };
    }
    const { hash, ...content } = row;
    if (row.previous !== last.hash || hashOf(content) !== hash) {
      return { outcome: "broken", number, what: "changed" };
    }
    last = headOf(row);
  }
  if (last.count < head.count) return { outcome: "broken", number: last.count + 1, what: "cut" };
  return last.hash === head.hash
    ? { outcome: "whole", rows: last.count }
    : { outcome: "broken", number: last.count, what: "changed" };
}

function hashOf(row: Omit<AuditRow, "hash">): string {
  return sha256(canonicalJson(row));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
