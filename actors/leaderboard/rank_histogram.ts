/**
 * How many members have each score, and so who stands where: the one rule of
 * ranks in the code.
 *
 * A rank is 1 + the members with a higher score, so equal scores share one and
 * the next skip: 1, 2, 2, 4. Points are small whole numbers, so members are
 * counted by score in a Fenwick tree: moving one and asking for a rank take
 * log2 of the span of scores, 13 steps for 8,192 totals, however many members
 * there are. The span doubles when a score lies outside of it, below 0 as well.
 */
import { assert } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";

export interface ScoreCount {
  score: number;
  members: number;
}

/** Members by score, from `low` on: what a reader's copy is compared with. */
export interface ScoreSpan {
  low: number;
  counts: Int32Array;
}

export interface RankedScore extends ScoreCount {
  rank: number;
}

/** A match gives some 50 points at most, so most boards never outgrow it: 0.5 KB. */
const SPAN_MIN = 64;

/** Whether a member can have that score. */
export function isRankable(score: number): boolean {
  return Number.isInteger(score) && Math.abs(score) <= limits.leaderboardPointsMax;
}

export class RankHistogram {
  /** The score that is counted at index 0. */
  #low = 0;
  #counts = new Int32Array(SPAN_MIN);
  /** At i, counted from 1: the members of the last `i & -i` counts up to there. */
  #tree = new Int32Array(SPAN_MIN + 1);
  #members = 0;
  #points = 0;

  constructor(counts: Iterable<ScoreCount> = []) {
    for (const { score, members } of counts) this.add(score, members);
  }

  /** One of several shards' counts. */
  static merged(shards: Iterable<Iterable<ScoreCount>>): RankHistogram {
    const merged = new RankHistogram();
    for (const counts of shards) {
      for (const { score, members } of counts) merged.add(score, members);
    }
    return merged;
  }

  get members(): number {
    return this.#members;
  }

  /** The sum of all scores. */
  get points(): number {
    return this.#points;
  }

  /** Counts members in, or out where `members` is below 0. */
  add(score: number, members: number): void {
    assert(isRankable(score), "a score is whole and within its limit");
    if (members === 0) return;
    this.#cover(score);
    const at = score - this.#low;
    assert(this.#counts[at]! + members >= 0, "nobody leaves a score that nobody has");
    this.#counts[at]! += members;
    for (let i = at + 1; i < this.#tree.length; i += i & -i) this.#tree[i]! += members;
    this.#members += members;
    this.#points += score * members;
  }

  /** One member goes from one score to another. */
  move(from: number, to: number): void {
    this.add(from, -1);
    this.add(to, 1);
  }

  /** Of a member with that score, or of one who would have it. */
  rankOf(score: number): number {
    return 1 + this.#members - this.#upTo(score);
  }

  membersAt(score: number): number {
    return this.#counts[score - this.#low] ?? 0;
  }

  /** Scores that somebody has, highest first, at most `count` of those below `below`. */
  page(below = Number.POSITIVE_INFINITY, count = Number.POSITIVE_INFINITY): RankedScore[] {
    const rows: RankedScore[] = [];
    let above = this.#members - this.#upTo(below - 1);
    while (rows.length < count && above < this.#members) {
      const score = this.#scoreAt(above);
      const members = this.membersAt(score);
      rows.push({ score, members, rank: above + 1 });
      above += members;
    }
    return rows;
  }

  /** All counts as they are now; cheap, as nothing is looked at. */
  span(): ScoreSpan {
    return { low: this.#low, counts: this.#counts.slice() };
  }

  /** Members with that score or a lower one. */
  #upTo(score: number): number {
    let sum = 0;
    const last = Math.min(score - this.#low + 1, this.#counts.length);
    for (let i = last; i > 0; i -= i & -i) sum += this.#tree[i]!;
    return sum;
  }

  /** The score of whom `above` others stand before, ties in any order. */
  #scoreAt(above: number): number {
    let below = this.#members - above;
    let at = 0;
    for (let half = this.#counts.length; half > 0; half >>= 1) {
      const members = this.#tree[at + half];
      if (members !== undefined && members < below) {
        at += half;
        below -= members;
      }
    }
    return this.#low + at;
  }

  /** The span is a power of two, so each doubling pays for the next. */
  #cover(score: number): void {
    let low = this.#low;
    let span = this.#counts.length;
    while (score < low) {
      low -= span;
      span *= 2;
    }
    while (score >= low + span) span *= 2;
    if (span === this.#counts.length) return;
    const counts = new Int32Array(span);
    counts.set(this.#counts, this.#low - low);
    this.#low = low;
    this.#counts = counts;
    this.#tree = treeOf(counts);
  }
}

/** Scores with another count than before, and how many have them now. */
export function changedCounts(before: ScoreSpan | null, now: ScoreSpan): ScoreCount[] {
  const changed: ScoreCount[] = [];
  // A span only ever grows, so all that was counted before is within the one of now.
  const shift = before === null ? 0 : now.low - before.low;
  for (let at = 0; at < now.counts.length; at++) {
    const members = now.counts[at]!;
    if (members !== (before?.counts[at + shift] ?? 0)) {
      changed.push({ score: now.low + at, members });
    }
  }
  return changed;
}

function treeOf(counts: Int32Array): Int32Array<ArrayBuffer> {
  const tree = new Int32Array(counts.length + 1);
  tree.set(counts, 1);
  for (let i = 1; i < tree.length; i++) {
    const parent = i + (i & -i);
    if (parent < tree.length) tree[parent]! += tree[i]!;
  }
  return tree;
}
