/**
 * All owners' audit chains as SQL has them, held against their heads and against
 * the seals.
 *
 * A row that was changed, exchanged, taken out or cut off breaks its chain or
 * misses its head. Whoever rewrote a whole chain with its head meets the seals,
 * which cannot be made without the key. What is named is the first bad entry of
 * the first bad owner. Rows younger than the last seal are guarded by their chain
 * and their head alone.
 */
import {
  type AuditRow,
  chained,
  type ChainHead,
  emptyHead,
  verifyChain,
} from "../../actors/moderation/audit_chain.ts";
import { auditRow } from "./audit_rows.ts";
import { isSigned, NO_SEAL, type Seal, type SealedHead } from "./audit_seals.ts";
import type { SqlDatabase } from "./sql_database.ts";

export type AuditVerdict =
  | { outcome: "whole"; owners: number; rows: number; seals: number; unsealed: number }
  /** `owner` is `seals` where a seal itself is bad. */
  | { outcome: "broken"; owner: string; number: number; what: string };

type Broken = Extract<AuditVerdict, { outcome: "broken" }>;

/**
 * `key` null: signatures are taken as they are. `known`: a seal as somebody keeps it elsewhere,
 * `number:signature`.
 */
export async function verifyAudit(
  sql: SqlDatabase,
  key: string | null,
  known: string | null = null,
): Promise<AuditVerdict> {
  const sealed = await readSeals(sql, key);
  if ("outcome" in sealed) return sealed;
  const [number = "", signature] = known?.split(":") ?? [];
  if (known !== null && sealed.signatures[Number(number) - 1] !== signature) {
    const what = Number(number) > sealed.signatures.length ? "cut" : "changed";
    return { outcome: "broken", owner: "seals", number: Number(number), what };
  }
  const heads = new Map(
    (await sql.kysely.selectFrom("audit_head").selectAll().execute())
      .map((head) => [head.owner, { count: Number(head.number), hash: head.hash }]),
  );
  const owners = new Set([...heads.keys(), ...sealed.byOwner.keys(), ...await ownersOf(sql)]);
  let rows = 0;
  let unsealed = 0;
  for (const owner of [...owners].sort()) {
    const chain = await rowsOf(sql, owner);
    const head = heads.get(owner) ?? emptyHead(owner);
    const seals = sealed.byOwner.get(owner) ?? [];
    const broken = chainFault(owner, chain, head) ?? sealFault(owner, chain, seals);
    if (broken !== null) return broken;
    rows += chain.length;
    unsealed += chain.length - (seals.at(-1)?.number ?? 0);
  }
  return { outcome: "whole", owners: owners.size, rows, seals: sealed.signatures.length, unsealed };
}

function chainFault(owner: string, rows: AuditRow[], head: ChainHead): Broken | null {
  const verdict = verifyChain(owner, rows, head);
  if (verdict.outcome === "whole") return null;
  const { number, what } = verdict;
  const row = rows[number - 1];
  // Where two rows have each other's number, each still is whole under its own.
  const isAnothers = what === "changed" && row !== undefined && rows.some((other) => {
    if (other.number === row.number) return false;
    const { hash, previous, number: _number, ...action } = row;
    return chained({ count: other.number - 1, hash: previous }, action).hash === hash;
  });
  return { outcome: "broken", owner, number, what: isAnothers ? "exchanged" : what };
}

/** The first entry that may be another than the one that was sealed. */
function sealFault(
  owner: string,
  rows: AuditRow[],
  seals: { number: number; hash: string }[],
): Broken | null {
  let sound = 0;
  for (const { number, hash } of seals) {
    const row = rows[number - 1];
    if (row === undefined) {
      return { outcome: "broken", owner, number: rows.length + 1, what: "cut" };
    }
    if (row.hash !== hash) {
      return { outcome: "broken", owner, number: sound + 1, what: "rewritten" };
    }
    sound = number;
  }
  return null;
}

async function readSeals(sql: SqlDatabase, key: string | null) {
  const stored = await sql.kysely.selectFrom("audit_seal").selectAll().orderBy("number").execute();
  const byOwner = new Map<string, { number: number; hash: string }[]>();
  const signatures: string[] = [];
  let previous = NO_SEAL;
  for (const [index, row] of stored.entries()) {
    const broken = (what: string): Broken => ({
      ...{ outcome: "broken", owner: "seals", number: index + 1, what },
    });
    const heads = headsOf(row.heads);
    if (Number(row.number) !== index + 1) return broken("removed");
    if (heads === null) return broken("changed");
    const { signature } = row;
    const seal: Seal = {
      ...{ number: index + 1, at: Number(row.at), heads, previous: row.previous, signature },
    };
    const isGood = row.previous === previous && (key === null || isSigned(seal, key));
    if (!isGood) return broken("changed");
    previous = signature;
    signatures.push(signature);
    for (const [owner, number, hash] of heads) {
      const seals = byOwner.get(owner) ?? [];
      byOwner.set(owner, [...seals, { number, hash }]);
    }
  }
  return { byOwner, signatures };
}

function headsOf(text: string): SealedHead[] | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function ownersOf({ kysely }: SqlDatabase): Promise<string[]> {
  const rows = await kysely.selectFrom("moderation_audit").select("owner").distinct().execute();
  return rows.map(({ owner }) => owner);
}

async function rowsOf({ kysely }: SqlDatabase, owner: string): Promise<AuditRow[]> {
  const rows = await kysely.selectFrom("moderation_audit").selectAll()
    .where("owner", "=", owner).orderBy("number").execute();
  return rows.map(auditRow);
}
