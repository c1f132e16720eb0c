import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { CatchUp, ChannelPosition } from "./live_channel.ts";
import { StreamChannel } from "./stream_channel.ts";
import type { Publication } from "./publication.ts";
import { type Later, ScriptedHistory } from "./scripted_history.ts";

const text = ({ body }: Publication) => new TextDecoder().decode(body);
const offsets = (publications: Publication[]) => publications.map(({ offset }) => offset);
const atOnce: Later = () => Promise.resolve();

/** A channel, the history behind it and what it told its gateway. */
async function opened(history: ScriptedHistory, snapshot = history.snapshot) {
  const heard: Publication[] = [];
  let resets = 0;
  const channel = await StreamChannel.open({
    name: "match:a",
    stream: history.stream,
    broker: history.broker,
    snapshot,
    listener: (publication) => void heard.push(publication),
    onReset: () => void resets++,
  });
  if (channel === null) throw new Error("the channel is not there");
  return { channel, heard, resets: () => resets };
}

async function publish(history: ScriptedHistory, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await history.publish();
}

async function caughtUp(channel: StreamChannel, since: ChannelPosition | null): Promise<CatchUp> {
  let told: CatchUp | null = null;
  await channel.catchUp(since, (caughtUp) => (told = caughtUp));
  if (told === null) throw new Error("not joined");
  return told;
}

/** A gap in which a test lets something happen once. */
function gap(at: string, event: () => Promise<void>): Later {
  let isOver = false;
  return async (what) => {
    if (what !== at || isOver) return;
    isOver = true;
    await event();
  };
}

describe("StreamChannel.open", () => {
  test("is null where nothing was ever published, and leaves nobody listening", async () => {
    const history = new ScriptedHistory(atOnce);
    history.stream.position = () => Promise.resolve(null);
    const source = { name: "match:a", stream: history.stream, broker: history.broker };
    const channel = await StreamChannel.open({
      ...source,
      snapshot: history.snapshot,
      listener: () => {},
      onReset: () => {},
    });
    expect(channel).toBeNull();
    expect(history.listeners).toBe(0);
  });

  test("fails with its store, and leaves nobody listening", async () => {
    const history = new ScriptedHistory(atOnce);
    history.failures = 1;
    await expect(opened(history)).rejects.toThrow("the history is away");
    expect(history.listeners).toBe(0);
  });

  test("knows the last 300 and its position", async () => {
    const history = new ScriptedHistory(atOnce);
    await publish(history, limits.channelRingMin + 20);
    const { channel } = await opened(history);
    expect(channel.position).toEqual({ epoch: "e1", offset: 320 });
    const { recovered } = await caughtUp(channel, { epoch: "e1", offset: 20 });
    expect(recovered).toBe(true);
  });

  for (const at of ["subscribe", "subscribed", "ask", "answer"]) {
    test(`hears what is published at "${at}" of its opening`, async () => {
      const history: ScriptedHistory = new ScriptedHistory(gap(at, () => history.publish()));
      const { channel, heard } = await opened(history);
      await history.publish();
      expect(channel.position.offset).toBe(2);
      const told = await caughtUp(channel, { epoch: "e1", offset: 0 });
      expect(told.recovered && offsets(told.publications)).toEqual([1, 2]);
      expect(offsets(heard)).toEqual([2]);
    });
  }
});

describe("StreamChannel.catchUp", () => {
  test("gives exactly what was missed", async () => {
    const history = new ScriptedHistory(atOnce);
    await publish(history, 10);
    const { channel } = await opened(history);
    const told = await caughtUp(channel, { epoch: "e1", offset: 7 });
    expect(told).toMatchObject({ recovered: true, position: { epoch: "e1", offset: 10 } });
    expect(told.recovered && told.publications.map(text)).toEqual(["e1 8", "e1 9", "e1 10"]);
    const nothing = await caughtUp(channel, { epoch: "e1", offset: 10 });
    expect(nothing.recovered && nothing.publications).toEqual([]);
  });

  test("gives the whole to newcomers, to other epochs and past the ring", async () => {
    const history = new ScriptedHistory(atOnce);
    await publish(history, 700);
    const { channel } = await opened(history);
    for (const since of [null, { epoch: "e0", offset: 699 }, { epoch: "e1", offset: 300 }]) {
      expect(await caughtUp(channel, since)).toMatchObject({
        recovered: false,
        position: { epoch: "e1", offset: 700 },
      });
    }
  });

  test("gives the whole to who is ahead of this gateway, once the stream is there too", async () => {
    const history = new ScriptedHistory(atOnce);
    await publish(history, 3);
    const { channel } = await opened(history);
    await history.publish(true);
    const joined: CatchUp[] = [];
    await channel.catchUp({ epoch: "e1", offset: 4 }, (told) => joined.push(told));
    expect(joined).toEqual([]);
    await history.publish();
    await expect.poll(() => joined).toMatchObject([{ recovered: false, position: { offset: 4 } }]);
  });

  test("a snapshot ahead of the stream waits for it, and the joined misses nothing", async () => {
    const history = new ScriptedHistory(atOnce);
    await publish(history, 3);
    const { channel, heard } = await opened(history);
    history.committed = 4;
    const joined: [CatchUp, number][] = [];
    await channel.catchUp(null, (told) => joined.push([told, heard.length]));
    expect(joined).toEqual([]);
    history.committed = 3;
    await publish(history, 2);
    expect(joined).toEqual([[
      expect.objectContaining({ recovered: false, position: { epoch: "e1", offset: 4 } }),
      1,
    ]]);
    expect(offsets(heard)).toEqual([4, 5]);
  });

  test("a snapshot overtaken while it was built is built again", async () => {
    const history = new ScriptedHistory(atOnce);
    await publish(history, 3);
    let builds = 0;
    const { channel } = await opened(history, async () => {
      builds += 1;
      const snapshot = await history.snapshot();
      if (builds === 1) await history.publish();
      return snapshot;
    });
    expect((await caughtUp(channel, null)).position.offset).toBe(4);
    expect(builds).toBe(2);
  });

  test("a snapshot that stays behind the stream is unavailable, not waited for", async () => {
    const history = new ScriptedHistory(atOnce);
    await publish(history, 3);
    const { channel } = await opened(history);
    history.committed = 2;
    const asking = caughtUp(channel, null);
    await expect(asking).rejects.toMatchObject({ code: "snapshotUnavailable", retryable: true });
    await expect(asking).rejects.toBeInstanceOf(Failure);
  });
});

describe("StreamChannel's stream", () => {
  test("every publication once, in order; volatile ones as they come", async () => {
    const history = new ScriptedHistory(atOnce);
    const { heard, resets } = await opened(history);
    await publish(history, 2);
    await history.publishVolatile();
    await publish(history, 1);
    expect(offsets(heard)).toEqual([1, 2, null, 3]);
    expect(resets()).toBe(0);
  });

  test("a hole is filled from the history, in order", async () => {
    const history = new ScriptedHistory(atOnce);
    const { heard, resets } = await opened(history);
    await history.publish();
    for (let lost = 0; lost < 3; lost++) await history.publish(true);
    await history.publish();
    await expect.poll(() => offsets(heard)).toEqual([1, 2, 3, 4, 5]);
    expect(resets()).toBe(0);
  });

  test("a hole that cannot be read now is filled at the next publication", async () => {
    const history = new ScriptedHistory(atOnce);
    const { heard } = await opened(history);
    await history.publish(true);
    history.failures = 1;
    await history.publish();
    await expect.poll(() => history.failures).toBe(0);
    expect(heard).toEqual([]);
    await history.publish();
    await expect.poll(() => offsets(heard)).toEqual([1, 2, 3]);
  });

  test("a hole wider than the history begins the members anew", async () => {
    const history = new ScriptedHistory(atOnce);
    const { channel, resets } = await opened(history);
    for (let lost = 0; lost < 400; lost++) await history.publish(true);
    history.trim(200);
    await history.publish();
    await expect.poll(resets).toBe(1);
    expect(channel.position).toEqual({ epoch: "e1", offset: 401 });
  });

  test("what was taken back begins the members anew, before anything else is published", async () => {
    const history = new ScriptedHistory(atOnce);
    await publish(history, 5);
    const { channel, heard, resets } = await opened(history);
    await history.takeBack(2);
    await expect.poll(resets).toBe(1);
    expect(channel.position).toEqual({ epoch: "e2", offset: 3 });
    expect(await caughtUp(channel, { epoch: "e1", offset: 5 })).toMatchObject({ recovered: false });
    await history.publish();
    expect(heard.map(text)).toEqual(["e2 4"]);
  });

  test("who waited for an offset that was taken back is shown what is there", async () => {
    const history = new ScriptedHistory(atOnce);
    await publish(history, 5);
    const { channel } = await opened(history);
    history.committed = 7;
    const joined: CatchUp[] = [];
    await channel.catchUp(null, (told) => joined.push(told));
    await history.takeBack(2);
    await expect.poll(() => joined).toMatchObject([{ position: { epoch: "e2", offset: 3 } }]);
  });

  test("close ends the upstream subscription", async () => {
    const history = new ScriptedHistory(atOnce);
    const { channel, heard } = await opened(history);
    channel.close();
    await history.publish();
    expect([heard, history.listeners]).toEqual([[], 0]);
  });
});

/** A fan as the hub keeps one: joined at a position, told everything after it. */
interface Fan {
  position: ChannelPosition | null;
}

type Act =
  | { act: "publish"; lost: boolean }
  | { act: "takeBack"; count: number }
  | { act: "join"; since: "new" | "known" };

const acts = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ act: fc.constant("publish" as const), lost: lost() }) },
    {
      weight: 2,
      arbitrary: fc.record({ act: fc.constant("takeBack" as const), count: fc.nat(3) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        act: fc.constant("join" as const),
        since: fc.constantFrom("new" as const, "known" as const),
      }),
    },
  ) as fc.Arbitrary<Act>,
  { maxLength: 14 },
);

function lost(): fc.Arbitrary<boolean> {
  return fc.integer({ min: 0, max: 3 }).map((of) => of === 0);
}

async function play(scheduler: fc.Scheduler, script: Act[]): Promise<void> {
  const later: Later = (what) => scheduler.schedule(Promise.resolve(), what);
  const history = new ScriptedHistory(later);
  const fans: Fan[] = [];
  let channel: StreamChannel | null = null;
  /** A throw in a listener would be somebody else's to catch. */
  const wrong: string[] = [];

  const join = (fan: Fan, { position, ...told }: CatchUp) => {
    if (told.recovered) {
      const { epoch, offset } = fan.position!;
      const missed = Array.from(
        { length: position.offset - offset },
        (_, index) => `${position.epoch} ${offset + 1 + index}`,
      );
      const is = told.publications.map(text);
      if (epoch !== position.epoch || is.join() !== missed.join()) {
        wrong.push(`${is} not ${missed}`);
      }
    }
    fan.position = { ...position };
    if (!fans.includes(fan)) fans.push(fan);
  };
  const catchUp = async (fan: Fan): Promise<void> => {
    for (;;) {
      try {
        return await channel!.catchUp(fan.position, (told) => join(fan, told));
      } catch (error) {
        expect(error).toMatchObject({ code: "snapshotUnavailable" });
        await later("come back");
      }
    }
  };
  const open = async () => {
    channel = await StreamChannel.open({
      name: "match:a",
      stream: history.stream,
      broker: history.broker,
      snapshot: history.snapshot,
      listener(publication) {
        for (const { position } of fans) {
          const next = `${position!.epoch} ${position!.offset + 1}`;
          if (text(publication) !== next) wrong.push(`${next} was next, not ${text(publication)}`);
          position!.offset += 1;
        }
      },
      onReset() {
        for (const fan of fans.splice(0)) void catchUp(fan);
      },
    });
  };

  const owner = (async () => {
    for (const act of script) {
      if (act.act === "publish") await history.publish(act.lost);
      else if (act.act === "takeBack") await history.takeBack(act.count);
      await later("next");
    }
  })();
  const gateway = (async () => {
    await open();
    await Promise.all(
      script.filter(({ act }) => act === "join").map(async (act) => {
        await later("arrive");
        const isNew = act.act === "join" && act.since === "new";
        const since = { epoch: history.epoch, offset: history.top };
        await later("subscribe");
        const fan: Fan = { position: isNew ? null : since };
        await catchUp(fan);
      }),
    );
  })();
  await scheduler.waitFor(Promise.all([owner, gateway]));
  const asked = script.filter(({ act }) => act === "join").length;
  // What was lost on the way is noticed at the next publication, and who was
  // overtaken by one reset after another is shown the whole at the one after it.
  for (let more = 0; more === 0 || (more < 3 && fans.length < asked); more++) {
    await scheduler.waitFor(history.publish());
    await scheduler.waitIdle();
  }
  expect(wrong).toEqual([]);
  expect(fans.map(({ position }) => position)).toEqual(
    Array.from({ length: asked }, () => ({ epoch: history.epoch, offset: history.top })),
  );
}

test(
  "StreamChannel under every interleaving: nobody misses anything, nobody hears it twice",
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), acts, play),
      { numRuns: 4_000 },
    );
  },
  30_000,
);
