import { describe, expect, test } from "vitest";
import type { Lane, Publication } from "../channels/publication.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { stagesInto } from "../runtime/stage.testing.ts";
import { Membership, OpenChannel } from "./audience.ts";
import { FanOut } from "./fan_out.ts";
import { ALL_LANES, FIRST_LANES } from "./lanes.ts";

function open(members: number, name = "match:arg-fra") {
  const clock = new SimulatedClock();
  const stages: string[] = [];
  const hops: string[] = [];
  const listen = {
    ...stagesInto(stages),
    hopTook: (hop: string, seconds: number) => void hops.push(`${hop} ${seconds}`),
  };
  const fanOut = new FanOut(clock, Object.assign(Object.create(silentEvents), listen));
  const channel = new OpenChannel(name, 1);
  const room = Array.from({ length: members }, () => {
    const socket = { written: 0, lanes: ALL_LANES };
    const member = new Membership(
      {
        encoding: "protobuf",
        sample: 0,
        takesPosts: () => true,
        openLanes: () => socket.lanes,
        write: ({ length }) => void (socket.written += length),
        writeSoon: () => {},
      },
      ALL_LANES,
      1,
    );
    channel.audience.add(member);
    return socket;
  });
  let offset = 0;
  const say = (trace: string, lane: Lane = "goal") => {
    const receivedAt = clock.now() - 5;
    const body = new Uint8Array(10);
    const publication: Publication = { offset: ++offset, lane, key: "", body, receivedAt, trace };
    fanOut.say(channel, publication);
  };
  const walked = async () => {
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, stages, hops, fanOut, room, say, walked };
}

/** A header and an envelope of two bytes each. */
const FRAME_BYTES = 14;

describe("FanOut: gateway.fanout", () => {
  test("is one stage of a fact, however many sockets and publications", async () => {
    const { say, walked, clock, stages, room } = open(1_000);
    say("t1");
    say("t1", "event");
    await walked();
    expect(stages).toEqual([]);
    await clock.advance(limits.fanOutQuietMs);
    const bytes = room.reduce((sum, { written }) => sum + written, 0);
    expect(bytes).toBeGreaterThanOrEqual(2_000 * FRAME_BYTES);
    expect(stages).toEqual([
      "gateway.fanout of t1 match=arg-fra lane=goal publications=2 sockets=1000 " +
      `bytes=${bytes} skipped=0`,
    ]);
  });

  test("waits for what the fact says a little later", async () => {
    const { say, walked, clock, stages } = open(2);
    say("t1");
    await clock.advance(limits.fanOutQuietMs - 1);
    say("t1", "event");
    await walked();
    await clock.advance(limits.fanOutQuietMs - 1);
    expect(stages).toEqual([]);
    await clock.advance(1);
    expect(stages).toEqual([expect.stringContaining(" publications=2 sockets=2 ")]);
  });

  test("is one for each fact that a room is told at once", async () => {
    const { say, walked, clock, stages } = open(300);
    say("t1");
    say("t2");
    await walked();
    await clock.advance(limits.fanOutQuietMs);
    expect(stages.map((line) => line.split(" ")[2])).toEqual(["t1", "t2"]);
    for (const line of stages) expect(line).toContain("publications=1 sockets=300 ");
  });

  test("counts what was left out", async () => {
    const { say, walked, clock, stages, room } = open(3);
    room[0]!.lanes = FIRST_LANES;
    say("t1", "event");
    await walked();
    await clock.advance(limits.fanOutQuietMs);
    expect(stages[0]).toContain(" publications=1 sockets=2 ");
    expect(stages[0]).toContain(" skipped=1");
  });

  test("is none where nobody listens or nothing is traced, and is over when the gateway is", () => {
    const nobody = open(0);
    nobody.say("t1");
    nobody.fanOut.close();
    expect(nobody.stages).toEqual([]);
    const room = open(1);
    room.say("");
    room.say("t2");
    room.fanOut.close();
    expect(room.stages).toHaveLength(1);
  });

  test("does not tell whose channel it is", async () => {
    const { say, clock, stages } = open(1, "user:ana");
    say("t1");
    await clock.advance(limits.fanOutQuietMs);
    expect(stages[0]).toMatch(/^gateway.fanout of t1 channel=user lane=goal /);
    expect(stages[0]).not.toContain("ana");
  });
});

describe("FanOut: hops", () => {
  test("the first write and the last, once a publication", async () => {
    const { say, walked, clock, hops } = open(1_500);
    say("");
    expect(hops).toEqual(["gateway_first 0.005"]);
    await clock.advance(10);
    await walked();
    expect(hops).toEqual(["gateway_first 0.005", "gateway 0.015"]);
  });
});
