import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MemoryBroker } from "../../db/embedded/memory_broker.ts";
import { SqliteCell } from "../../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../../db/embedded/sqlite_file.ts";
import { temporaryFolder } from "../../db/embedded/temporary_folder.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { eventsInto } from "../testing/test_gateway.ts";
import { RevocationBoard } from "./revocation_board.ts";
import { RevocationList } from "./revocation_list.ts";

const folder = temporaryFolder();
let clock: SimulatedClock;
let file: SqliteFile;
let cells: SqliteCell;
let broker: MemoryBroker;
let events: string[];
let opened: RevocationBoard[];
let files = 0;
beforeEach(() => {
  clock = new SimulatedClock();
  file = new SqliteFile(folder.path(`hot-${files++}.db`), { synchronous: "off" });
  cells = new SqliteCell(file, clock);
  broker = new MemoryBroker(silentEvents);
  events = [];
  opened = [];
});
afterEach(() => {
  for (const board of opened) board.close();
  file.close();
});

async function open(ports: Partial<{ broker: MemoryBroker; cells: SqliteCell }> = {}) {
  const shared = { cells, broker, clock, events: eventsInto(events) };
  const board = await RevocationBoard.open({ ...shared, ...ports });
  opened.push(board);
  return board;
}
const deaf = () => new MemoryBroker(silentEvents);
const HOUR = 3_600_000;

describe("RevocationBoard", () => {
  test("is one list for all who share the store, at once", async () => {
    const [here, there] = [await open(), await open()];
    let told = 0;
    there.hear(() => (told += 1));
    await here.revoke({ tokenId: "t1", until: clock.now() + HOUR });
    expect(there.isRevoked({ subject: "ana", tokenId: "t1" })).toBe(true);
    expect(there.isRevoked({ subject: "ana", tokenId: "t2" })).toBe(false);
    expect(told).toBe(1);
    await here.revoke({ tokenId: "t1", until: clock.now() + HOUR });
    expect(told).toBe(1);
  });

  test("an announcement that was lost is read ten seconds later", async () => {
    const [here, there] = [await open(), await open({ broker: deaf() })];
    await here.revoke({ subject: "ana", until: clock.now() + HOUR });
    expect(there.isRevoked({ subject: "ana" })).toBe(false);
    await clock.advance(limits.revocationsReadMs);
    expect(there.isRevoked({ subject: "ana" })).toBe(true);
  });

  test("outlives every process, until its time", async () => {
    const revocation = { subject: "ana", issuedBefore: clock.now(), until: clock.now() + HOUR };
    const first = await open();
    await first.revoke(revocation);
    first.close();
    const next = await open();
    expect(next.all()).toEqual([revocation]);
    await clock.advance(HOUR);
    expect(next.isRevoked({ subject: "ana", issuedAt: 0 })).toBe(false);
    expect(next.all()).toEqual([]);
    expect((await open()).all()).toEqual([]);
  });

  test("fills a store that was emptied", async () => {
    const first = await open();
    await first.revoke({ tokenId: "t1", until: clock.now() + HOUR });
    file.run("DELETE FROM attendance");
    expect((await open({ broker: deaf() })).isRevoked({ tokenId: "t1" })).toBe(false);
    await clock.advance(2 * limits.revocationsReadMs);
    expect((await open({ broker: deaf() })).isRevoked({ tokenId: "t1" })).toBe(true);
  });

  test("goes on with what it knows while the store is away, and says so", async () => {
    const board = await open();
    await board.revoke({ tokenId: "t1", until: clock.now() + HOUR });
    cells.attend = () => Promise.reject(new Failure("storeUnavailable", "gone"));
    await clock.advance(limits.revocationsReadMs);
    expect(board.isRevoked({ tokenId: "t1" })).toBe(true);
    expect(events).toEqual([
      "warned Cannot read which tokens are revoked, those known stay so: gone",
    ]);
    await expect(board.revoke({ tokenId: "t2", until: clock.now() + 1 })).rejects.toMatchObject({
      code: "storeUnavailable",
    });
    await expect(open()).rejects.toMatchObject({ code: "storeUnavailable" });
  });
});

describe("RevocationList", () => {
  test("of a subject: all tokens, or those issued before", () => {
    const list = new RevocationList();
    list.add({ subject: "ana", until: 100 });
    list.add({ subject: "bea", issuedBefore: 50, until: 100 });
    const isRevoked = (subject: string, issuedAt: number, now = 99) =>
      list.isRevoked({ subject, issuedAt }, now);
    expect([isRevoked("ana", 0), isRevoked("ana", 90), isRevoked("ana", 0, 100)])
      .toEqual([true, true, false]);
    expect([isRevoked("bea", 49), isRevoked("bea", 50), isRevoked("cid", 0)])
      .toEqual([true, false, false]);
  });

  test("the longer of two counts, and nothing without a name is anybody's", () => {
    const list = new RevocationList();
    expect(list.add({ tokenId: "t1", until: 100 })).toBe(true);
    expect(list.add({ tokenId: "t1", until: 50 })).toBe(false);
    expect(list.add({ tokenId: "t1", until: 200 })).toBe(true);
    expect(list.all(150)).toEqual([{ tokenId: "t1", until: 200 }]);
    expect(list.isRevoked({}, 0)).toBe(false);
    expect(list.isRevoked({ subject: "", tokenId: "" }, 0)).toBe(false);
  });
});
