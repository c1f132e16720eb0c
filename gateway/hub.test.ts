import { describe, expect, test } from "vitest";
import type { ChannelPosition } from "../channels/live_channel.ts";
import { decodeServerFrame, type ServerFrame } from "../protocol/golazo_codec.ts";
import { fromJson } from "../protocol/json_mapping.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { seededRandom } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { Membership, type Subscriber } from "./audience.ts";
import { Hub } from "./hub.ts";
import type { Encoding } from "./socket/encoding.ts";
import { ScriptedSource } from "./testing/scripted_source.ts";
import { eventsInto } from "./testing/test_gateway.ts";
import { until } from "./testing/until.ts";

/** A socket that keeps what it was given. */
class Ear implements Subscriber {
  readonly encoding: Encoding;
  readonly raw: Buffer[] = [];
  isBehind = false;
  onWrite = () => {};

  constructor(encoding: Encoding = "protobuf") {
    this.encoding = encoding;
  }

  write(frame: Buffer, droppable: boolean): "written" | "skipped" {
    this.onWrite();
    if (this.isBehind && droppable) return "skipped";
    this.raw.push(frame);
    return "written";
  }

  get frames(): ServerFrame[] {
    return this.raw.map((frame) => {
      const payload = frame.subarray(frame[1]! < 126 ? 2 : 4);
      return this.encoding === "protobuf"
        ? decodeServerFrame(payload)
        : fromJson("ServerFrame", JSON.parse(payload.toString()));
    });
  }

  /** `S4` a Subscribed at 4, `S4+2` one that recovered 2, `3` a durable one, `v` a volatile one. */
  get story(): string {
    return this.frames.map(({ subscribed, publication }) => {
      if (publication !== undefined) return publication.offset || "v";
      const { offset, recovered, publications } = subscribed!;
      return `S${offset}${recovered ? `+${publications.length}` : ""}`;
    }).join(" ");
  }
}

function openHub() {
  const source = new ScriptedSource();
  const clock = new SimulatedClock();
  const events: string[] = [];
  const hub = new Hub({ source, clock, random: seededRandom(3), events: eventsInto(events) });
  async function join(
    ear: Ear,
    match = "arg-fra",
    { lite = false, since = null as ChannelPosition | null, id = 9 } = {},
  ): Promise<Membership> {
    const member = new Membership(ear, lite, id);
    if (await hub.enter(`match:${match}`, member) === "unknownChannel") throw new Error("unknown");
    await hub.catchUp(member, since);
    return member;
  }
  return { hub, source, clock, events, join };
}

/** What is heard in one tick is written at its end. */
const nextTick = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe("Hub fan-out", () => {
  test("puts the same Buffer on every socket of an encoding", async () => {
    const { source, events, join } = openHub();
    const channel = source.match("arg-fra");
    const ears = [new Ear(), new Ear(), new Ear("json"), new Ear("json")];
    for (const ear of ears) await join(ear);
    channel.goal(2, 1);
    const [first, second, third, fourth] = ears.map((ear) => ear.raw[1]);
    expect(first).toBeDefined();
    expect(second).toBe(first);
    expect(fourth).toBe(third);
    expect(first!.length).toBeLessThanOrEqual(24);
    for (const ear of ears) {
      expect(ear.frames[1]!.publication).toMatchObject({
        channel: 1,
        offset: 1,
        goal: { kind: "scored", side: "home", home: 2, away: 1 },
      });
    }
    expect(events).toContain("delivered goal 4");
  });

  test("writes a goal before whatever else the tick brought", async () => {
    const { source, join } = openHub();
    const [goals, other] = [source.match("arg-fra"), source.match("bra-cro")];
    const ear = new Ear();
    await join(ear, "bra-cro");
    await join(ear, "arg-fra");
    other.event();
    other.possession(60);
    goals.possession(51);
    goals.goal();
    other.event();
    expect(ear.frames.at(-1)!.publication!.goal).toBeDefined();
    await nextTick();
    const { length } = ear.raw;
    expect(length).toBe(2 + 5);
  });

  test("keeps a channel's durable publications in the order of their offsets", async () => {
    const { source, join } = openHub();
    const channel = source.match("arg-fra");
    const ear = new Ear();
    await join(ear);
    channel.possession(50);
    channel.event();
    channel.goal();
    channel.event();
    await nextTick();
    expect(ear.story).toBe("S0 1 2 v 3");
  });

  test("gives lite members goals only, and counts what others skipped", async () => {
    const { source, events, join } = openHub();
    const channel = source.match("arg-fra");
    const [lite, slow, full] = [new Ear(), new Ear(), new Ear()];
    await join(lite, "arg-fra", { lite: true });
    await join(slow);
    await join(full);
    slow.isBehind = true;
    channel.possession(50);
    channel.event();
    channel.goal();
    await nextTick();
    expect([lite.story, slow.story, full.story]).toEqual(["S0 2", "S0 1 2", "S0 1 2 v"]);
    expect(events).toContain("skipped stats 1");
    expect(events).toContain("delivered stats 1");
  });

  test("survives a socket that ends in the middle of a goal", async () => {
    const { hub, source, join } = openHub();
    const channel = source.match("arg-fra");
    const ears = Array.from({ length: 5 }, () => new Ear());
    const members: Membership[] = [];
    for (const ear of ears) members.push(await join(ear));
    ears[2]!.onWrite = () => hub.leave(members[2]!);
    channel.goal();
    ears[2]!.onWrite = () => {};
    channel.goal();
    expect(ears.map((ear) => ear.story)).toEqual(["S0 1 2", "S0 1 2", "S0 1", "S0 1 2", "S0 1 2"]);
  });

  test("says how long the hop took, once a publication", async () => {
    const { source, clock, events, join } = openHub();
    const channel = source.match("arg-fra");
    for (let fan = 0; fan < 3; fan++) await join(new Ear());
    channel.goal(1, 0, clock.now() - 40);
    expect(events.filter((line) => line.startsWith("hopTook"))).toEqual(["hopTook gateway 0.04"]);
  });
});

describe("Hub interest", () => {
  test("opens a channel once for all who ask at the same time", async () => {
    const { source, join } = openHub();
    source.match("arg-fra");
    await Promise.all(Array.from({ length: 20 }, () => join(new Ear())));
    expect(source.opened.get("match:arg-fra")).toBe(1);
  });

  test("closes it 5 s after the last has left, and not when somebody returned", async () => {
    const { hub, source, clock, join } = openHub();
    const channel = source.match("arg-fra");
    hub.leave(await join(new Ear()));
    await clock.advance(4_900);
    const member = await join(new Ear());
    await clock.advance(20_000);
    expect(channel.listeners.size).toBe(1);
    hub.leave(member);
    hub.leave(member);
    await clock.advance(limits.channelLingerMs);
    expect(channel.listeners.size).toBe(0);
    await join(new Ear());
    expect(source.opened.get("match:arg-fra")).toBe(2);
  });

  test("gives a number out again once its channel is closed", async () => {
    const { hub, source, clock, join } = openHub();
    for (const match of ["a", "b", "c"]) source.match(match);
    const ear = new Ear();
    const first = await join(ear, "a");
    await join(ear, "b");
    hub.leave(first);
    await clock.advance(limits.channelLingerMs);
    await join(ear, "c");
    expect(ear.frames.map(({ subscribed }) => subscribed!.number)).toEqual([1, 2, 1]);
  });

  test("forgets an unknown channel, so that it may exist later", async () => {
    const { source, join } = openHub();
    await expect(join(new Ear())).rejects.toThrow("unknown");
    source.match("arg-fra");
    await join(new Ear());
    expect(source.opened.get("match:arg-fra")).toBe(2);
  });

  test("tries anew after the source failed", async () => {
    const { source, join } = openHub();
    source.match("arg-fra");
    source.inGap = () => Promise.reject(new Failure("storeAway", "away", { retryable: true }));
    await expect(join(new Ear())).rejects.toThrow("away");
    source.inGap = () => {};
    await join(new Ear());
  });

  test("lets go of who left while the channel was being opened", async () => {
    const { hub, source, clock } = openHub();
    const channel = source.match("arg-fra");
    const member = new Membership(new Ear(), false, 1);
    const entering = hub.enter("match:arg-fra", member);
    hub.leave(member);
    await entering;
    await hub.catchUp(member, null);
    await clock.advance(limits.channelLingerMs);
    expect(channel.listeners.size).toBe(0);
    expect((member.subscriber as Ear).raw).toEqual([]);
  });
});

describe("Hub recovery", () => {
  test("sends exactly what was missed, with the channel's number", async () => {
    const { source, join } = openHub();
    const channel = source.match("arg-fra");
    for (let event = 0; event < 4; event++) channel.event();
    const ear = new Ear();
    await join(ear, "arg-fra", { since: { epoch: "e1", offset: 2 }, id: 77 });
    const { subscribed } = ear.frames[0]!;
    expect(subscribed).toMatchObject({ id: 77, channel: "match:arg-fra", number: 1, offset: 4 });
    expect(subscribed!.publications.map(({ channel, offset }) => [channel, offset]))
      .toEqual([[1, 3], [1, 4]]);
  });

  test("sends a lite member the goals that it missed", async () => {
    const { source, join } = openHub();
    const channel = source.match("arg-fra");
    channel.event();
    channel.goal();
    channel.event();
    const ear = new Ear("json");
    await join(ear, "arg-fra", { since: { epoch: "e1", offset: 0 }, lite: true });
    expect(ear.story).toBe("S3+1");
  });

  test("sends the whole where the position is of another epoch", async () => {
    const { source, join } = openHub();
    source.match("arg-fra").event();
    const ear = new Ear();
    await join(ear, "arg-fra", { since: { epoch: "e0", offset: 1 } });
    expect(ear.story).toBe("S1");
    expect(ear.frames[0]!.subscribed!.match).toMatchObject({ id: "arg-fra", seq: 1 });
  });

  test("a reset brings everybody up to date from where they were", async () => {
    const { source, join } = openHub();
    const channel = source.match("arg-fra");
    const [full, lite] = [new Ear(), new Ear()];
    await join(full);
    await join(lite, "arg-fra", { lite: true });
    channel.event();
    channel.resetMembers();
    // Nobody hears this one twice: it is part of the catch-up.
    channel.event();
    await nextTick();
    channel.goal();
    expect(full.story).toBe("S0 1 S2+1 3");
    expect(lite.story).toBe("S0 S2+0 3");
    channel.loseHistory();
    await nextTick();
    expect(full.story).toBe("S0 1 S2+1 3 S3");
    expect(full.frames.at(-1)!.subscribed).toMatchObject({ id: 0, epoch: "e2", recovered: false });
  });

  test("a reset is tried again until the source can tell", async () => {
    const { source, clock, events, join } = openHub();
    const channel = source.match("arg-fra");
    const ear = new Ear();
    await join(ear);
    let isAway = true;
    source.inGap = (where) => {
      if (isAway && where === "before join") throw new Failure("storeAway", "away");
    };
    channel.event();
    channel.loseHistory();
    await nextTick();
    isAway = false;
    await clock.advance(2_000);
    expect(ear.story).toBe("S0 1 S1");
    expect(events.filter((line) => line.startsWith("warned"))).toHaveLength(1);
  });

  test("no gap and nothing twice, wherever a publication or a reset falls", async () => {
    let joins = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed);
      const { hub, source, join } = openHub();
      const channel = source.match("arg-fra");
      const act = () => {
        const chance = random.fraction();
        if (chance < 0.3) channel.goal();
        else if (chance < 0.6) channel.event();
        else if (chance < 0.7) channel.possession(50);
        else if (chance < 0.75) channel.resetMembers();
        else if (chance < 0.78) channel.loseHistory();
      };
      source.inGap = async () => {
        act();
        await Promise.resolve();
        act();
      };
      const ears: { ear: Ear; since: ChannelPosition | null }[] = [];
      const joining: Promise<Membership>[] = [];
      for (let step = 0; step < 12; step++) {
        const known = random.fraction() < 0.6;
        const since = known
          ? { epoch: channel.epoch, offset: Math.floor(random.fraction() * (channel.top + 1)) }
          : null;
        const ear = new Ear(random.fraction() < 0.3 ? "json" : "protobuf");
        ears.push({ ear, since });
        const member = join(ear, "arg-fra", { since });
        if (random.fraction() < 0.2) {
          ears.pop();
          void member.then((gone) => hub.leave(gone));
        }
        joining.push(member);
        act();
        if (random.fraction() < 0.5) await nextTick();
        joins++;
      }
      await Promise.all(joining);
      source.inGap = () => {};
      await nextTick();
      channel.event();
      await until(
        () => ears.every(({ ear }) => positionOf(ear, null, seed) === channel.top),
        `everybody at ${channel.top}, seed ${seed}`,
      );
      for (const { ear, since } of ears) positionOf(ear, since, seed);
    }
    expect(joins).toBe(720);
  });
});

/** Where a client stands after all it heard; fails on a gap or a repetition. */
function positionOf(ear: Ear, since: ChannelPosition | null, seed: number): number {
  let position = -1;
  for (const { subscribed, publication } of ear.frames) {
    if (subscribed !== undefined) {
      const from = position === -1 ? since?.offset : position;
      const missed = subscribed.publications.map(({ offset }) => offset);
      if (subscribed.recovered && from !== undefined) {
        const expected = Array.from({ length: missed.length }, (_, index) => from + index + 1);
        expect(missed, `seed ${seed}`).toEqual(expected);
        expect(subscribed.offset, `seed ${seed}`).toBe(from + missed.length);
      }
      position = subscribed.offset;
    } else if (publication!.offset !== 0) {
      expect(publication!.offset, `seed ${seed}`).toBe(position + 1);
      position += 1;
    }
  }
  return position;
}
