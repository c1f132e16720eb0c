/**
 * The shards of leaderboards as a process sees them that does not own them: a
 * question to the owner, wherever it is.
 *
 * Whatever is asked may be asked again, by the caller too: chunks are applied
 * once, a rebuild that is under way is not begun anew. Counts travel as numbers
 * by turns: a board of 5,000 totals is read ten times a second.
 */
import { Buffer } from "node:buffer";
import type { RankedRow, Standing } from "../actors/leaderboard/board_page.ts";
import type { Chunk, ChunkOutcome, TopPage } from "../actors/leaderboard/leaderboard_shard.ts";
import type { ScoreCount } from "../actors/leaderboard/rank_histogram.ts";
import type { Boards, ShardCounts, ShardRefused } from "../actors/ports/boards.ts";
import { packedChanges } from "../actors/ports/packed_changes.ts";
import type { Changes, PackedChanges, RankedMember } from "../actors/ports/ranking.ts";
import type { OwnerCaller } from "../channels/owner_call.ts";
import { limits } from "../runtime/limits.ts";

/** What an owner can be asked, and by which name. */
const ABILITIES = {
  apply: "board.apply",
  standings: "board.standings",
  around: "board.around",
  counts: "board.counts",
  rebuild: "board.rebuild",
  freeze: "board.freeze",
} as const;

interface Window {
  place: RankedMember;
  above: number;
  below: number;
}

interface SentCounts {
  version: string;
  /** Score and members by turns. */
  counts: number[] | null;
  top: TopPage | null;
}

/** Chunks without their changes, whose bytes stand one behind the other. */
interface SentChunk {
  key: string;
  members: number;
  bytes: number;
}

export class RemoteBoards implements Boards {
  readonly changesMax = limits.leaderboardChangesMaxRedis;
  readonly #caller: Pick<OwnerCaller, "ask">;

  constructor(caller: Pick<OwnerCaller, "ask">) {
    this.#caller = caller;
  }

  apply(shardId: string, chunks: Chunk[]): Promise<(ChunkOutcome | ShardRefused)[]> {
    const { sent, bytes } = sentChunks(chunks);
    return this.#ask(shardId, ABILITIES.apply, sent, limits.boardApplyMsMax, bytes);
  }

  standings(shardId: string, members: string[]): Promise<Standing[]> {
    return this.#ask(shardId, ABILITIES.standings, members);
  }

  around(
    shardId: string,
    place: RankedMember,
    above: number,
    below: number,
  ): Promise<RankedRow[]> {
    return this.#ask(shardId, ABILITIES.around, { place, above, below } satisfies Window);
  }

  async counts(shardId: string, knownVersion: string): Promise<ShardCounts> {
    const sent = await this.#ask<SentCounts>(shardId, ABILITIES.counts, knownVersion);
    return { ...sent, counts: sent.counts && pairsOf(sent.counts) };
  }

  rebuild(shardId: string): Promise<{ outcome: "done" } | ShardRefused> {
    return this.#ask(shardId, ABILITIES.rebuild, null, limits.boardRebuildMsMax);
  }

  freeze(shardId: string, isFrozen: boolean): Promise<{ outcome: "done" } | ShardRefused> {
    return this.#ask(shardId, ABILITIES.freeze, isFrozen, limits.boardApplyMsMax);
  }

  #ask<T>(
    shardId: string,
    ability: string,
    body: unknown,
    deadlineMs: number = limits.boardAskMsMax,
    bytes?: Uint8Array,
  ): Promise<T> {
    return this.#caller.ask(shardId, ability, body, deadlineMs, bytes) as Promise<T>;
  }
}

/** The same abilities, answered by the shards of this process. */
export function boardAbilities(boards: Boards) {
  return {
    [ABILITIES.apply]: (shardId: string, sent: SentChunk[], bytes: Uint8Array) =>
      boards.apply(shardId, chunksOf(sent, bytes)),
    [ABILITIES.standings]: (shardId: string, members: string[]) =>
      boards.standings(shardId, members),
    [ABILITIES.around]: (shardId: string, { place, above, below }: Window) =>
      boards.around(shardId, place, above, below),
    [ABILITIES.counts]: async (shardId: string, knownVersion: string): Promise<SentCounts> => {
      const { counts, ...rest } = await boards.counts(shardId, knownVersion);
      return {
        ...rest,
        counts: counts && counts.flatMap(({ score, members }) => [score, members]),
      };
    },
    [ABILITIES.rebuild]: (shardId: string) => boards.rebuild(shardId),
    [ABILITIES.freeze]: (shardId: string, isFrozen: boolean) => boards.freeze(shardId, isFrozen),
  };
}

/** Parts go to the shards of several boards: packed for the first of them. */
const packed = new WeakMap<object, PackedChanges>();

function packedOnce(changes: Changes): PackedChanges {
  const found = packed.get(changes) ?? packedChanges(changes);
  packed.set(changes, found);
  return found;
}

function sentChunks(chunks: Chunk[]): { sent: SentChunk[]; bytes: Uint8Array } {
  const changes = chunks.map(({ changes }) => packedOnce(changes));
  const sent = chunks.map(({ key }, at) => {
    const { members, bytes } = changes[at]!;
    return { key, members, bytes: bytes.length };
  });
  return { sent, bytes: Buffer.concat(changes.map(({ bytes }) => bytes)) };
}

function chunksOf(sent: SentChunk[], all: Uint8Array): Chunk[] {
  let at = 0;
  return sent.map(({ key, members, bytes }) => {
    const changes = { members, bytes: all.subarray(at, at += bytes) };
    return { key, changes };
  });
}

function pairsOf(numbers: number[]): ScoreCount[] {
  return Array.from({ length: numbers.length / 2 }, (_, at) => ({
    score: numbers[2 * at]!,
    members: numbers[2 * at + 1]!,
  }));
}
