/**
 * Rows of the audit chains on their way into SQL and back.
 *
 * Whoever owns a log writes its rows in the transaction that takes its entries,
 * under its fence, and the owner's head with them. A row comes back exactly as it
 * was hashed.
 */
import type { Transaction } from "kysely";
import type { AuditRow } from "../../actors/moderation/audit_chain.ts";
import { limits } from "../../runtime/limits.ts";
import type { DialectWords } from "./dialect_words.ts";
import type { Tables } from "./sql_database.ts";
import type { ModerationAuditTable } from "./tables/moderation_audit.ts";

export interface AuditLine {
  /** Whose chain: `room <id>`, or `global`. */
  owner: string;
  row: AuditRow;
}

/** Of each owner in order, none of them written before. */
export async function recordAudit(
  transaction: Transaction<Tables>,
  words: DialectWords,
  lines: AuditLine[],
): Promise<void> {
  for (let at = 0; at < lines.length; at += limits.auditRowsAtOnce) {
    await transaction.insertInto("moderation_audit")
      .values(lines.slice(at, at + limits.auditRowsAtOnce).map(storedRow)).execute();
  }
  const heads = new Map(lines.map(({ owner, row }) => [owner, row]));
  for (const [owner, { number, hash, at }] of heads) {
    const head = { owner, number, hash, at, sealed_number: 0 };
    await words.upsert(
      transaction.insertInto("audit_head").values(head),
      ["owner"],
      { number, hash, at },
    ).execute();
  }
}

export function storedRow({ owner, row }: AuditLine): ModerationAuditTable {
  return {
    owner,
    number: row.number,
    actor: row.actor.user,
    role: row.actor.role,
    action: row.kind,
    target: row.target,
    reason: row.reason,
    before: JSON.stringify(row.before),
    after: JSON.stringify(row.after),
    undoes: row.undoes,
    prev_hash: row.previous,
    hash: row.hash,
    at: row.at,
  };
}

export function auditRow(stored: ModerationAuditTable): AuditRow {
  return {
    number: Number(stored.number),
    at: Number(stored.at),
    actor: { user: stored.actor, role: stored.role as AuditRow["actor"]["role"] },
    kind: stored.action as AuditRow["kind"],
    target: stored.target,
    reason: stored.reason,
    before: facetOf(stored.before),
    after: facetOf(stored.after),
    undoes: stored.undoes === null ? null : Number(stored.undoes),
    previous: stored.prev_hash,
    hash: stored.hash,
  };
}

/** What is no JSON was changed by somebody, and as a text it fits no hash. */
function facetOf(text: string): AuditRow["before"] {
  try {
    return JSON.parse(text);
  } catch {
    return `not JSON: ${text}`;
  }
}
