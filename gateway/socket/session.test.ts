import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Broker } from "../../actors/ports/broker.ts";
import type { CellStore } from "../../actors/ports/cell.ts";
import { MemoryBroker } from "../../db/embedded/memory_broker.ts";
import { SqliteCell } from "../../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../../db/embedded/sqlite_file.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { type Seat, type Session, Sessions } from "./session.ts";

let clock: SimulatedClock;
let file: SqliteFile;
let cells: SqliteCell;
let broker: MemoryBroker;
/** Who was closed with what: `tab1/1 4501`. */
let closed: string[];
let asked: string[];
let isStalled: boolean;
let stallable: Pick<CellStore, "attend" | "depart">;
let opened: Sessions[];
let ids: number;
beforeEach(() => {
  clock = new SimulatedClock();
  file = new SqliteFile(":memory:", { synchronous: "off" });
  cells = new SqliteCell(file, clock);
  broker = new MemoryBroker(silentEvents);
  closed = [];
  asked = [];
  isStalled = false;
  stallable = {
    attend: (...words) => ask("attend", () => cells.attend(...words)),
    depart: (...words) => ask("depart", () => cells.depart(...words)),
  };
  opened = [];
  ids = 0;
});
afterEach(() => {
  for (const sessions of opened) sessions.close();
  file.close();
});

function ask<T>(what: string, answer: () => Promise<T>): Promise<T> {
  asked.push(what);
  return isStalled ? Promise.reject(new Failure("storeUnavailable", "stalled")) : answer();
}
const deaf: Broker = {
  publish: () => Promise.resolve(),
  subscribe: () => Promise.resolve(() => {}),
};
/** What is under way comes to its end. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
/** Also what waits to be said with others. */
const parted = async () => {
  await settled();
  await clock.advance(limits.seatsDepartMs);
  await settled();
};

async function openGateway({ node = "here", hears = broker as Broker } = {}) {
  const ports = { cells: stallable, clock, events: silentEvents, broker: hears, node };
  const sessions = await Sessions.open(ports);
  opened.push(sessions);
  function enter(
    { subject = "", deviceId = "phone", instanceId = "tab1", attempt = 1 }: Partial<Session> = {},
  ) {
    const id = `s${ids++}`;
    const session = { id, role: "fan" as const, lite: false };
    const seat: Seat = {
      place: null,
      close(code) {
        closed.push(`${instanceId}/${attempt} ${code}`);
        sessions.leave(seat);
      },
    };
    const entered = sessions.enter(seat, { ...session, subject, deviceId, instanceId, attempt });
    return { entered, leave: () => sessions.leave(seat), renew: () => sessions.renew(seat) };
  }
  return { sessions, enter };
}

describe("Sessions", () => {
  test("the lower attempt goes, whichever came first", async () => {
    const { enter } = await openGateway();
    expect(enter({ attempt: 1 }).entered).toBe(true);
    expect(enter({ attempt: 3 }).entered).toBe(true);
    expect(closed).toEqual(["tab1/1 4501"]);
    expect(enter({ attempt: 2 }).entered).toBe(false);
    expect(closed).toEqual(["tab1/1 4501", "tab1/2 4501"]);
  });

  test("of equal attempts the later stays", async () => {
    const { enter } = await openGateway();
    for (let connect = 0; connect < 4; connect++) {
      expect(enter({ attempt: 0 }).entered).toBe(true);
    }
    expect(closed).toHaveLength(3);
  });

  test("other instances, devices and subjects are left alone", async () => {
    const { enter } = await openGateway();
    enter();
    enter({ instanceId: "tab2" });
    enter({ deviceId: "laptop" });
    enter({ subject: "ana" });
    await settled();
    expect(closed).toEqual([]);
  });

  test("the sixth instance sends the oldest away", async () => {
    const { enter } = await openGateway();
    for (let tab = 1; tab <= 6; tab++) enter({ instanceId: `tab${tab}` });
    expect(closed).toEqual(["tab1/1 4502"]);
  });

  test("who left makes room", async () => {
    const { enter } = await openGateway();
    enter().leave();
    for (let tab = 2; tab <= 6; tab++) enter({ instanceId: `tab${tab}` });
    await settled();
    expect(closed).toEqual([]);
  });

  test("who names no device is nobody's ghost, and on no roll", async () => {
    const { enter } = await openGateway();
    for (let tab = 1; tab <= 9; tab++) expect(enter({ deviceId: "" }).entered).toBe(true);
    enter({ deviceId: "" }).renew();
    expect(closed).toEqual([]);
    expect(asked).toEqual([]);
  });
});

describe("Sessions of two gateways", () => {
  test("the lower attempt goes at whichever it sits", async () => {
    const [here, there] = [await openGateway(), await openGateway({ node: "there" })];
    here.enter({ attempt: 1 });
    there.enter({ attempt: 2 });
    await settled();
    expect(closed).toEqual(["tab1/1 4501"]);
    here.enter({ attempt: 1 });
    await settled();
    expect(closed).toEqual(["tab1/1 4501", "tab1/1 4501"]);
    // It was told, and there is nobody to tell any more.
    there.enter({ attempt: 3 });
    await settled();
    expect(closed).toHaveLength(3);
  });

  test("of equal attempts at once exactly one stays, and of many too", async () => {
    const gateways = [
      await openGateway(),
      await openGateway({ node: "there" }),
      await openGateway({ node: "elsewhere" }),
    ];
    for (let round = 0; round < 20; round++) {
      for (const { enter } of gateways) enter({ instanceId: `tab-${round}`, deviceId: `${round}` });
    }
    await settled();
    expect(closed).toHaveLength(40);
  });

  test("the oldest of six instances goes, wherever they are", async () => {
    const [here, there] = [await openGateway(), await openGateway({ node: "there" })];
    for (let tab = 1; tab <= 6; tab++) {
      await clock.advance(1);
      (tab % 2 === 0 ? here : there).enter({ instanceId: `tab${tab}` });
      await settled();
    }
    expect(closed).toEqual(["tab1/1 4502"]);
  });

  test("a word that was lost is made good at the ghost's ping", async () => {
    const here = await openGateway({ hears: deaf });
    const there = await openGateway({ node: "there", hears: deaf });
    const ghost = here.enter({ attempt: 1 });
    await settled();
    there.enter({ attempt: 2 });
    await settled();
    expect(closed).toEqual([]);
    ghost.renew();
    await settled();
    expect(closed).toEqual(["tab1/1 4501"]);
  });

  test("a stalled store keeps nobody out, and is asked again until it answers", async () => {
    const [here, there] = [await openGateway(), await openGateway({ node: "there" })];
    isStalled = true;
    expect(here.enter().entered).toBe(true);
    expect(there.enter().entered).toBe(true);
    const gone = there.enter({ instanceId: "tab2" });
    await settled();
    gone.leave();
    await clock.advance(3 * limits.seatsRetryMs);
    expect(closed).toEqual([]);
    isStalled = false;
    asked = [];
    await clock.advance(limits.seatsRetryMs);
    await settled();
    expect(closed).toHaveLength(1);
    expect(asked.filter((what) => what === "attend")).toHaveLength(2);
  });

  test("at most so many are asked about at once, all of them in the end", async () => {
    const { enter } = await openGateway();
    const answers: (() => void)[] = [];
    const crowd = limits.seatsAskedMax + 10;
    stallable.attend = (_device, member) => new Promise((go) => answers.push(() => go([member])));
    for (let fan = 0; fan < crowd; fan++) enter({ deviceId: `${fan}` });
    expect(answers).toHaveLength(limits.seatsAskedMax);
    for (const answer of answers.splice(0, 20)) answer();
    await settled();
    expect(answers).toHaveLength(crowd - 20);
  });

  test("a seat outlives its time only by being renewed", async () => {
    const [here, there] = [await openGateway(), await openGateway({ node: "there" })];
    const kept = here.enter({ attempt: 5 });
    here.enter({ attempt: 5, deviceId: "laptop" });
    await settled();
    await clock.advance(limits.seatMs - 1);
    kept.renew();
    await settled();
    await clock.advance(2);
    there.enter({ attempt: 1 });
    there.enter({ attempt: 1, deviceId: "laptop" });
    await settled();
    expect(closed).toEqual(["tab1/1 4501"]);
  });

  test("a store that was emptied has every seat again once the broker is in doubt", async () => {
    let doubt: (() => Promise<unknown>) | undefined;
    const doubting: Broker = {
      ...deaf,
      subscribe: (_channel, _listener, onDoubt) => {
        doubt = onDoubt;
        return Promise.resolve(() => {});
      },
    };
    const here = await openGateway({ hears: doubting });
    here.enter({ attempt: 5 });
    await settled();
    file.run("DELETE FROM attendance");
    await doubt!();
    await settled();
    const there = await openGateway({ node: "there" });
    there.enter({ attempt: 1 });
    await settled();
    expect(closed).toEqual(["tab1/1 4501"]);
  });

  test("what a lost farewell left behind is nobody", async () => {
    const here = await openGateway();
    const ghost = here.enter({ attempt: 7 });
    await settled();
    isStalled = true;
    ghost.leave();
    await clock.advance(limits.seatsDepartMs);
    isStalled = false;
    expect(here.enter({ attempt: 1 }).entered).toBe(true);
    await parted();
    expect(closed).toEqual([]);
    asked = [];
    here.enter({ attempt: 2 });
    await parted();
    // Its own and that of the first; the farewell was said for the phantom before.
    expect(asked.sort()).toEqual(["attend", "depart"]);
  });

  test("three questions for a client that returns elsewhere", async () => {
    const [here, there] = [await openGateway(), await openGateway({ node: "there" })];
    here.enter({ attempt: 1 });
    await settled();
    asked = [];
    there.enter({ attempt: 2 });
    await parted();
    expect(asked).toEqual(["attend", "depart"]);
  });
});
