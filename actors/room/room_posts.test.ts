/**
 * Where what was written is, and that it is nowhere once it was removed: a real
 * loop on the embedded stores, with a word that must not be found again.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ChannelPublisher } from "../../channels/channel_publisher.ts";
import { MemoryBroker } from "../../db/embedded/memory_broker.ts";
import { SqliteCell } from "../../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../../db/embedded/sqlite_file.ts";
import { SqliteStream } from "../../db/embedded/sqlite_stream.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { seededRandom } from "../../runtime/random.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { ActorLoop, type Answer } from "../actor_loop.ts";
import { snapshotKey } from "../actor_restore.ts";
import type { Committed } from "../actor_definition.ts";
import type { RoomDelivery } from "./room_delivery.ts";
import { canonicalBytes } from "./op_set.ts";
import { ALLOW, ana, bo, MapBodies, mo, TestRoom, verdict } from "./room.testing.ts";
import { roomDefinition } from "./room_actor.ts";
import type { RoomEntryBody } from "./room_entry.ts";
import { type PostBody, RoomPosts } from "./room_posts.ts";
import type { RoomUpdate } from "./room_update.ts";

const bodyOf = (clientId: string, text = "Olé!"): PostBody => ({ text, sticker: null, clientId });

function stage() {
  const room = new TestRoom();
  const bodies = new MapBodies();
  const posts = new RoomPosts("room-1", bodies, seededRandom(1));
  /** As whoever owns the room does it. */
  const say = async (from: typeof ana, body: PostBody, more: object = {}) => {
    const ref = await posts.keep(room.context, from.user, body);
    const code = room.code(from, {
      ...room.postOf(from, { clientId: body.clientId, body: ref, ...more }),
    });
    await posts.settle(room.context, ref);
    return { ref, code };
  };
  const erase = async () => {
    const seqs = await posts.erase(room.context);
    if (seqs.length > 0) room.hear({ kind: "erased", seqs });
  };
  return { room, bodies, posts, say, erase };
}

describe("a body", () => {
  test("is there for encoders and readers once its message is", async () => {
    const { posts, say } = stage();
    const { ref } = await say(ana, bodyOf("c1"));
    expect(posts.bodyOf(ref)).toEqual(bodyOf("c1"));
    expect(await posts.read([ref])).toEqual([bodyOf("c1")]);
    expect(await posts.read([{ ...ref, digest: "other" }])).toEqual([null]);
  });

  test("of a refused or a shadowed message is not kept", async () => {
    const { posts, bodies, say, erase } = stage();
    const { ref, code } = await say(ana, bodyOf("c1"), { verdict: verdict("block") });
    expect([code, posts.bodyOf(ref), bodies.bytes.size]).toEqual(["notAllowed", null, 0]);
    await say(ana, bodyOf("c2"), { verdict: verdict("shadow") });
    await erase();
    expect(bodies.bytes.size).toBe(0);
  });

  test("is that of the first of two wishes of one name, also while that is under way", async () => {
    const { room, posts } = stage();
    const [first, second] = await Promise.all([
      posts.keep(room.context, "ana", bodyOf("c1", "first")),
      posts.keep(room.context, "ana", bodyOf("c1", "second")),
    ]);
    expect(first).toEqual(second);
    // The first is refused, the second is not: its body must still be there.
    await posts.settle(room.context, first);
    const wish = room.postOf(ana, { clientId: "c1", body: second, verdict: ALLOW });
    expect(room.code(ana, wish)).toBe("accepted");
    await posts.settle(room.context, second);
    expect(await posts.read([second])).toEqual([bodyOf("c1", "first")]);
  });

  test("does not come back when a deleted message is sent again", async () => {
    const { room, bodies, say, erase } = stage();
    await say(ana, bodyOf("c1"));
    room.wish(ana, { kind: "deleteOwn", target: room.context.set.slots[0]!.id });
    await erase();
    expect((await say(ana, bodyOf("c1"))).code).toBe("duplicate");
    expect(bodies.bytes.size).toBe(0);
  });

  test("leaves memory at once, and the store as soon as that is back", async () => {
    const { room, bodies, posts, say, erase } = stage();
    const { ref } = await say(ana, bodyOf("c1"));
    room.wish(mo, room.act("delete", room.context.set.slots[0]!.id));
    bodies.isAway = true;
    await expect(erase()).rejects.toThrow("away");
    expect(posts.bodyOf(ref)).toBe(null);
    expect(room.context.erasing.length).toBe(1);
    bodies.isAway = false;
    await erase();
    expect(room.context.erasing).toEqual([]);
    expect(bodies.bytes.size).toBe(0);
  });

  test("that a dead owner left is the one that a repeated wish names", async () => {
    const { room, bodies, posts } = stage();
    const left = await new RoomPosts("room-1", bodies, seededRandom(9))
      .keep(room.context, "ana", bodyOf("c1"));
    const again = await posts.keep(room.context, "ana", bodyOf("c1"));
    expect(again).toEqual(left);
    expect(await posts.read([again])).toEqual([bodyOf("c1")]);
    // Of other words it is not the same wish: what was judged is what is kept.
    const other = new RoomPosts("room-1", bodies, seededRandom(10));
    const ref = await other.keep(room.context, "ana", bodyOf("c1", "else"));
    expect(await other.read([ref])).toEqual([bodyOf("c1", "else")]);
  });

  test("is in memory again after a restart", async () => {
    const { room, bodies, say } = stage();
    const { ref } = await say(ana, bodyOf("c1"));
    const held = await say(bo, bodyOf("c2"), { verdict: verdict("hold") });
    const again = new RoomPosts("room-1", bodies, seededRandom(2));
    expect(again.bodyOf(ref)).toBe(null);
    await again.load(room.context);
    expect(again.bodyOf(ref)).toEqual(bodyOf("c1"));
    expect(again.bodyOf(held.ref)).toEqual(bodyOf("c2"));
  });
});

const doings = fc.array(
  fc.record({
    what: fc.constantFrom("post", "post", "post", "edit", "hold", "shadow", "react", "delete"),
    by: fc.constantFrom(ana, bo),
    which: fc.nat(10),
  }),
  { minLength: 1, maxLength: 12 },
);

describe("a purged user's marker", () => {
  test("is in no state, no snapshot, no entry, no update and no body", async () => {
    await fc.assert(
      fc.asyncProperty(doings, fc.nat(), async (list, seed) => {
        const marker = `marker${seed}`;
        const { room, bodies, posts, say, erase } = stage();
        for (const [at, { what, by, which }] of list.entries()) {
          const body = { text: `${marker} x`, sticker: marker, clientId: `${marker}-${at}` };
          const target = room.context.set.slots[which]?.id ?? "";
          if (what === "post") await say(by, body);
          else if (what === "hold" || what === "shadow") {
            await say(by, body, { verdict: verdict(what) });
          } else if (what === "react") room.wish(by, { kind: "react", target, reaction: "goal" });
          else if (what === "delete") room.wish(by, { kind: "deleteOwn", target });
          else {
            const ref = await posts.keep(room.context, by.user, body);
            const { clientId } = body;
            room.wish(by, { ...room.postOf(by, { clientId, body: ref }), kind: "edit", target });
            await posts.settle(room.context, ref);
          }
        }
        for (const { user } of [ana, bo]) {
          room.wish(mo, room.act("purge", user, { confirm: true }));
        }
        await erase();
        expect(bodies.bytes.size).toBe(0);
        const { definition, folded, entries } = room;
        const all = JSON.stringify([room.context, entries, room.takeUpdates()]) +
          new TextDecoder().decode(canonicalBytes(room.context.set)) +
          JSON.stringify([definition.kind, folded.snapshot.value]);
        expect(all).not.toContain(marker);
        expect(room.context.erasing).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test("is in no store of a room that a loop runs", async () => {
    const clock = new SimulatedClock();
    const broker = new MemoryBroker(silentEvents);
    const [hot, cache] = [":memory:", ":memory:"].map((path) =>
      new SqliteFile(path, { synchronous: "off" })
    );
    const stream = new SqliteStream(hot!, broker, seededRandom(1));
    const channels = new SqliteStream(cache!, broker, seededRandom(2));
    const cells = new SqliteCell(hot!, clock);
    const bodies = new MapBodies();
    const posts = new RoomPosts("room-1", bodies, seededRandom(3));
    const recorded: Committed<RoomEntryBody>[] = [];
    const waiting = new Map<RoomDelivery, (answer: Answer) => void>();
    const loop = await ActorLoop.start({
      definition: roomDefinition("n1"),
      ...{ id: "room-1", fence: 1, stream, cells, clock, events: silentEvents },
      publisher: new ChannelPublisher<RoomUpdate>({
        ...{ stream: channels, broker, channelOf: (id) => `chat:room:${id}` },
        encode: (update) => ({
          ...{ lane: "chat", key: update.kind },
          body: new TextEncoder().encode(JSON.stringify(update)),
        }),
      }),
      history: {
        write: (_id, _fence, entries) => Promise.resolve(void recorded.push(...entries)),
        top: () => Promise.resolve(recorded.length),
        after: (_id, seq) => Promise.resolve(recorded.slice(seq)),
        unconfirmed: () => [],
      },
      answered: (delivery, answer) => waiting.get(delivery)?.(answer),
      poisoned: () => Promise.resolve("retry"),
      origin: ({ receivedAt }) => ({ receivedAt }),
    });
    const ask = (delivery: RoomDelivery) =>
      new Promise<Answer>((resolve) => {
        waiting.set(delivery, resolve);
        loop.offer(delivery);
      });
    const facts = { title: "Derby", matchId: null, owner: null };
    const open: RoomDelivery = {
      from: null,
      command: { kind: "open", room: facts },
      receivedAt: 1,
    };
    expect((await ask(open)).outcome).toBe("accepted");
    const context = () => loop.folded.snapshot.context;
    const kit = new TestRoom();
    for (const clientId of ["secret-1", "secret-2"]) {
      const ref = await posts.keep(context(), "ana", bodyOf(clientId, "secret words"));
      const command = kit.postOf(ana, { clientId, body: ref });
      expect(await ask({ from: ana, command, receivedAt: 1 })).toEqual({ outcome: "accepted" });
    }
    expect(bodies.bytes.size).toBe(2);
    const purge = kit.act("purge", "ana", { confirm: true });
    expect(await ask({ from: mo, command: purge, receivedAt: 1 })).toEqual({ outcome: "accepted" });
    const seqs = await posts.erase(context());
    await ask({ from: null, command: { kind: "erased", seqs }, receivedAt: 1 });
    await loop.stop();
    expect(await loop.exited).toEqual({ kind: "shutdown" });
    const kept = [
      ...(await stream.read("ledger/room/room-1", 0, 100)).map(({ bytes }) => bytes),
      ...(await channels.read("channel/chat:room:room-1", 0, 100)).map(({ bytes }) => bytes),
      (await cells.get(snapshotKey("room", "room-1")))!.bytes,
      ...bodies.bytes.values(),
    ].map((bytes) => new TextDecoder().decode(bytes));
    expect(kept.length).toBe(5 + 4 + 1);
    expect(kept.join() + JSON.stringify(recorded)).not.toContain("secret");
    expect(context().set.slots.map((slot) => "gone" in slot)).toEqual([true, true]);
    hot!.close();
    cache!.close();
  });
});
