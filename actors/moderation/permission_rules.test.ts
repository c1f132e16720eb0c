/** Every cell of the reviewed table, and what no table can hold. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  FAN_ACTIONS,
  MODERATION_KINDS,
  permission,
  permissionOver,
  ROLES,
  ROOM_STATES,
} from "./permission_rules.ts";

const [head, ...rows] = readFileSync(new URL("./permission_table.csv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split(","));

describe("the permission table", () => {
  test("has a column for each role and a row for each action in each state", () => {
    expect(head).toEqual(["action", "state", ...ROLES]);
    const named = rows.map(([action, state]) => `${action} ${state}`);
    const needed = [...FAN_ACTIONS, ...MODERATION_KINDS]
      .flatMap((action) => ROOM_STATES.map((state) => `${action} ${state}`));
    expect(named.toSorted()).toEqual(needed.toSorted());
  });

  test("is what the rules say, cell by cell", () => {
    const wrong: string[] = [];
    let cells = 0;
    for (const [action, state, ...cellsOfRow] of rows) {
      for (const [at, role] of ROLES.entries()) {
        const found = permission(role, action as never, state as never);
        if (found !== cellsOfRow[at]) {
          wrong.push(`${role} ${action} ${state}: needed ${cellsOfRow[at]}, found ${found}`);
        }
        cells++;
      }
    }
    expect(wrong).toEqual([]);
    expect(cells).toBe(ROLES.length * rows.length);
    console.log(`${cells} cells of the permission table were asked for.`);
  });
});

describe("permissionOver", () => {
  test("lets nobody act on a superior, an equal or themselves", () => {
    for (const [at, role] of ROLES.entries()) {
      for (const [rank, other] of ROLES.entries()) {
        const found = permissionOver({ user: "a", role }, { user: "b", role: other });
        expect(found).toBe(rank < at ? "allowed" : "superior");
      }
      expect(permissionOver({ user: "a", role }, { user: "a", role: "fan" })).toBe("ownCase");
    }
  });
});
