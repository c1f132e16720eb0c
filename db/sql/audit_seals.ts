/**
 * Seals over the heads of all audit chains, so that rows and heads that are
 * rewritten together show.
 *
 * A seal is signed with a key that is not in the database, and with the signature
 * of the seal before it. Only the owner of the global log seals, under its fence.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { sql } from "kysely";
import { canonicalJson } from "../../actors/moderation/canonical_json.ts";
import type { SqlDatabase } from "./sql_database.ts";
import type { AuditSealTable } from "./tables/audit_seal.ts";

export type SealedHead = [owner: string, number: number, hash: string];

export interface Seal {
  number: number;
  at: number;
  heads: SealedHead[];
  previous: string;
  signature: string;
}

/** The first seal follows this. */
export const NO_SEAL = "0".repeat(64);

export class AuditSeals {
  readonly #sql: SqlDatabase;
  readonly #key: string;

  constructor(sql: SqlDatabase, key: string) {
    this.#sql = sql;
    this.#key = key;
  }

  /** Rows that no seal stands for. */
  async unsealed(): Promise<number> {
    const row = await this.#sql.kysely.selectFrom("audit_head")
      .select(sql<number>`coalesce(sum(number - sealed_number), 0)`.as("rows"))
      .whereRef("number", ">", "sealed_number").executeTakeFirst();
    return Number(row?.rows ?? 0);
  }

  /** Seals every head that has grown; null: none has, or another owner has come. */
  async seal(partition: number, fence: number, at: number): Promise<Seal | null> {
    return await this.#sql.kysely.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction.updateTable("partition_fence")
        .set({ token: fence }).where("id", "=", partition).where("token", "<=", fence)
        .executeTakeFirst();
      // Some servers count a row that is the same already as not updated.
      const { token } = await transaction.selectFrom("partition_fence").select("token")
        .where("id", "=", partition).executeTakeFirstOrThrow();
      if (Number(numUpdatedRows) === 0 && Number(token) !== fence) return null;
      const grown = await transaction.selectFrom("audit_head").select(["owner", "number", "hash"])
        .whereRef("number", ">", "sealed_number").orderBy("owner").execute();
      if (grown.length === 0) return null;
      const last = await transaction.selectFrom("audit_seal").select(["number", "signature"])
        .orderBy("number", "desc").limit(1).executeTakeFirst();
      const heads = grown.map(({ owner, number, hash }): SealedHead => [
        owner,
        Number(number),
        hash,
      ]);
      const content = {
        ...{ number: Number(last?.number ?? 0) + 1, at, heads },
        previous: last?.signature ?? NO_SEAL,
      };
      const seal = { ...content, signature: signatureOf(content, this.#key) };
      const stored: AuditSealTable = { ...seal, heads: JSON.stringify(heads) };
      await transaction.insertInto("audit_seal").values(stored).execute();
      for (const [owner, number] of heads) {
        await transaction.updateTable("audit_head").set({ sealed_number: number })
          .where("owner", "=", owner).execute();
      }
      return seal;
    });
  }
}

export function isSigned({ signature, ...content }: Seal, key: string): boolean {
  const wanted = Buffer.from(signatureOf(content, key));
  const found = Buffer.from(signature);
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}

function signatureOf(content: Omit<Seal, "signature">, key: string): string {
  return createHmac("sha256", key).update(canonicalJson(content)).digest("hex");
}
