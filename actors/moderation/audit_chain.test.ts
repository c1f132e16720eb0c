/** What can be done to a log by whoever holds the database, and that it shows. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AuditRow,
  chained,
  type ChainHead,
  emptyHead,
  headOf,
  verifyChain,
} from "./audit_chain.ts";

function logOf(length: number, owner = "room-1"): { rows: AuditRow[]; head: ChainHead } {
  let head = emptyHead(owner);
  const rows: AuditRow[] = [];
  for (let at = 0; at < length; at++) {
    const row = chained(head, {
      ...{ at, actor: { user: "mo", role: "moderator" }, kind: "mute", target: `u${at}` },
      ...{ reason: "spam", before: null, after: at + 60_000, undoes: null },
    });
    rows.push(row);
    head = headOf(row);
  }
  return { rows, head };
}

describe("verifyChain", () => {
  const { rows, head } = logOf(5);
  const broken = (number: number, what: string) => ({ outcome: "broken", number, what });

  test("finds nothing in an untouched log, an empty one too", () => {
    expect(verifyChain("room-1", rows, head)).toEqual({ outcome: "whole", rows: 5 });
    expect(verifyChain("room-1", [], emptyHead("room-1"))).toEqual({ outcome: "whole", rows: 0 });
  });

  test("is indifferent to the order of a row's columns", () => {
    const turned = rows.map((row) => Object.fromEntries(Object.entries(row).reverse())) as unknown;
    expect(verifyChain("room-1", turned as AuditRow[], head).outcome).toBe("whole");
  });

  test("names a changed row, also one whose own hash was made to fit", () => {
    const changed = rows.with(2, { ...rows[2]!, reason: "none" });
    expect(verifyChain("room-1", changed, head)).toEqual(broken(3, "changed"));
    const { hash: _hash, previous: _previous, number: _number, ...action } = changed[2]!;
    const fitting = rows.with(2, chained(headOf(rows[1]!), action));
    expect(verifyChain("room-1", fitting, head)).toEqual(broken(4, "changed"));
  });

  test("names the first of two exchanged rows, and of two with exchanged numbers", () => {
    const swapped = rows.with(1, rows[3]!).with(3, rows[1]!);
    expect(verifyChain("room-1", swapped, head)).toEqual(broken(2, "exchanged"));
    const renumbered = rows.with(1, { ...rows[3]!, number: 2 }).with(3, { ...rows[1]!, number: 4 });
    expect(verifyChain("room-1", renumbered, head)).toEqual(broken(2, "changed"));
  });

  test("names a removed row and the first of a tail that was cut off", () => {
    expect(verifyChain("room-1", rows.toSpliced(1, 1), head)).toEqual(broken(2, "removed"));
    expect(verifyChain("room-1", rows.slice(0, 3), head)).toEqual(broken(4, "cut"));
    expect(verifyChain("room-1", [], head)).toEqual(broken(1, "cut"));
  });

  test("names a row that nobody's head knows", () => {
    const more = chained(head, { ...rows[0]!, at: 9 });
    expect(verifyChain("room-1", [...rows, more], head)).toEqual(broken(6, "added"));
  });

  test("takes no other owner's log for this one's", () => {
    const other = logOf(5, "room-2");
    expect(verifyChain("room-1", other.rows, other.head)).toEqual(broken(1, "changed"));
  });

  test("finds any change to any field", () => {
    fc.assert(
      fc.property(
        fc.nat(4),
        fc.constantFrom(...Object.keys(rows[0]!)),
        fc.string(),
        (at, name, to) => {
          const row = { ...rows[at]!, [name]: to } as AuditRow;
          expect(verifyChain("room-1", rows.with(at, row), head).outcome).toBe("broken");
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
