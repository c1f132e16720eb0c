/**
 * Who asks for ranks, as a process of its own: the product's reader of boards at
 * shards that another process owns, and the truth as it counts it itself.
 *
 * Beside it the same with a plain sorted set, over the same client of Redis.
 */
import { shardFor } from "../../actors/leaderboard/leaderboard_names.ts";
import type { Chunk } from "../../actors/leaderboard/leaderboard_shard.ts";
import { BoardReader } from "../../channels/board_reader.ts";
import { pause, systemClock } from "../../runtime/clock.ts";
import { assert } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { seededRandom } from "../../runtime/random.ts";
import { obey } from "../load_process.ts";
import { BOARD, fanName, firstPoints, movesOf } from "./board_load.ts";
import { connectBoards } from "./shared_board.ts";

const PLAIN_SET = "bench:plain";
const FANS_OF_ONE_ADD = 1_000;
const random = seededRandom(99);
let shared: Awaited<ReturnType<typeof connectBoards>>;
let reader: BoardReader;
/** By fan, with all that was ever given. */
let points: Int32Array;
let updates = 0;

obey({
  async open({ url, fans }: { url: string; fans: number }): Promise<void> {
    points = firstPoints(fans);
    shared = await connectBoards(url, "reader");
    const exists = () => Promise.resolve(true);
    reader = new BoardReader({ boards: shared.boards, clock: systemClock, exists });
    for (let from = 0; from < fans; from += FANS_OF_ONE_ADD) {
      const members = [...points.subarray(from, from + FANS_OF_ONE_ADD)]
        .flatMap((score, at) => [score, fanName(from + at)]);
      await shared.client.run("zadd", PLAIN_SET, ...members);
    }
  },
  /** Milliseconds from a fan's new points until his rank is known, one after the other. */
  updateRanks: (times: number) =>
    timed(times, async () => {
      const fan = anyFan();
      const changes = [{ member: fanName(fan), score: 1 }];
      const chunk: Chunk = { key: `bench/${updates++}`, changes };
      await shared.boards.apply(shardFor(BOARD, fanName(fan))!, [chunk]);
      points[fan]! += 1;
      const [found] = (await reader.standings(BOARD, [fanName(fan)]))!;
      assert(found!.rank !== null, "everybody has points");
    }),
  plainSetRanks: (times: number) =>
    timed(times, async () => {
      const fan = fanName(anyFan());
      await shared.client.run("zincrby", PLAIN_SET, 1, fan);
      await shared.client.run("zrevrank", PLAIN_SET, fan);
    }),
  readPages: (times: number) =>
    timed(times, async () => {
      await reader.page(BOARD, 0, limits.leaderboardPageMax);
    }),
  /** What the writer gave. */
  noteChunks({ first, count }: { first: number; count: number }): void {
    for (let chunk = first; chunk < first + count; chunk++) {
      for (const { fan, points: more } of movesOf(chunk, points.length)) points[fan]! += more;
    }
  },
  /** At rest, against a count of who has more. */
  async countWrong(times: number): Promise<number> {
    await pause(systemClock, 2 * limits.boardAgeMsMax);
    let wrong = 0;
    for (let asked = 0; asked < times; asked++) {
      const fan = anyFan();
      const [found] = (await reader.standings(BOARD, [fanName(fan)]))!;
      let rank = 1;
      for (const other of points) if (other > points[fan]!) rank += 1;
      if (found!.score !== points[fan] || found!.rank !== rank) wrong += 1;
    }
    return wrong;
  },
});

function anyFan(): number {
  return Math.floor(points.length * random.fraction());
}

async function timed(times: number, ask: () => Promise<void>): Promise<number[]> {
  const took: number[] = [];
  for (let asked = 0; asked < times; asked++) {
    const beganAt = systemClock.monotonic();
    await ask();
    took.push(systemClock.monotonic() - beganAt);
  }
  return took;
}
