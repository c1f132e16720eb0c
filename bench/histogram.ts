/**
 * `deno task bench histogram`: CPU of one fan's move and of one rank, with a
 * million fans on a board.
 *
 * The counts alone, no store and no process between: what is left to the rest of
 * a rank's way. Totals follow a seeded distribution over 6,000 scores, moves are
 * those of a settlement, 1 to 10 points up. Beside it the same moves and ranks
 * by the plain way, a count of all scores above.
 */
import process from "node:process";
import { RankHistogram } from "../actors/leaderboard/rank_histogram.ts";
import { assert } from "../runtime/failure.ts";
import { seededRandom } from "../runtime/random.ts";
import { figureOf, printFigure } from "./figure.ts";

const BENCH = "histogram";
const FANS = 1_000_000;
const SCORES = 6_000;
const MOVES = 1_000_000;
/** A plain count takes 1 ms. */
const COUNTED = 200;
const RUNS = 5;
const SEED = 20_221_218;

export function histogram(): Promise<void> {
  const random = seededRandom(SEED);
  // More fans have few points than many.
  const scores = Int32Array.from({ length: FANS }, () => SCORES * random.fraction() ** 2);
  const ranks = new RankHistogram();
  for (const score of scores) ranks.add(score, 1);

  const perMove: number[] = [];
  const perRank: number[] = [];
  const perCount: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const fans = Int32Array.from({ length: MOVES }, () => FANS * random.fraction());
    perMove.push(cpuMicros(MOVES, (at) => {
      const fan = fans[at]!;
      const before = scores[fan]!;
      scores[fan] = before + 1 + (at % 10);
      ranks.move(before, before + 1 + (at % 10));
    }));
    perRank.push(cpuMicros(MOVES, (at) => ranks.rankOf(scores[fans[at]!]!)));
    perCount.push(cpuMicros(COUNTED, (at) => {
      const rank = countedRank(scores, scores[fans[at]!]!);
      assert(rank === ranks.rankOf(scores[fans[at]!]!), "both ways give one rank");
    }));
  }
  printFigure(figureOf(BENCH, "move_cpu_us", "us", perMove));
  printFigure(figureOf(BENCH, "rank_cpu_us", "us", perRank));
  printFigure(figureOf(BENCH, "counted_rank_cpu_us", "us", perCount));
  printFigure(figureOf(BENCH, "distinct_scores", "scores", [ranks.page().length]));
  return Promise.resolve();
}

function countedRank(scores: Int32Array, score: number): number {
  let above = 0;
  for (const other of scores) if (other > score) above++;
  return above + 1;
}

function cpuMicros(times: number, task: (at: number) => void): number {
  const before = process.cpuUsage();
  for (let at = 0; at < times; at++) task(at);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}
