/**
 * Fills a shard anew from the ledger of points, beside the ranking in force.
 *
 * Readers keep the old ranks until one write puts the new generation in force.
 * Sums and chunks must not be counted twice: the source names the chunks that
 * its sums contain, and their keys are noted as applied; one that it does not
 * contain is applied when it comes.
 */
import { assert, Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { randomId } from "../../runtime/random.ts";
import { socketTurn } from "../../runtime/turn.ts";
import type { RankedMember } from "../ports/ranking.ts";
import type { ShardOptions } from "./leaderboard_shard.ts";
import { isRankable } from "./rank_histogram.ts";
import { fencedOut, putRecord, rankingName, type ShardRecord } from "./shard_record.ts";

/** What the ledger of points holds for the fans of one shard, as of one moment. */
export interface PointSums {
  /** Each fan once. */
  sums: AsyncIterable<RankedMember[]>;
  /** Keys of the chunks in these sums that may still come again. */
  contained: AsyncIterable<string[]>;
}

/**
 * @throws {Failure} `pointsOutOfRange` for a sum that no fan can have, `rebuildStopped`, `fenced`,
 * or retryable; the old ranking is then still in force.
 */
export async function rebuildShard(
  options: ShardOptions,
  record: ShardRecord,
  { sums, contained }: PointSums,
  signal: AbortSignal,
): Promise<void> {
  const { id, fence, rankings, cells, random } = options;
  const generation = randomId(random);
  assert(generation !== record.generation, "no generation is used twice");
  await putRecord(cells, id, fence, { ...record, obsolete: [...record.obsolete, generation] });
  const apply = async (key: string, changes: RankedMember[]) => {
    if (signal.aborted) {
      throw new Failure("rebuildStopped", `Stopped rebuilding leaderboard shard ${id}`);
    }
    const { outcome } = await rankings.apply(rankingName(id, generation), key, changes, fence);
    if (outcome === "fenced") throw fencedOut(id);
    if (rankings.holdsLoop) await socketTurn();
  };

  let slices = 0;
  for await (const batch of sums) {
    const pointed = batch.filter(({ score }) => score !== 0);
    const wrong = pointed.find(({ score }) => !isRankable(score));
    if (wrong !== undefined) throw outOfRange(id, wrong);
    for (let at = 0; at < pointed.length; at += rankings.changesMax) {
      const slice = pointed.slice(at, at + rankings.changesMax);
      await apply(`sums/${slices++}`, slice);
    }
  }
  for await (const keys of contained) {
    for (const key of keys) await apply(key, []);
  }
  await putRecord(cells, id, fence, {
    ...record,
    generation,
    obsolete: [...record.obsolete, record.generation],
  });
}

function outOfRange(id: string, { member, score }: RankedMember): Failure {
  return new Failure(
    "pointsOutOfRange",
    `Cannot rebuild leaderboard shard ${id} as points must be whole and within ` +
      `± ${limits.leaderboardPointsMax}: ${member} has ${score}`,
  );
}
