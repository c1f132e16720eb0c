import { describe, expect, test } from "vitest";
import { MemoryBroker } from "../../db/embedded/memory_broker.ts";
import { SqliteCell } from "../../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../../db/embedded/sqlite_file.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { limits } from "../../runtime/limits.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { Fan } from "../testing/fan.ts";
import { openTestGateway } from "../testing/test_gateway.ts";
import { until } from "../testing/until.ts";

/** What two gateways share. */
function sharedSeats() {
  const rolls: string[] = [];
  const cells = new SqliteCell(
    new SqliteFile(":memory:", { synchronous: "off" }),
    new SimulatedClock(),
  );
  const broker = new MemoryBroker(silentEvents);
  const noted: Pick<SqliteCell, "attend" | "depart"> = {
    attend(roll, member, expireMs) {
      rolls.push(roll);
      return cells.attend(roll, member, expireMs);
    },
    depart: (roll, member) => cells.depart(roll, member),
  };
  return { rolls, at: (node: string) => ({ cells: noted, broker, node }) };
}

const tab = { deviceId: "ana's phone", instanceId: "tab" };

describe("two gateways and one device", () => {
  test("the ghost at the other one goes for good, its device told apart by a hash", async () => {
    const seats = sharedSeats();
    await using here = await openTestGateway({ seats: seats.at("here") });
    await using there = await openTestGateway({ seats: seats.at("there") });
    const ghost = await Fan.enter(here.port, { ...tab, attempt: 1 });
    const other = await Fan.enter(here.port, { ...tab, instanceId: "other tab", attempt: 1 });
    const back = await Fan.enter(there.port, { ...tab, attempt: 2 });
    expect(await ghost.closed()).toBe(4501);
    expect(ghost.all("goodbye")).toEqual([]);
    expect([back.closedWith, other.closedWith]).toEqual([null, null]);
    expect(here.events).toContain("socketClosed 4501");
    expect(new Set(seats.rolls).size).toBe(1);
    expect(seats.rolls[0]).toMatch(/^device\/[\w-]{22}$/);
  });

  test("a seat is renewed with each ping, and not without", async () => {
    const seats = sharedSeats();
    await using gateway = await openTestGateway({ seats: seats.at("here") });
    const fan = await Fan.enter(gateway.port, { ...tab, attempt: 1 });
    await Fan.enter(gateway.port, {});
    expect(seats.rolls).toHaveLength(1);
    await gateway.clock.advance(limits.pingEveryMs - 1_000);
    expect(seats.rolls).toHaveLength(1);
    await gateway.clock.advance(1_000);
    await until(() => fan.all("ping").length === 1, "a ping");
    expect(seats.rolls).toHaveLength(2);
  });

  test("whose broker cannot be heard does not open", async () => {
    const { cells, node, broker } = sharedSeats().at("here");
    const silent = { publish: broker.publish, subscribe: () => Promise.reject(new Error("away")) };
    await expect(openTestGateway({ seats: { cells, node, broker: silent } })).rejects.toThrow(
      "away",
    );
  });
});
