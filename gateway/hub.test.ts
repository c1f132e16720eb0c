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
import { ALL_LANES, FIRST_LANES, laneBit, type LaneSet, LITE_LANES } from "./lanes.ts";
import type { Encoding } from "./socket/encoding.ts";
import { ScriptedSource } from "./testing/scripted_source.ts";
import { eventsInto } from "./testing/test_gateway.ts";
import { until } from "./testing/until.ts";

/** What a Buffer says: a full room is given the same one, and is read as often as it has seats. */
const read = new WeakMap<Buffer, ServerFrame[]>();

/** A socket that keeps what it was given. */
class Ear implements Subscriber {
  readonly encoding: Encoding;
  readonly sample: number;
  readonly raw: Buffer[] = [];
  open: LaneSet = ALL_LANES;
  readsPosts = true;
  onWrite = () => {};

  constructor(encoding: Encoding = "protobuf", sample = 0) {
    this.encoding = encoding;
    this.sample = sample;
  }

  openLanes(): LaneSet {
    return this.open;
  }

  takesPosts(): boolean {
    return this.readsPosts;
  }

  write(frame: Buffer): void {
    this.onWrite();
    this.raw.push(frame);
  }

  writeSoon(frame: Buffer): void {
    this.write(frame);
  }

  get frames(): ServerFrame[] {
    return this.raw.flatMap((written) => {
      const known = read.get(written);
      if (known !== undefined) return known;
      const frames = framesIn(written).map((payload) =>
        this.encoding === "protobuf"
          ? decodeServerFrame(payload)
          : fromJson("ServerFrame", JSON.parse(payload.toString()))
      );
      read.set(written, frames);
      return frames;
    });
  }

  /**
   * `S4` a Subscribed at 4, `S4+2` one that recovered 2, `3` a durable one, `v` a
   * volatile one, `P4-2` a Position at 4 with 2 left out.
   */
  get story(): string {
    return this.frames.map(({ subscribed, publication, position }) => {
      if (position !== undefined) return `P${position.offset}-${position.skipped}`;
      if (publication !== undefined) return publication.offset || "v";
      const { offset, recovered, publications } = subscribed!;
      return `S${offset}${recovered ? `+${publications.length}` : ""}`;
    }).join(" ");
  }
}

/** The payloads of frames that were written in one. */
function framesIn(bytes: Buffer): Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const isLong = bytes[at + 1]! >= 126;
    const start = at + (isLong ? 4 : 2);
    at = start + (isLong ? bytes.readUInt16BE(at + 2) : bytes[at + 1]!);
    payloads.push(bytes.subarray(start, at));
  }
  return payloads;
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
    const member = new Membership(ear, lite ? LITE_LANES : ALL_LANES, id);
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
    // What its own channel had to say before goes behind it, in the same write.
    expect(ear.frames.at(-2)!.publication!.goal).toBeDefined();
    expect(ear.raw).toHaveLength(3);
    await nextTick();
    expect(ear.frames).toHaveLength(2 + 5);
    // What one channel said in one turn is one write.
    expect(ear.raw).toHaveLength(2 + 2);
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

  test("gives lite members goals only, and counts what others did not get", async () => {
    const { source, events, join } = openHub();
    const channel = source.match("arg-fra");
    const [lite, slow, full] = [new Ear(), new Ear(), new Ear()];
    await join(lite, "arg-fra", { lite: true });
    await join(slow);
    await join(full);
    slow.open = ALL_LANES & ~laneBit("stats");
    channel.possession(50);
    channel.event();
    channel.goal();
    await nextTick();
    expect([lite.story, slow.story, full.story]).toEqual(["S0 2", "S0 1 2", "S0 1 2 v"]);
    expect(events).toContain("skipped stats 1");
    expect(events).toContain("delivered stats 1");
    expect(events).toContain("delivered goal 3");
  });

  test("sends of a volatile value the latest, and counts the others", async () => {
    const { source, events, join } = openHub();
    const channel = source.match("arg-fra");
    const ear = new Ear();
    await join(ear);
    for (const home of [50, 51, 52]) channel.possession(home);
    await nextTick();
    expect(ear.frames.slice(1).map(({ publication }) => publication!.possession!.home))
      .toEqual([52]);
    expect(events).toContain("merged stats 2");
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
    expect(events.filter((line) => line.startsWith("hopTook")))
      .toEqual(["hopTook gateway_first 0.04", "hopTook gateway 0.04"]);
  });
});

describe("Hub in a full room", () => {
  const SEATS = limits.fanOutGoalWrites + limits.fanOutSliceWrites;

  async function fullRoom() {
    const stage = openHub();
    const [full, other] = [stage.source.match("full"), stage.source.match("other")];
    const ears = Array.from({ length: SEATS }, () => new Ear());
    const members: Membership[] = [];
    for (const ear of ears) members.push(await stage.join(ear, "full"));
    const elsewhere = new Ear();
    await stage.join(elsewhere, "other");
    const served = (offset: number) =>
      ears.filter((ear) => ear.frames.some(({ publication }) => publication?.offset === offset));
    return { ...stage, full, other, ears, members, elsewhere, served };
  }

  test("a goal goes to a slice at once, and so does another channel's", async () => {
    const { full, other, served, elsewhere } = await fullRoom();
    full.goal();
    expect(served(1)).toHaveLength(limits.fanOutGoalWrites);
    other.goal();
    expect(elsewhere.story).toBe("S0 1");
    expect(served(1)).toHaveLength(limits.fanOutGoalWrites);
    await nextTick();
    await nextTick();
    expect(served(1)).toHaveLength(SEATS);
  });

  test("what a goal leaves of its turn is not the others'", async () => {
    const { full, source, join } = await fullRoom();
    const patient = source.match("patient");
    const ears = Array.from({ length: SEATS }, () => new Ear());
    for (const ear of ears) await join(ear, "patient");
    full.goal();
    patient.event();
    await new Promise((resolve) => setImmediate(resolve));
    const served = ears.filter((ear) => ear.raw.length === 2);
    expect(served).toHaveLength(limits.fanOutSliceWrites);
    for (let tick = 0; tick < 8; tick++) await nextTick();
    expect(ears.every((ear) => ear.story === "S0 1")).toBe(true);
  });

  test("a goal overtakes its own room's slow walk, and nobody is out of order", async () => {
    const { full, ears, served } = await fullRoom();
    full.event();
    await new Promise((resolve) => setImmediate(resolve));
    expect(served(1)).toHaveLength(limits.fanOutSliceWrites);
    full.goal();
    for (let tick = 0; tick < 6; tick++) await nextTick();
    const writes = ears.map((ear) => ear.raw.length - 1);
    expect(new Set(ears.map((ear) => ear.story))).toEqual(new Set(["S0 1 2"]));
    // Who had the event got the goal alone; everybody else both in one.
    expect(writes.filter((count) => count === 2)).toHaveLength(limits.fanOutSliceWrites);
    expect(writes.filter((count) => count === 1)).toHaveLength(limits.fanOutGoalWrites);
  });

  test("what is said during a walk goes along", async () => {
    const { full, ears } = await fullRoom();
    full.goal();
    for (let event = 0; event < 7; event++) full.event();
    for (let tick = 0; tick < 8; tick++) await nextTick();
    const writes = ears.reduce((sum, ear) => sum + ear.raw.length - 1, 0);
    expect(new Set(ears.map((ear) => ear.story))).toEqual(new Set(["S0 1 2 3 4 5 6 7 8"]));
    expect(writes).toBe(SEATS + limits.fanOutGoalWrites);
  });

  test("who leaves or joins in the middle of a walk costs nobody anything", async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = seededRandom(seed);
      const { hub, full, ears, members, join } = await fullRoom();
      const late: Ear[] = [];
      const gone = new Set<Ear>();
      for (let step = 0; step < 30; step++) {
        if (random.fraction() < 0.4) full.goal();
        else full.event();
        for (let count = 0; count < 20; count++) {
          const place = Math.floor(random.fraction() * SEATS);
          hub.leave(members[place]!);
          gone.add(ears[place]!);
        }
        const ear = new Ear();
        late.push(ear);
        await join(ear, "full");
        if (random.fraction() < 0.5) await nextTick();
      }
      for (let tick = 0; tick < 20; tick++) await nextTick();
      for (const ear of [...ears, ...late]) {
        if (gone.has(ear)) continue;
        expect(positionOf(ear, null, seed), `seed ${seed}`).toBe(full.top);
      }
    }
  });

  test("goals faster than a walk pass nobody over", async () => {
    const { full, ears } = await fullRoom();
    for (let goal = 0; goal < 40; goal++) {
      full.goal();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const reached = ears.map((ear) => positionOf(ear, null, 0));
    expect(Math.min(...reached)).toBeGreaterThan(30);
  });

  test("a flood pays for itself: past its bound the room is served whole", async () => {
    const { full, served } = await fullRoom();
    for (let event = 0; event <= limits.backlogMax; event++) full.event();
    expect(served(limits.backlogMax)).toHaveLength(SEATS);
    await nextTick();
  });
});

describe("Hub mending", () => {
  test("brings what was left out, in order, once, and says how much that was", async () => {
    const { hub, source, join } = openHub();
    const channel = source.match("arg-fra");
    const ear = new Ear();
    const member = await join(ear);
    channel.event();
    await nextTick();
    ear.open = FIRST_LANES;
    channel.event();
    channel.goal();
    channel.possession(50);
    channel.event();
    await nextTick();
    expect(ear.story).toBe("S0 1 3");
    ear.open = ALL_LANES;
    hub.tellPosition(member);
    await hub.mend(member);
    channel.event();
    await nextTick();
    expect(ear.story).toBe("S0 1 3 P4-3 S4+2 5");
    const { publications } = ear.frames.at(-2)!.subscribed!;
    expect(publications.map(({ offset }) => offset)).toEqual([2, 4]);
    await hub.mend(member);
    expect(ear.story).toBe("S0 1 3 P4-3 S4+2 5");
  });

  test("shows the whole where the history does not reach back so far", async () => {
    const { hub, source, join } = openHub();
    const channel = source.match("arg-fra");
    const ear = new Ear();
    const member = await join(ear);
    ear.open = FIRST_LANES;
    channel.event();
    await nextTick();
    channel.base = channel.top;
    channel.publications = [];
    ear.open = ALL_LANES;
    await hub.mend(member);
    expect(ear.story).toBe("S0 S1");
  });

  test("a goal while it is being mended comes once", async () => {
    const { hub, source, join } = openHub();
    const channel = source.match("arg-fra");
    const ear = new Ear();
    const member = await join(ear);
    ear.open = FIRST_LANES;
    channel.event();
    await nextTick();
    ear.open = ALL_LANES;
    source.inGap = (where) => {
      if (where === "before join") channel.goal();
    };
    await hub.mend(member);
    source.inGap = () => {};
    channel.event();
    await nextTick();
    expect(ear.story).toBe("S0 S2+2 3");
  });

  test("goes on as it was where the source is away, and is mended later", async () => {
    const { hub, source, join } = openHub();
    const channel = source.match("arg-fra");
    const ear = new Ear();
    const member = await join(ear);
    ear.open = FIRST_LANES;
    channel.event();
    await nextTick();
    ear.open = ALL_LANES;
    source.inGap = (where) => {
      if (where !== "before join") return;
      channel.goal();
      throw new Failure("storeAway", "away", { retryable: true });
    };
    await expect(hub.mend(member)).rejects.toThrow("away");
    source.inGap = () => {};
    channel.goal();
    await hub.mend(member);
    expect(ear.story).toBe("S0 3 S3+3");
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
    const member = new Membership(new Ear(), ALL_LANES, 1);
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
      position += 1;
      // Asked first: an expect costs more than all that it is told here.
      if (publication!.offset !== position) {
        expect(publication!.offset, `seed ${seed}`).toBe(position);
      }
    }
  }
  return position;
}
