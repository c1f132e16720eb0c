/**
 * The owner of the board's shards, as a process of its own: the product's
 * supervisor and its actors over Redis, asked through its doors.
 */
import { shardsOf } from "../../actors/leaderboard/leaderboard_names.ts";
import { shardChunks } from "../../actors/leaderboard/shard_chunks.ts";
import { partitionOf } from "../../actors/ports/partition.ts";
import { OwnerDoors } from "../../channels/owner_call.ts";
import { RedisCell } from "../../db/redis/redis_cell.ts";
import { RedisRanking } from "../../db/redis/redis_ranking.ts";
import { Failure } from "../../runtime/failure.ts";
import { LeaderboardSupervisor } from "../../supervisors/leaderboard_supervisor.ts";
import { boardAbilities } from "../../supervisors/remote_boards.ts";
import { obey } from "../load_process.ts";
import { BOARD, CHANGES, fanName, firstPoints } from "./board_load.ts";
import { connect } from "./shared_board.ts";

const FENCE = 7;
/** Chunks of the first points that are under way at once. */
const UNDER_WAY = 32;
let boards: LeaderboardSupervisor;

obey({
  async open(url: string): Promise<void> {
    const parts = await connect(url);
    boards = await LeaderboardSupervisor.start({
      ...parts,
      rankings: new RedisRanking(parts.client, parts.keys),
      cells: new RedisCell(parts.client, parts.keys),
      fenceOf: () => FENCE,
      changed: () => {},
      // There is no SQL here: the ranks are the bench's own.
      points: {
        totals: () => Promise.reject(away()),
        marks: () => Promise.reject(away()),
        sums: () => ({ sums: none(), contained: none() }),
      },
    });
    const doors = new OwnerDoors(parts.broker, boardAbilities(boards));
    for (const shard of shardsOf(BOARD)) await doors.open(partitionOf(shard));
  },
  /** Everybody's first points, chunk by chunk as a settlement gives them. */
  async fill(fans: number): Promise<void> {
    const points = firstPoints(fans);
    const chunks = Math.ceil(fans / (CHANGES * 4));
    let next = 0;
    const lanes = Array.from({ length: UNDER_WAY }, async () => {
      for (let chunk = next++; chunk < chunks; chunk = next++) {
        const from = chunk * CHANGES * 4;
        const size = Math.min(CHANGES * 4, fans - from);
        const changes = Array.from({ length: size }, (_, at) => ({
          member: fanName(from + at),
          score: points[from + at]!,
        }));
        const parts = shardChunks([BOARD], "first/1", chunk, changes, boards.changesMax);
        await Promise.all(parts.map((part) => boards.apply(part.shard, [part.chunk])));
      }
    });
    await Promise.all(lanes);
  },
});

function away(): Failure {
  return new Failure("storeUnavailable", "There is no SQL in this bench", { retryable: true });
}

async function* none(): AsyncGenerator<never[]> {}
