/**
 * The ranking primitive on Redis: a sorted set, the count of members at each
 * score, and the keys that were applied, moved together by one script.
 *
 * Scores are stored below zero: the set's own order is then ours, highest score
 * first and equal ones by member id. Doubles are whole up to 2^53. Keys are kept for
 * days, by Redis' own time, longer than any chunk is sent again.
 */
import type { Buffer } from "node:buffer";
import { packedChanges } from "../../actors/ports/packed_changes.ts";
import type {
  Applied,
  Changes,
  RankedMember,
  RankingStore,
  ScoreMove,
} from "../../actors/ports/ranking.ts";
import { assert } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import type { RedisKeys } from "./keys.ts";
import type { RedisClient } from "./redis_client.ts";

export class RedisRanking implements RankingStore {
  readonly changesMax = limits.leaderboardChangesMaxRedis;
  readonly holdsLoop = false;
  readonly #client: RedisClient;
  readonly #keys: RedisKeys;
  readonly #keysKeptMs: number;

  constructor(
    client: RedisClient,
    keys: RedisKeys,
    keysKeptMs: number = limits.leaderboardKeysKeptMs,
  ) {
    this.#client = client;
    this.#keys = keys;
    this.#keysKeptMs = keysKeptMs;
  }

  async apply(
    ranking: string,
    key: string,
    changes: Changes,
    fence: number,
    scoreMax = Number.MAX_SAFE_INTEGER,
  ): Promise<Applied> {
    const isWhole = ({ score }: RankedMember) => Number.isSafeInteger(score);
    assert(!Array.isArray(changes) || changes.every(isWhole), "scores are whole numbers");
    const kept = [this.#keysKeptMs, limits.leaderboardKeysForgotten];
    const args = [key, fence, ...kept, scoreMax, packedChanges(changes).bytes];
    const keys = this.#keys.ranking(ranking);
    const [outcome, ...rest] = await this.#client.script("apply_ranking", keys, args) as Buffer[];
    switch (String(outcome) as Applied["outcome"]) {
      case "applied":
        return { outcome: "applied", moves: movesOf(rest.map((number) => Number(String(number)))) };
      case "rejected":
        return { outcome: "rejected", members: rest.map(String) };
      case "applied before":
        return { outcome: "applied before" };
      case "fenced":
        return { outcome: "fenced" };
    }
  }

  async scores(ranking: string, members: string[]): Promise<(number | null)[]> {
    if (members.length === 0) return [];
    const answer = await this.#client.run("zmscore", this.#keysOf(ranking).members, ...members);
    return (answer as (Buffer | null)[]).map((stored) => stored && scoreOf(stored));
  }

  async page(ranking: string, start: number, count: number): Promise<RankedMember[]> {
    if (count <= 0) return [];
    const { members } = this.#keysOf(ranking);
    const end = start + count - 1;
    return membersOf(await this.#client.run("zrange", members, start, end, "WITHSCORES"));
  }

  async around(
    ranking: string,
    place: RankedMember,
    above: number,
    below: number,
  ): Promise<RankedMember[]> {
    const { members } = this.#keysOf(ranking);
    const args = [0 - place.score, place.member, above, below];
    return membersOf(await this.#client.script("around_place", [members], args));
  }

  async histogram(ranking: string): Promise<{ score: number; members: number }[]> {
    const counts = await this.#client.run("hgetall", this.#keysOf(ranking).scores);
    return Object.entries(counts as Record<string, Buffer>)
      .map(([score, members]) => ({ score: Number(score), members: Number(String(members)) }))
      .sort((a, b) => b.score - a.score);
  }

  async size(ranking: string): Promise<number> {
    return await this.#client.run("zcard", this.#keysOf(ranking).members) as number;
  }

  async clear(ranking: string, fence: number): Promise<"cleared" | "fenced"> {
    const answer = await this.#client.script("clear_ranking", this.#keys.ranking(ranking), [fence]);
    return String(answer) as "cleared" | "fenced";
  }

  #keysOf(ranking: string) {
    const [members, scores] = this.#keys.ranking(ranking);
    return { members: members!, scores: scores! };
  }
}

/** From, to and members by turns. */
function movesOf(numbers: number[]): ScoreMove[] {
  return Array.from({ length: numbers.length / 3 }, (_, index) => ({
    from: numbers[3 * index]!,
    to: numbers[3 * index + 1]!,
    members: numbers[3 * index + 2]!,
  }));
}

/** Member and stored score by turns. */
function membersOf(answer: unknown): RankedMember[] {
  const flat = (answer as Buffer[]).flat();
  return Array.from({ length: flat.length / 2 }, (_, index) => ({
    member: String(flat[2 * index]),
    score: scoreOf(flat[2 * index + 1]!),
  }));
}

/** 0 - 0 is 0, where -0 would not be. */
function scoreOf(stored: Buffer): number {
  return 0 - Number(String(stored));
}
