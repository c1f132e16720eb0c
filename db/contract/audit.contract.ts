/**
 * What whoever holds the database can do to the audit with plain SQL, and that
 * each of it is named; run on every database.
 */
import { sql as raw } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import {
  type AuditRow,
  chained,
  type ChainHead,
  emptyHead,
  headOf,
} from "../../actors/moderation/audit_chain.ts";
import { recordAudit } from "../sql/audit_rows.ts";
import { AuditSeals } from "../sql/audit_seals.ts";
import { verifyAudit } from "../sql/audit_verification.ts";
import type { SqlDatabase } from "../sql/sql_database.ts";

const KEY = "a key that is in no database";
const PARTITION = 5;

/** Actions of one owner, `from` on; `after` has every kind of value. */
export function actionsOf(owner: string, count: number, head: ChainHead = emptyHead(owner)) {
  const rows: AuditRow[] = [];
  for (let at = 1; at <= count; at++) {
    const row = chained(head, {
      ...{ at: 1_000 * at, actor: { user: "mo", role: "moderator" }, kind: "mute" },
      ...{ target: `usér ${at} `, reason: `"spam" ${at}`, before: null },
      ...{ after: [at, true, "text", null][at % 4] ?? null, undoes: at === 3 ? 1 : null },
    });
    rows.push(row);
    head = headOf(row);
  }
  return rows;
}

export function auditContract(database: () => SqlDatabase): void {
  const run = (statement: string) => raw.raw(statement).execute(database().kysely);
  const write = (owner: string, rows: AuditRow[]) =>
    database().kysely.transaction().execute((transaction) =>
      recordAudit(transaction, database().words, rows.map((row) => ({ owner, row })))
    );
  const seals = () => new AuditSeals(database(), KEY);
  const seal = () => seals().seal(PARTITION, 7, 1_000);
  const verdict = (known?: string) => verifyAudit(database(), KEY, known);
  const broken = (number: number, what: string, owner = "room b") => ({
    ...{ outcome: "broken", owner, number, what },
  });
  /** As somebody with every right would: rows and head, each hash made anew. */
  const rewrite = async (number: number) => {
    const rows = actionsOf("room b", 5);
    let head = emptyHead("room b");
    await run(`delete from moderation_audit where owner = 'room b'`);
    await run(`delete from audit_head where owner = 'room b'`);
    const again = rows.map((row) => {
      const { hash: _hash, previous: _previous, number: _number, ...action } = row;
      const other = chained(head, row.number === number ? { ...action, reason: "none" } : action);
      head = headOf(other);
      return other;
    });
    await write("room b", again);
    await run(`update audit_head set sealed_number = 5 where owner = 'room b'`);
  };

  describe("verifyAudit", () => {
    beforeEach(async () => {
      for (const table of ["moderation_audit", "audit_head", "audit_seal"]) {
        await run(`delete from ${table}`);
      }
      await run("update partition_fence set token = 0");
      await write("global", actionsOf("global", 3));
      const rows = actionsOf("room b", 5);
      await write("room b", rows.slice(0, 2));
      await seal();
      await write("room b", rows.slice(2));
      await write("room c", actionsOf("room c", 1));
      await seal();
    });

    test("finds nothing in what nobody touched", async () => {
      const whole = { outcome: "whole", owners: 3, rows: 9, seals: 2, unsealed: 0 };
      expect(await verdict()).toEqual(whole);
      expect(await seals().unsealed()).toBe(0);
      expect(await seal()).toBeNull();
      await write("room d", actionsOf("room d", 2));
      expect(await seals().unsealed()).toBe(2);
      expect(await verdict()).toEqual({ ...whole, owners: 4, rows: 11, unsealed: 2 });
    });

    test("names a changed row, whatever was changed", async () => {
      for (
        const change of [
          "reason = 'none'",
          "actor = 'ana'",
          "role = 'operator'",
          "target = 'ana'",
          "at = 1",
          "undoes = 2",
          "action = 'warn'",
          "hash = 'x'",
          "prev_hash = 'x'",
        ]
      ) {
        const [name = ""] = change.split(" ");
        const kept = await run(`select ${name} as was from moderation_audit where number = 2`);
        await run(`update moderation_audit set ${change} where owner = 'room b' and number = 2`);
        expect(await verdict(), change).toEqual(broken(2, "changed"));
        const was = (kept.rows[0] as { was: string | null }).was;
        // Put back as a value, so that the next change stands alone.
        await raw`update moderation_audit set ${raw.ref(name)} = ${was}
          where owner = 'room b' and number = 2`.execute(database().kysely);
        if (name === "hash" || name === "prev_hash") break;
        expect((await verdict()).outcome, change).toBe("whole");
      }
    });

    test("names two rows that changed places", async () => {
      for (const [from, to] of [[2, 99], [4, 2], [99, 4]]) {
        await run(
          `update moderation_audit set number = ${to} where owner = 'room b' and number = ${from}`,
        );
      }
      expect(await verdict()).toEqual(broken(2, "exchanged"));
    });

    test("names a row that was removed, and a tail that was cut", async () => {
      await run(`delete from moderation_audit where owner = 'room b' and number = 3`);
      expect(await verdict()).toEqual(broken(3, "removed"));
      await run(`delete from moderation_audit where owner = 'room b' and number >= 3`);
      expect(await verdict()).toEqual(broken(3, "cut"));
    });

    test("names a tail that was cut with its head", async () => {
      const [, second] = actionsOf("room b", 2);
      await run(`delete from moderation_audit where owner = 'room b' and number > 2`);
      await run(
        `update audit_head set number = 2, sealed_number = 2, hash = '${second!.hash}'
         where owner = 'room b'`,
      );
      expect(await verdict()).toEqual(broken(3, "cut"));
    });

    test("names an owner of whom nothing is left", async () => {
      await run(`delete from moderation_audit where owner = 'room b'`);
      await run(`delete from audit_head where owner = 'room b'`);
      expect(await verdict()).toEqual(broken(1, "cut"));
    });

    test("names where a chain was made anew with its head", async () => {
      await rewrite(2);
      expect(await verdict()).toEqual(broken(1, "rewritten"));
      await rewrite(4);
      expect(await verdict()).toEqual(broken(3, "rewritten"));
    });

    test("names a seal that was changed, removed or made without the key", async () => {
      await run(`update audit_seal set at = 1 where number = 2`);
      expect(await verdict()).toEqual(broken(2, "changed", "seals"));
      await run(`delete from audit_seal where number = 1`);
      expect(await verdict()).toEqual(broken(1, "removed", "seals"));
      await run(`delete from audit_seal`);
      await run(`update audit_head set sealed_number = 0`);
      await new AuditSeals(database(), "another key").seal(PARTITION, 7, 1_000);
      expect(await verdict()).toEqual(broken(1, "changed", "seals"));
    });

    test("misses a seal that was cut off only where nobody kept it", async () => {
      const rows = await run(`select signature from audit_seal where number = 2`);
      const { signature } = rows.rows[0] as { signature: string };
      expect((await verdict(`2:${signature}`)).outcome).toBe("whole");
      expect(await verdict(`2:${"0".repeat(64)}`)).toEqual(broken(2, "changed", "seals"));
      await run(`delete from audit_seal where number = 2`);
      expect((await verdict()).outcome).toBe("whole");
      expect(await verdict(`2:${signature}`)).toEqual(broken(2, "cut", "seals"));
    });

    test("an owner of before seals nothing", async () => {
      await write("room d", actionsOf("room d", 2));
      expect(await seals().seal(PARTITION, 6, 1_000)).toBeNull();
      expect((await seals().seal(PARTITION, 8, 1_000))?.number).toBe(3);
    });
  });
}
