import { describe, expect, test } from "vitest";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { PingWheel, type Spoke } from "./ping_wheel.ts";

function openWheel() {
  const clock = new SimulatedClock(0);
  const log: string[] = [];
  const greeted: Spoke[] = [];
  const wheel = new PingWheel(clock, (spoke) => void greeted.push(spoke));
  function spoke(): Spoke & { isBehind: boolean; stalled: number } {
    return {
      awaitedPong: 0,
      isBehind: false,
      stalled: 0,
      ping: () => void log.push(`ping ${clock.now()}`),
      stalledMs(this: { stalled: number }) {
        return this.stalled;
      },
      caughtBreath: () => void log.push(`breath ${clock.now()}`),
      timeOut(this: Spoke, limit) {
        log.push(`${limit} ${clock.now()}`);
        wheel.remove(this);
      },
    };
  }
  return { clock, wheel, log, greeted, spoke };
}

describe("PingWheel", () => {
  test("lets a newcomer go 5 s after it came, not earlier", async () => {
    const { clock, wheel, log, greeted, spoke } = openWheel();
    await clock.advance(300);
    const silent = spoke();
    wheel.open(silent);
    await clock.advance(5_000);
    expect([log, greeted]).toEqual([[], []]);
    await clock.advance(1_000);
    expect(log).toEqual(["hello 6000"]);
    expect(greeted).toEqual([silent]);
  });

  test("pings every 25 s who answers", async () => {
    const { clock, wheel, log, greeted, spoke } = openWheel();
    const fan = spoke();
    wheel.open(fan);
    wheel.greeted(fan);
    expect(greeted).toEqual([fan]);
    await clock.advance(25_000);
    expect(log).toEqual(["ping 25000"]);
    fan.awaitedPong = 0;
    await clock.advance(26_000);
    expect(log).toEqual(["ping 25000", "ping 50000"]);
  });

  test("lets go who does not answer within 10 s", async () => {
    const { clock, wheel, log, spoke } = openWheel();
    const fan = spoke();
    wheel.greeted(fan);
    await clock.advance(34_900);
    expect(log).toEqual(["ping 25000"]);
    await clock.advance(200);
    expect(log).toEqual(["ping 25000", "pong 35000"]);
    await clock.advance(60_000);
    expect(log).toHaveLength(2);
  });

  test("lets go who is behind and stalled, and lets who caught up breathe", async () => {
    const { clock, wheel, log, spoke } = openWheel();
    const [stuck, fast] = [spoke(), spoke()];
    stuck.isBehind = fast.isBehind = true;
    wheel.watch(stuck);
    wheel.watch(fast);
    stuck.stalled = 5_001;
    fast.stalled = 1_000;
    await clock.advance(1_000);
    expect(log).toEqual(["stalled 1000"]);
    fast.isBehind = false;
    await clock.advance(1_000);
    fast.isBehind = true;
    fast.stalled = 9_000;
    await clock.advance(5_000);
    expect(log).toEqual(["stalled 1000", "breath 2000"]);
  });
});
