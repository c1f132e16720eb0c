/** Rooms on the embedded stores, and what one owner does by itself. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { systemClock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import { systemRandom } from "../runtime/random.ts";
import { describeRooms, type RoomStores } from "./rooms_suite_test_kit.ts";
import { inWords, post, ROOM, type RoomsNode, roomsNode } from "./rooms_test_kit.ts";
import { openEmbeddedStores } from "./stores.ts";

async function embedded(): Promise<RoomStores> {
  const folder = temporaryFolder();
  const parts = { clock: systemClock, random: systemRandom, events: silentEvents };
  const stores = await openEmbeddedStores(folder.path("data"), parts);
  return {
    hot: stores,
    sql: stores,
    everything: () =>
      Promise.resolve(
        readdirSync(folder.path("data")).map((name) =>
          readFileSync(join(folder.path("data"), name)).toString("latin1")
        ).join(),
      ),
    async close() {
      await stores.close();
      folder.remove();
    },
  };
}

describeRooms("the embedded stores", embedded);

describe("a room's owner", () => {
  let stores: RoomStores;
  let node: RoomsNode;
  beforeEach(async () => {
    stores = await embedded();
    node = await roomsNode(stores);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await node.stop();
    await stores.close();
  });

  const code = async (user: string, wish: Parameters<RoomsNode["ask"]>[1]) => {
    const answer = await node.ask(user, wish);
    return answer.outcome === "ok" ? "ok" : answer.code;
  };

  test("opens a match's room at the first word, and knows no other", async () => {
    expect((await node.rooms.whole(ROOM))?.face).toMatchObject({
      state: "open",
      title: "ARG – FRA",
    });
    expect(await node.rooms.whole("no-such-room")).toBe(null);
    expect(
      await node.rooms.command("no-such-room", {
        from: { user: "a", role: "fan" },
        wish: post("c", "x"),
      }),
    )
      .toMatchObject({ outcome: "refused", code: "unknownRoom" });
    expect(node.rooms.awake()).toEqual([ROOM]);
  });

  test("opens a room that somebody made, for its owner alone", async () => {
    const record = { id: "r-abc", title: "Büro", matchId: null, owner: "ana", inviteCode: "code" };
    expect(await node.rooms.create(record)).toEqual({ outcome: "ok", made: "r-abc" });
    expect(await node.rooms.create(record)).toEqual({ outcome: "ok", made: "r-abc" });
    expect(await node.rooms.create({ ...record, owner: "bo" })).toMatchObject({
      code: "roomExists",
    });
    expect(await node.rooms.create({ ...record, title: " " })).toMatchObject({ code: "malformed" });
    expect(await node.rooms.find("r-abc")).toMatchObject({ title: "Büro", inviteCode: "code" });
    expect((await node.rooms.whole("r-abc"))?.face).toMatchObject({ title: "Büro", owner: "ana" });
  });

  test("refuses with a word, keeps nothing of it, and remembers who floods", async () => {
    expect(await code("outlaw", post("c1", "hello"))).toBe("banned");
    expect(await code("ana", post("c1", ""))).toBe("textEmpty");
    expect(await code("ana", post("c2", "a\u202eb"))).toBe("textBidi");
    expect(await code("ana", post("c 3", "hello"))).toBe("malformed");
    expect(await code("ana", post("c4", "", { sticker: "Not One" }))).toBe("malformed");
    expect(await code("ana", post("c5", "", { sticker: "goal" }))).toBe("ok");
    expect(await stores.hot.bodies.keys(ROOM)).toHaveLength(1);
    const codes: string[] = [];
    for (let at = 0; at < 25; at++) {
      codes.push(await code("bo", post(`b${at}`, `word ${inWords(at)}`)));
    }
    expect(codes.indexOf("tooFast")).toBe(limits.chatFloodMessagesMax);
    // The same wish again is no flood: it is the same wish.
    expect(await code("bo", post("b0", "word nil"))).toBe("ok");
  });

  test("holds what is to be looked at, shows it to moderators and lets it in", async () => {
    const held = await node.ask("ana", post("c1", "look at http://example.com/x"));
    expect(held).toEqual({ outcome: "ok", made: expect.any(String), held: true });
    const { made } = held as { made: string };
    expect((await node.rooms.queue(ROOM))!.held).toMatchObject([
      { id: made, user: "ana", text: "look at http://example.com/x", status: "waiting" },
    ]);
    expect((await node.rooms.whole(ROOM))!.messages).toEqual([]);
    const request = { kind: "approve", target: made, reason: "" } as const;
    const wish = { kind: "moderate", clientId: "m1", request, targetRole: "fan" } as const;
    expect(await node.ask("mo", wish, "moderator")).toMatchObject({ outcome: "ok" });
    expect((await node.rooms.whole(ROOM))!.messages).toMatchObject([{ user: "ana" }]);
    expect(node.notices).toEqual([["ana", "held"], ["ana", "approved"]]);
  });

  test("lets nobody act on a superior through what the superior wrote, nor by undoing", async () => {
    await node.stewards.note({ subject: "boss", role: "operator" });
    await node.stewards.note({ subject: "mod", role: "moderator" });
    const said = async (user: string, role: "fan" | "moderator" | "operator") => {
      const answer = await node.ask(user, post(`p-${user}`, `word of ${user}`), role);
      return (answer as { made: string }).made;
    };
    // Written with a fan's token, and with that of the office.
    const [boss, mod, fan] = [
      await said("boss", "fan"),
      await said("mod", "moderator"),
      await said(
        "ana",
        "fan",
      ),
    ];
    let wishes = 0;
    type Kind = "delete" | "hold" | "approve" | "reject" | "mute" | "ban";
    const act = async (
      user: string,
      role: "moderator" | "operator",
      kind: Kind,
      target: string,
      room = ROOM,
    ) => {
      const request = { kind, target, reason: "", until: Date.now() + 60_000 };
      const wish = { kind: "moderate", clientId: `m${++wishes}`, request, targetRole: "fan" };
      const answer = await node.rooms.command(room, {
        from: { user, role },
        wish: wish as Parameters<RoomsNode["ask"]>[1],
      });
      return answer.outcome === "ok" ? answer.made : answer.code;
    };
    for (const kind of ["delete", "hold"] as const) {
      expect(await act("mo", "moderator", kind, boss)).toBe("superior");
      expect(await act("mo", "moderator", kind, mod)).toBe("superior");
    }
    expect(await act("mo", "moderator", "mute", "boss")).toBe("superior");
    expect(await act("mo", "moderator", "ban", "mod")).toBe("superior");
    expect(await act("mo", "moderator", "delete", fan)).toBe("action 1");
    expect(await act("op", "operator", "mute", "mod")).toBe("action 2");
    expect(await act("op", "operator", "hold", mod)).toBe("action 3");
    expect(await act("op", "operator", "delete", boss)).toBe("superior");
    const undo = (user: string, role: "moderator" | "operator", action: number) =>
      node.ask(user, {
        ...{ kind: "undo", clientId: `u${++wishes}`, action, reason: "", targetRole: "fan" },
      }, role);
    expect(await undo("mo", "moderator", 2)).toMatchObject({ code: "superior" });
    expect(await undo("mo", "moderator", 3)).toMatchObject({ code: "superior" });
    expect(await undo("op", "operator", 2)).toMatchObject({ outcome: "ok" });
  });

  test("lets the owner of a room do nothing to what a global moderator wrote there", async () => {
    const record = { id: "r-own", title: "Büro", matchId: null, owner: "olga", inviteCode: null };
    await node.rooms.create(record);
    await node.stewards.note({ subject: "mod", role: "moderator" });
    const say = (user: string, role: "fan" | "moderator", text: string) =>
      node.rooms.command("r-own", { from: { user, role }, wish: post(`p-${user}`, text) });
    const { made } = await say("mod", "moderator", "please stop") as { made: string };
    const deleting = (target: string, clientId: string) =>
      node.rooms.command("r-own", {
        from: { user: "olga", role: "fan" },
        wish: {
          ...{ kind: "moderate", clientId, targetRole: "fan" },
          request: { kind: "delete", target, reason: "" },
        },
      });
    expect(await deleting(made, "d1")).toMatchObject({ code: "superior" });
    const ana = await say("ana", "fan", "hello") as { made: string };
    expect(await deleting(ana.made, "d2")).toMatchObject({ outcome: "ok" });
  });

  test("tells when slow mode lets somebody speak again", async () => {
    await node.rooms.tell(ROOM, {
      ...{ kind: "pace", moment: "goal", at: Date.now(), matchSeq: 1, isFirstLook: false },
    });
    expect(await code("ana", post("c1", "one"))).toBe("ok");
    const refused = await node.ask("ana", post("c2", "two"));
    expect(refused).toMatchObject({ code: "slowMode", retryAfterMs: expect.any(Number) });
    expect((await node.rooms.whole(ROOM))!.face).toMatchObject({ state: "slow", slowMs: 5_000 });
  });

  test("goes on while SQL is away, and refuses once too much waits", async () => {
    const away = vi.spyOn(stores.sql.chat, "appendEntries");
    away.mockRejectedValue(Object.assign(new Error("away"), { retryable: true }));
    expect(await code("ana", post("c1", "one"))).toBe("ok");
    const isFull = vi.spyOn(node.history, "isFull", "get").mockReturnValue(true);
    expect(await node.ask("ana", post("c2", "two"))).toMatchObject({ code: "busy" });
    isFull.mockReturnValue(false);
    expect(await code("ana", post("c2", "two"))).toBe("ok");
  });
});
