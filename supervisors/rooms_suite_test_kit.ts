/**
 * What rooms promise on every pair of stores: each acknowledged message once and
 * in one order whoever owns the room, and nothing of what was removed anywhere.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type RoomMessage } from "../actors/ports/rooms.ts";
import { filled } from "../channels/room_fill.ts";
import { decodePublication } from "../channels/publication.ts";
import { decodePublication as decodeBody } from "../protocol/golazo_codec.ts";
import { roomChannel } from "../protocol/channel_name.ts";
import { limits } from "../runtime/limits.ts";
import {
  inWords,
  keptPublications,
  post,
  ROOM,
  type RoomsNode,
  roomsNode,
  texts,
  wholeHistory,
} from "./rooms_test_kit.ts";
import type { HotStores, SqlStores } from "./stores.ts";

export interface RoomStores {
  hot: HotStores;
  sql: SqlStores;
  /** All that the stores hold, as text in which a marker would be found. */
  everything(): Promise<string>;
  close(): Promise<void>;
}

const MARKER = "sentinel-marker";

export function describeRooms(name: string, open: () => Promise<RoomStores>): void {
  describe(`rooms on ${name}`, () => {
    let stores: RoomStores;
    let nodes: RoomsNode[];
    const begin = async (fence = 1) => {
      const node = await roomsNode({ ...stores, fence, node: `n${fence}` });
      nodes.push(node);
      return node;
    };
    beforeEach(async () => {
      stores = await open();
      nodes = [];
    });
    afterEach(async () => {
      for (const node of nodes) await node.stop();
      await stores.close();
    });

    test("500 posts, each sent twice, over the death of their owner: each once, in one order, and no trace of what was removed", async () => {
      const [first, heardLive] = [await begin(), [] as string[]];
      const leave = await stores.hot.broker.subscribe(roomChannel(ROOM), (payload) => {
        const { chat } = decodeBody(decodePublication(payload).body);
        if (chat !== undefined) heardLive.push(chat.id);
      });
      let owner = first;
      const acknowledged = new Map<string, string>();
      /** As a gateway does: again at whoever owns the room then, until there is an answer. */
      const say = async (at: number): Promise<void> => {
        const [user, text] = [
          `fan${at % 50}`,
          `post ${inWords(at)}${at % 50 === 7 ? ` ${MARKER}` : ""}`,
        ];
        for (;;) {
          try {
            const answer = await owner.ask(user, post(`c${at}`, text));
            if (answer.outcome !== "ok") throw new Error(JSON.stringify(answer));
            const known = acknowledged.get(`c${at}`) ?? answer.made!;
            expect(answer.made).toBe(known);
            acknowledged.set(`c${at}`, known);
            return;
          } catch (error) {
            if ((error as { retryable?: boolean }).retryable !== true) throw error;
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        }
      };
      const burst = (from: number, to: number) =>
        Promise.all(
          Array.from({ length: to - from }, (_, index) => from + index)
            .flatMap((at) => [say(at), say(at)]),
        );
      await burst(0, 200);
      const torn = burst(200, 400);
      // It goes on believing that it owns the room, until a store says otherwise.
      owner = await begin(2);
      await owner.rooms.pulse(ROOM);
      first.loseOwnership();
      await first.rooms.lost(0);
      await first.rooms.stop("another owns it");
      await torn;
      await burst(400, 500);

      const history = await wholeHistory(owner);
      expect(history.length).toBe(500);
      expect(history.map(({ id }) => id)).toEqual([...new Set(acknowledged.values())].sort());
      expect(texts(history)).not.toContain("(gone)");
      const kept = (await keptPublications(stores.hot)).filter(({ lane }) => lane === "chat");
      const order = kept.map(({ key }) => key.split(" ")[0]);
      const isInOrder = history.map(({ id }) => id).slice(-order.length);
      expect(order).toEqual(isInOrder);
      expect(new Set(heardLive).size).toBe(heardLive.length);

      const victim = (history as RoomMessage[]).find(({ user }) => user === "fan8")!;
      const edited = (history as RoomMessage[]).find(({ user }) => user === "fan9")!;
      await owner.history.caughtUp(ROOM, 2);
      expect((await stores.everything()).includes(MARKER)).toBe(true);
      const edit = (clientId: string, text: string) =>
        owner.ask("fan9", { kind: "edit", clientId, target: edited.id, text, mentions: [] });
      expect((await edit("e1", `my ${MARKER}`)).outcome).toBe("ok");
      expect((await edit("e2", "my word")).outcome).toBe("ok");
      const act = (kind: "delete" | "purge", target: string, clientId: string) =>
        owner.ask("mo", {
          ...{ kind: "moderate", clientId, targetRole: "fan" },
          request: { kind, target, reason: "", ...kind === "purge" ? { confirm: true } : {} },
        }, "moderator");
      expect(await act("delete", victim.id, "m1")).toEqual({ outcome: "ok", made: "action 1" });
      expect(await act("purge", "fan7", "m2")).toEqual({ outcome: "ok", made: "action 2" });
      await eventually(() => owner.rooms.queue(ROOM).then(() => isErased(owner)));
      expect((await stores.everything()).includes(MARKER)).toBe(false);

      const after = await wholeHistory(owner);
      const gone = after.filter((one) => "gone" in one).map(({ id }) => id);
      expect(gone.length).toBe(11);
      expect(gone).toContain(victim.id);
      expect((await owner.rooms.bodies(ROOM, [victim.id, edited.id])).map((one) => one?.text))
        .toEqual([undefined, "my word"]);
      const refilled = await filled(owner.rooms, ROOM, await keptPublications(stores.hot));
      const said = refilled.flatMap(({ body }) => decodeBody(body).chat?.text ?? []);
      expect(said.join()).not.toContain(MARKER);
      expect(said).toContain("my word");
      expect(
        (await owner.rooms.audit(ROOM, { before: null, limit: 10 }))!.rows.map((row) => row.kind),
      )
        .toEqual(["purge", "delete"]);
      leave();
    });

    test("a room longer than its memory is read to its beginning, and loses there too what is deleted", async () => {
      const node = await begin();
      const said = await Promise.all(
        Array.from(
          { length: 1_250 },
          (_, at) => node.ask(`fan${at % 125}`, post(`c${at}`, `post ${inWords(at)}`)),
        ),
      );
      const taken = said.filter(({ outcome }) => outcome === "ok").length;
      expect(taken).toBeGreaterThanOrEqual(limits.roomAskedMax);
      expect(taken).toBeLessThan(1_250);
      for (const [at, { outcome }] of said.entries()) {
        if (outcome === "ok") continue;
        const again = await node.ask(`fan${at % 125}`, post(`c${at}`, `post ${inWords(at)}`));
        expect(again).toMatchObject({ outcome: "ok" });
      }
      expect((await wholeHistory(node)).length).toBe(1_250);
      const oldest = (await wholeHistory(node))[0] as RoomMessage;
      await node.ask("mo", {
        ...{ kind: "moderate", clientId: "m1", targetRole: "fan" },
        request: { kind: "delete", target: oldest.id, reason: "" },
      }, "moderator");
      await eventually(() => isErased(node));
      const [first, second] = await wholeHistory(node);
      expect([first, "gone" in second!]).toEqual([{ id: oldest.id, gone: true }, false]);
      expect(await node.rooms.bodies(ROOM, [oldest.id, second!.id])).toMatchObject([
        null,
        { text: expect.any(String) },
      ]);
      // Only the newest stay hot once SQL has the others.
      await node.history.caughtUp(ROOM, 1);
      await node.bodies.sweep(ROOM, () => false);
      expect(await stores.hot.bodies.keys(ROOM)).toEqual([]);
      expect(texts(await wholeHistory(node)).filter((text) => text === "(gone)").length).toBe(1);
    });

    test(
      "a room longer than its hot ledger is whole to whoever takes it over, with its snapshot and without",
      async () => {
        const node = await begin();
        const ledger = `ledger/room/${ROOM}`;
        const { streams, cells } = stores.hot;
        const count = 2 * limits.roomLedgerKept + limits.roomSnapshotEntriesMax + 100;
        const acknowledged: string[] = [];
        for (let from = 0; from < count; from += 500) {
          const burst = Array.from({ length: Math.min(500, count - from) }, (_, at) => from + at);
          for (
            const answer of await Promise.all(
              burst.map((at) => node.ask(`fan${at % 410}`, post(`c${at}`, `post ${inWords(at)}`))),
            )
          ) {
            expect(answer).toMatchObject({ outcome: "ok", made: expect.any(String) });
            acknowledged.push((answer as { made: string }).made);
          }
        }
        await node.history.caughtUp(ROOM, 1);
        await node.rooms.stop("another takes over");
        const isTrimmed = async () => {
          const { first, top } = (await streams.position(ledger))!;
          return first > 1 &&
            top - first < 2 * limits.roomLedgerKept + limits.roomSnapshotEntriesMax;
        };
        await eventually(isTrimmed);

        const whole = async (owner: RoomsNode) => {
          expect((await wholeHistory(owner)).map(({ id }) => id)).toEqual(acknowledged.toSorted());
        };
        const second = await begin(2);
        await whole(second);
        // Said before the trimming, and sent again: known.
        const again = post(`c${count - 1}`, `post ${inWords(count - 1)}`);
        expect(await second.ask(`fan${(count - 1) % 410}`, again))
          .toMatchObject({ outcome: "ok", made: acknowledged.at(-1) });
        await second.rooms.stop("another takes over");
        await cells.put(`snapshot/room/${ROOM}`, new Uint8Array());
        const third = await begin(3);
        await whole(third);
        expect(await third.ask("fan409", post("late", "and it goes on")))
          .toMatchObject({ outcome: "ok" });
      },
      60_000,
    );

    test("what an owner had still to remove when it died the next one removes", async () => {
      const dying = await begin();
      const { made } = await dying.ask("ana", post("c1", MARKER)) as { made: string };
      await dying.history.caughtUp(ROOM, 1);
      const { erase } = stores.sql.chat;
      stores.sql.chat.erase = () => Promise.reject(new Error("away"));
      await dying.ask("ana", { kind: "deleteOwn", target: made });
      await dying.rooms.stop("killed");
      expect((await stores.everything()).includes(MARKER)).toBe(true);
      stores.sql.chat.erase = erase;
      const next = await begin(2);
      for (let partition = 0; partition < 64; partition++) await next.rooms.gained(partition);
      await eventually(async () => !(await stores.everything()).includes(MARKER));
    });
  });
}

async function isErased(node: RoomsNode): Promise<boolean> {
  await node.rooms.pulse(ROOM);
  return node.rooms.isErased(ROOM);
}

async function eventually(holds: () => Promise<boolean> | boolean): Promise<void> {
  const giveUpAt = performance.now() + 10_000;
  while (!await holds()) {
    if (performance.now() > giveUpAt) throw new Error("Waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
