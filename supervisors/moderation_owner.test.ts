/**
 * The global log on the embedded stores: in force everywhere at once, with and
 * without SQL; what it carries into rooms; what a takeover finds.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { GlobalWish, Steward } from "../actors/moderation/global_log_entry.ts";
import type { ActionRequest } from "../actors/moderation/moderation_action.ts";
import type { RoomAnswer, RoomCommand } from "../actors/ports/rooms.ts";
import { banSignal, GlobalBans } from "../channels/ban_roll.ts";
import { ModerationStore } from "../db/sql/moderation_store.ts";
import { AuditSeals } from "../db/sql/audit_seals.ts";
import { verifyAudit } from "../db/sql/audit_verification.ts";
import { type TemporarySql, temporarySql } from "../db/sql/temporary_sql.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { pause, systemClock } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";
import { systemRandom } from "../runtime/random.ts";
import { ModerationOwner } from "./moderation_owner.ts";
import { type HotStores, IN_MEMORY, openEmbeddedStores } from "./stores.ts";

const parts = { clock: systemClock, random: systemRandom, events: silentEvents };
const KEY = "k".repeat(32);
const mo: Steward = { user: "mo", role: "moderator" };

let hot: HotStores;
let database: TemporarySql;
let bans: GlobalBans;
let fence: number | null;
/** `room: command`, as rooms were told. */
let told: { room: string; command: RoomCommand }[];
let roomAnswer: (room: string) => RoomAnswer;
const owners: ModerationOwner[] = [];
let isSqlAway = false;

beforeEach(async () => {
  hot = await openEmbeddedStores(IN_MEMORY, parts);
  database = await temporarySql();
  bans = await GlobalBans.open({ ...hot, ...parts });
  fence = 1;
  told = [];
  roomAnswer = () => ({ outcome: "ok" });
  isSqlAway = false;
});
afterEach(async () => {
  for (const owner of owners.splice(0)) await owner.stop("over");
  bans.close();
  await hot.close();
  await database.close();
});

/** A store that may be away. */
class Store extends ModerationStore {
  override appendEntries(...batches: Parameters<ModerationStore["appendEntries"]>) {
    if (!isSqlAway) return super.appendEntries(...batches);
    return Promise.reject(new Failure("storeUnavailable", "away", { retryable: true }));
  }
}

async function start(
  seals: AuditSeals | null = new AuditSeals(database.sql, KEY),
): Promise<ModerationOwner> {
  const owner = await ModerationOwner.start({
    ...{ ...hot, ...parts },
    publisher: banSignal(hot.broker),
    store: new Store(database.sql),
    seals,
    rooms: () => ({
      command(room, command) {
        told.push({ room, command });
        const answer = roomAnswer(room);
        return Promise.resolve(answer);
      },
    }),
    roleOf: (user) => Promise.resolve(user === "op" ? "operator" : "fan"),
    fenceOf: () => fence,
  });
  owners.push(owner);
  return owner;
}

const wish = (
  kind: ActionRequest["kind"],
  target: string,
  more: Partial<ActionRequest> = {},
): GlobalWish => ({
  kind: "moderate",
  clientId: `${kind}-${target}`.replace(/[^A-Za-z0-9_-]/g, ""),
  request: { kind, target, reason: "why", ...more },
  targetRole: "fan",
});

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = systemClock.monotonic() + 5_000;
  while (!await isSo()) {
    if (systemClock.monotonic() > end) throw new Error("it never came to be so");
    await pause(systemClock, 5);
  }
}
const rowsInSql = async () =>
  (await database.sql.kysely.selectFrom("moderation_audit")
    .selectAll().execute()).length;
const wrote = (room: string, author: string) =>
  database.sql.kysely.insertInto("chat_body")
    .values({ room_id: room, key: `${room}-${author}`, message: "m", author, bytes: null })
    .execute();

describe("ModerationOwner", () => {
  test("a ban is on every roll at once, and again with its undo", async () => {
    const owner = await start();
    let heard = 0;
    bans.hear(() => heard++);
    const answer = await owner.command(mo, wish("banGlobally", "ana"));
    expect(answer).toEqual({ outcome: "ok", made: "action 1" });
    await until(() => bans.isBanned("ana") !== null);
    expect(bans.isBanned("ana")).toEqual({ until: 0, reason: "why" });
    expect(bans.isBanned("constructor")).toBeNull();
    expect(await owner.command(mo, wish("banGlobally", "ana"))).toEqual(answer);
    const undo = { kind: "undo", clientId: "u1", action: 1, reason: "oops" } as const;
    expect(await owner.command(mo, { ...undo, targetRole: "fan" })).toEqual({
      ...{ outcome: "ok", made: "action 2" },
    });
    await until(() => bans.isBanned("ana") === null);
    expect(heard).toBeGreaterThanOrEqual(2);
  });

  test("what accounts say of a user counts, whatever the door says", async () => {
    const owner = await start();
    expect(await owner.command(mo, wish("banGlobally", "op"))).toMatchObject({
      ...{ outcome: "refused", code: "superior" },
    });
    expect(await rowsInSql()).toBe(0);
  });

  test("is in force without SQL, which has it later", async () => {
    const owner = await start();
    isSqlAway = true;
    expect(await owner.command(mo, wish("banGlobally", "ana"))).toMatchObject({ outcome: "ok" });
    await until(() => bans.isBanned("ana") !== null);
    expect(await rowsInSql()).toBe(0);
    isSqlAway = false;
    await until(async () => await rowsInSql() === 1);
    expect((await owner.ofUser({ user: "ana", before: null, limit: 10 })).actions).toMatchObject([
      { owner: "global", row: { number: 1, kind: "banGlobally", actor: mo } },
    ]);
    const verdict = { outcome: "whole", owners: 1, rows: 1, seals: 0, unsealed: 1 };
    expect(await verifyAudit(database.sql, KEY)).toEqual(verdict);
  });

  test("without a key goes on as ever, and seals nothing", async () => {
    const owner = await start(null);
    expect(await owner.command(mo, wish("banGlobally", "ana"))).toMatchObject({ outcome: "ok" });
    await until(async () => await rowsInSql() === 1);
    const { kysely } = database.sql;
    expect(await kysely.selectFrom("audit_seal").selectAll().execute()).toEqual([]);
    const verdict = { outcome: "whole", owners: 1, rows: 1, seals: 0, unsealed: 1 };
    expect(await verifyAudit(database.sql, null)).toEqual(verdict);
    await kysely.updateTable("moderation_audit").set({ reason: "another" }).execute();
    expect(await verifyAudit(database.sql, null)).toMatchObject({ what: "changed", number: 1 });
  });

  test("a purge reaches every room in which its user wrote, once, though one is away", async () => {
    await wrote("r-one", "ana");
    await wrote("r-two", "ana");
    await wrote("r-three", "bea");
    let away = 2;
    roomAnswer = (room) =>
      room === "r-two" && away-- > 0
        ? { outcome: "refused", code: "busy", reason: "", retryAfterMs: 1 }
        : { outcome: "ok" };
    const owner = await start();
    expect(await owner.command(mo, wish("purge", "ana"))).toMatchObject({ code: "confirmNeeded" });
    await owner.command(mo, wish("purge", "ana", { confirm: true }));
    await until(() => told.some(({ room }) => room === "r-one"));
    // Written before the purge, and in SQL only now.
    await wrote("r-late", "ana");
    await until(() => told.some(({ room }) => room === "r-late"));
    expect(new Set(told.map(({ room }) => room))).toEqual(new Set(["r-one", "r-two", "r-late"]));
    expect(told[0]!.command).toEqual({
      from: mo,
      wish: {
        ...{ kind: "moderate", clientId: "purge-1", targetRole: "fan" },
        request: { kind: "purge", target: "ana", reason: "why", confirm: true },
      },
    });
    const carried = async () => {
      const rows = await database.sql.kysely.selectFrom("moderation_entry").select("body")
        .execute();
      return rows.some(({ body }) => body === '{"type":"purge.carried","action":1,"rooms":3}');
    };
    await until(carried);
  }, 15_000);

  test("a purge reaches what SQL did not have when it began", async () => {
    await wrote("r-one", "ana");
    const owner = await start();
    await owner.command(mo, wish("purge", "ana", { confirm: true }));
    await until(() => told.length === 1);
    await wrote("r-late", "ana");
    await until(() => told.length === 2);
    expect(told.map(({ room }) => room)).toEqual(["r-one", "r-late"]);
  });

  test("whoever takes over goes on where the hot store was lost, and bans stay meanwhile", async () => {
    const owner = await start();
    await owner.command(mo, wish("banGlobally", "ana"));
    await until(() => bans.isBanned("ana") !== null);
    await until(async () => await rowsInSql() === 1);
    await owner.stop("over");
    await hot.streams.reset("ledger/moderation/global", 1, 0);
    await hot.cells.remove("snapshot/moderation/global");
    await pause(systemClock, 1_200);
    expect(bans.isBanned("ana")).not.toBeNull();
    fence = 2;
    const next = await start();
    expect(await next.command(mo, wish("banGlobally", "bea"))).toEqual({
      ...{ outcome: "ok", made: "action 2" },
    });
    await until(() => bans.isBanned("bea") !== null);
    expect(bans.isBanned("ana")).not.toBeNull();
    await until(async () => await rowsInSql() === 2);
    expect(await verifyAudit(database.sql, KEY)).toMatchObject({ outcome: "whole", rows: 2 });
  });

  test("a process that does not own it says so, and wakes it when it does", async () => {
    fence = null;
    const owner = await start();
    await expect(owner.command(mo, wish("banGlobally", "ana"))).rejects.toMatchObject({
      code: "notOwner",
    });
    fence = 3;
    for (let partition = 0; partition < 64; partition++) await owner.gained(partition);
    expect(await owner.command(mo, wish("banGlobally", "ana"))).toMatchObject({ outcome: "ok" });
    fence = null;
    for (let partition = 0; partition < 64; partition++) await owner.lost(partition);
    expect(owner.status()).toEqual([]);
  });
});
