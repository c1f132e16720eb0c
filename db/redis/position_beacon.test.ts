import { expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { seededRandom } from "../../runtime/random.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { PositionBeacon } from "./position_beacon.ts";

function beaconOver(positions: Map<string, string>) {
  const clock = new SimulatedClock();
  const looks: string[] = [];
  const script = {
    look: (_channel: string): Promise<void> => Promise.resolve(),
    position: (channel: string) => Promise.resolve(positions.get(channel) ?? ""),
  };
  const beacon = new PositionBeacon({
    clock,
    random: seededRandom(1),
    channels: () => [...positions.keys()],
    position: (channel) => script.position(channel),
    look(channel) {
      looks.push(channel);
      return script.look(channel);
    },
  });
  /** Longer than a round, shorter than two. */
  const round = async () => {
    looks.length = 0;
    await clock.advance(limits.redisBeaconMs * 1.2);
    return [...looks].sort();
  };
  return { beacon, clock, script, round };
}

const AWAY = () => Promise.reject(new Error("away"));

test("PositionBeacon has a channel looked at when it is new and when its position changed", async () => {
  const positions = new Map([["match:a", "e1,4"], ["match:b", "e1,9"]]);
  const { round } = beaconOver(positions);
  expect(await round()).toEqual(["match:a", "match:b"]);
  expect(await round()).toEqual([]);
  positions.set("match:a", "e1,5");
  expect(await round()).toEqual(["match:a"]);
  positions.set("match:b", "e2,9");
  expect(await round()).toEqual(["match:b"]);
  positions.set("match:c", "e1,0");
  expect(await round()).toEqual(["match:c"]);
});

test("PositionBeacon asks again where a look failed, until one succeeds", async () => {
  const positions = new Map([["match:a", "e1,4"]]);
  const { round, script } = beaconOver(positions);
  script.look = AWAY;
  expect(await round()).toEqual(["match:a"]);
  expect(await round()).toEqual(["match:a"]);
  script.look = () => Promise.resolve();
  expect(await round()).toEqual(["match:a"]);
  expect(await round()).toEqual([]);
});

test("PositionBeacon forgets nothing over positions that could not be read", async () => {
  const positions = new Map([["match:a", "e1,4"]]);
  const { round, script } = beaconOver(positions);
  const { position } = script;
  script.position = AWAY as unknown as typeof position;
  expect(await round()).toEqual([]);
  script.position = position;
  expect(await round()).toEqual(["match:a"]);
  script.position = AWAY as unknown as typeof position;
  expect(await round()).toEqual([]);
  script.position = position;
  expect(await round()).toEqual([]);
});

test("PositionBeacon.doubt has listeners look at once, and owes what failed", async () => {
  const positions = new Map([["match:a", "e1,4"]]);
  const { beacon, round, script } = beaconOver(positions);
  await round();
  let looked = 0;
  script.look = () => ++looked === 1 ? Promise.reject(new Error("away")) : Promise.resolve();
  beacon.doubt(["match:a"]);
  expect(looked).toBe(1);
  await round();
  expect(looked).toBe(2);
  await round();
  expect(looked).toBe(2);
  beacon.stop();
});
