import { afterEach, beforeEach, expect, test } from "vitest";
import { BoardSignal } from "../channels/board_signal.ts";
import { lastSaid, VOLATILE_PARTS, VolatileVoice } from "../channels/volatile_voice.ts";
import { SqliteCell } from "../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { decodePublication } from "../protocol/golazo_codec.ts";
import { leaderboardChannel } from "../protocol/channel_name.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { BoardVoice } from "./board_voice.ts";
import { MATCH, settled } from "./boards_test_kit.ts";

let clock: SimulatedClock;
let broker: MemoryBroker;
let file: SqliteFile;
let cells: SqliteCell;
let signal: BoardSignal;
let voice: BoardVoice;
let said: string[];
let page: {
  version: string;
  members: number;
  rows: { member: string; score: number; rank: number }[];
};
let isAway: boolean;
beforeEach(async () => {
  clock = new SimulatedClock();
  broker = new MemoryBroker(silentEvents);
  file = new SqliteFile(":memory:", { synchronous: "off" });
  cells = new SqliteCell(file, clock);
  signal = new BoardSignal(broker, clock);
  page = { version: "v1", members: 2, rows: [{ member: "ana", score: 5, rank: 1 }] };
  isAway = false;
  said = [];
  await broker.subscribe(leaderboardChannel(MATCH), () => void said.push(page.version));
  voice = new BoardVoice({
    ...{ signal, clock, events: silentEvents, voice: new VolatileVoice(broker, cells) },
    boards: {
      page: (boardId) =>
        isAway
          ? Promise.reject(new Failure("ownerUnavailable", "nobody", { retryable: true }))
          : Promise.resolve(boardId === MATCH ? page : null),
    },
  });
  await voice.begin();
});
afterEach(() => {
  voice.stop();
  signal.close();
  file.close();
});

const pass = async (ms: number) => {
  await clock.advance(ms);
  await settled();
};

test("tells a changed board once a second, however often it changes", async () => {
  for (let change = 0; change < 20; change++) {
    signal.changed(MATCH);
    page = { ...page, version: `v${change}` };
    await pass(limits.boardSignalMs / 2);
  }
  expect(said.length).toBeGreaterThan(0);
  expect(said.length).toBeLessThanOrEqual(3);
  await pass(2 * limits.boardVoiceMs);
  expect(said.at(-1)).toBe("v19");
  const { length } = said;
  signal.changed(MATCH);
  await pass(2 * limits.boardVoiceMs);
  // Nothing is another now, so nothing is said.
  expect(said).toHaveLength(length);
});

test("a newcomer finds what was said last", async () => {
  signal.changed(MATCH);
  await pass(2 * limits.boardVoiceMs);
  const [kept] = await lastSaid(cells, leaderboardChannel(MATCH), VOLATILE_PARTS.leaderboard);
  expect(kept).toMatchObject({ key: "standings/top", lane: "rank", offset: null });
  expect(decodePublication(kept!.body).standings).toMatchObject({
    ...{ members: 2, version: "v1" },
    rows: [{ rank: 1, user: "ana", points: 5 }],
  });
});

test("while an owner is away the board waits to be told", async () => {
  isAway = true;
  signal.changed(MATCH);
  await pass(3 * limits.boardVoiceMs);
  expect(said).toEqual([]);
  isAway = false;
  await pass(2 * limits.boardVoiceMs);
  expect(said).toEqual(["v1"]);
});

test("stopped, it tells nothing more", async () => {
  voice.stop();
  signal.changed(MATCH);
  await pass(3 * limits.boardVoiceMs);
  expect(said).toEqual([]);
});
