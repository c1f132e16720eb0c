/** Bans everywhere: who may, what is recorded, how it is undone, what survives. */
import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { foldEntries, genesis, step } from "../fold.ts";
import type { Committed } from "../actor_definition.ts";
import { verifyChain } from "./audit_chain.ts";
import { globalLog } from "./global_log.ts";
import { banOf } from "./global_log_context.ts";
import {
  GLOBAL_LOG,
  type GlobalEntryBody,
  type GlobalWish,
  type Steward,
} from "./global_log_entry.ts";
import type { ActionRequest } from "./moderation_action.ts";

const mo: Steward = { user: "mo", role: "moderator" };
const op: Steward = { user: "op", role: "operator" };

class Log {
  now = 1_000_000;
  folded = genesis(globalLog, GLOBAL_LOG);
  entries: Committed<GlobalEntryBody>[] = [];
  #asked = 0;

  get context() {
    return this.folded.snapshot.context;
  }

  /** The answer in one word, and what it made of the log. */
  ask(from: Steward, wish: GlobalWish): string {
    const delivery = { receivedAt: this.now, from, wish };
    const decision = globalLog.decide(this.folded.snapshot, delivery, this.now);
    if (decision.outcome === "rejected") return decision.code;
    if (decision.outcome === "duplicate") return "duplicate";
    for (const body of decision.entries) this.fold(body);
    return "accepted";
  }

  fold(body: GlobalEntryBody): void {
    const entry = { seq: this.folded.seq + 1, recordedAt: this.now, body };
    this.entries.push(entry);
    this.folded = step(globalLog, this.folded, entry).folded;
  }

  act(
    from: Steward,
    kind: ActionRequest["kind"],
    target: string,
    more: Partial<ActionRequest> & { targetRole?: Steward["role"]; clientId?: string } = {},
  ): string {
    const { targetRole = "fan", clientId = `c${++this.#asked}`, ...rest } = more;
    const request = { kind, target, reason: "why", ...rest };
    return this.ask(from, { kind: "moderate", clientId, request, targetRole });
  }

  undo(from: Steward, action: number, targetRole: Steward["role"] = "fan"): string {
    const clientId = `c${++this.#asked}`;
    return this.ask(from, { kind: "undo", clientId, action, reason: "oops", targetRole });
  }

  until(user: string): number | null {
    return banOf(this.context, user, this.now)?.until ?? null;
  }
}

describe("globalLog", () => {
  test("bans, with its row, until it ends", () => {
    const log = new Log();
    expect(log.act(mo, "banGlobally", "ana", { until: log.now + 50 })).toBe("accepted");
    expect(log.until("ana")).toBe(log.now + 50);
    expect(log.context.actions[0]).toMatchObject({
      ...{ number: 1, actor: mo, kind: "banGlobally", target: "ana", reason: "why" },
      ...{ before: null, after: log.now + 50, undoes: null },
    });
    log.now += 50;
    expect(log.until("ana")).toBeNull();
    expect(log.act(mo, "unbanGlobally", "ana")).toBe("duplicate");
  });

  test("knows a wish that comes again, and what is so already", () => {
    const log = new Log();
    expect(log.act(mo, "banGlobally", "ana", { clientId: "one" })).toBe("accepted");
    expect(log.act(mo, "banGlobally", "bea", { clientId: "one" })).toBe("duplicate");
    expect(log.act(mo, "banGlobally", "ana")).toBe("duplicate");
    expect(log.entries).toHaveLength(1);
  });

  test("refuses fans, oneself, equals, superiors and what is a room's", () => {
    const log = new Log();
    const refused = [
      log.act({ user: "x", role: "anonymous" }, "banGlobally", "ana"),
      log.act({ user: "x", role: "fan" }, "banGlobally", "ana"),
      log.act({ user: "x", role: "fan" }, "removeAvatar", "ana"),
      log.act(mo, "banGlobally", "mo"),
      log.act(mo, "banGlobally", "mi", { targetRole: "moderator" }),
      log.act(mo, "purge", "op", { targetRole: "operator", confirm: true }),
      log.act(mo, "mute", "ana", { until: log.now + 1 }),
      log.act(mo, "banGlobally", ""),
      log.undo({ user: "x", role: "fan" }, 1),
      log.undo(mo, 1),
    ];
    expect(refused).toEqual([
      ...["signIn", "forbidden", "forbidden", "ownCase", "superior", "superior", "wrongOwner"],
      ...["malformed", "forbidden", "tooOld"],
    ]);
    expect(log.entries).toEqual([]);
  });

  test("whoever is banned does nothing, and lifts nothing of their own", () => {
    const log = new Log();
    expect(log.act(op, "banGlobally", "mo", { targetRole: "moderator" })).toBe("accepted");
    expect(log.act(mo, "banGlobally", "ana")).toBe("banned");
    expect(log.act(mo, "unbanGlobally", "mo")).toBe("banned");
    expect(log.undo(mo, 1)).toBe("banned");
    expect(log.until("mo")).toBe(0);
  });

  test("a moderator reverses no operator's word, in either direction", () => {
    const log = new Log();
    log.act(op, "banGlobally", "ana");
    expect(log.act(mo, "unbanGlobally", "ana")).toBe("superior");
    expect(log.act(mo, "banGlobally", "ana", { until: log.now + 1 })).toBe("superior");
    expect(log.undo(mo, 1)).toBe("superior");
    expect(log.undo(op, 1)).toBe("accepted");
    expect(log.until("ana")).toBeNull();
    expect(log.act(mo, "banGlobally", "ana")).toBe("superior");
  });

  test("nor one that is no longer among the actions it remembers", () => {
    const log = new Log();
    log.act(op, "banGlobally", "ana");
    for (let count = 0; count < limits.roomActionsMax; count++) {
      log.act(mo, "removeAvatar", `u${count}`);
    }
    expect(log.context.actions.some(({ target }) => target === "ana")).toBe(false);
    expect(log.act(mo, "unbanGlobally", "ana")).toBe("superior");
    expect(log.act(op, "unbanGlobally", "ana")).toBe("accepted");
  });

  test("undoes by the inverse, once, and only what still is so", () => {
    const log = new Log();
    log.act(mo, "banGlobally", "ana", { until: log.now + 500 });
    expect(log.undo(mo, 1)).toBe("accepted");
    expect(log.context.actions[1]).toMatchObject({
      ...{ kind: "unbanGlobally", before: log.now + 500, after: null, undoes: 1 },
    });
    expect(log.undo(mo, 1)).toBe("duplicate");
    expect(log.undo(mo, 2)).toBe("accepted");
    expect(log.until("ana")).toBe(log.now + 500);
    log.act(mo, "banGlobally", "ana", { until: log.now + 900 });
    expect(log.undo(mo, 3)).toBe("changedSince");
  });

  test("a purge asks once more, waits to be carried out and is final", () => {
    const log = new Log();
    expect(log.act(mo, "purge", "ana")).toBe("confirmNeeded");
    expect(log.act(mo, "purge", "ana", { confirm: true })).toBe("accepted");
    expect(log.folded.snapshot.value).toBe("purging");
    expect(log.context.purges).toEqual([{ action: 1, user: "ana", by: mo, reason: "why" }]);
    expect(log.undo(mo, 1)).toBe("final");
    log.fold({ type: "purge.carried", action: 1, rooms: 3 });
    expect(log.folded.snapshot.value).toBe("idle");
    const again = { kind: "purged", action: 1, rooms: 3 } as const;
    const delivery = { receivedAt: 0, from: null, wish: again };
    expect(globalLog.decide(log.folded.snapshot, delivery, 0).outcome).toBe("duplicate");
  });

  test("its rows are a whole chain, and its fold is the same wherever it is cut", () => {
    const log = new Log();
    log.act(mo, "banGlobally", "constructor", { until: log.now + 10 });
    log.now += 20;
    log.act(mo, "banGlobally", "bea");
    log.act(mo, "removeAvatar", "bea");
    log.undo(mo, 2);
    const { actions, chain, bans } = log.context;
    expect(verifyChain(GLOBAL_LOG, actions, chain)).toEqual({ outcome: "whole", rows: 4 });
    expect(bans).toEqual({});
    for (let cut = 0; cut <= log.entries.length; cut++) {
      const first = foldEntries(
        globalLog,
        genesis(globalLog, GLOBAL_LOG),
        log.entries.slice(0, cut),
      );
      const whole = foldEntries(globalLog, first.folded, log.entries.slice(cut));
      expect(whole.folded.snapshot.context).toEqual(log.context);
    }
  });
});
