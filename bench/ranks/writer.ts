/**
 * A settlement's traffic, as a process of its own: chunks at a steady rate to
 * the owner of the shards, until it is told to stop.
 */
import { shardChunks } from "../../actors/leaderboard/shard_chunks.ts";
import { pause, systemClock } from "../../runtime/clock.ts";
import { assert } from "../../runtime/failure.ts";
import type { RemoteBoards } from "../../supervisors/remote_boards.ts";
import { obey } from "../load_process.ts";
import { BOARD, CHANGES, changesOf } from "./board_load.ts";
import { connectBoards } from "./shared_board.ts";

export interface Pace {
  fans: number;
  updatesPerSecond: number;
  firstChunk: number;
}

export interface Written {
  /** Chunks from `firstChunk` on that were all applied. */
  chunks: number;
  updatesPerSecond: number;
}

let boards: RemoteBoards;
let isWriting = false;
let writing: Promise<Written>;

obey({
  async open(url: string): Promise<void> {
    ({ boards } = await connectBoards(url, "writer"));
  },
  begin(pace: Pace): void {
    isWriting = true;
    writing = write(pace);
  },
  async stop(): Promise<Written> {
    isWriting = false;
    return await writing;
  },
});

async function write({ fans, updatesPerSecond, firstChunk }: Pace): Promise<Written> {
  const beganAt = systemClock.monotonic();
  const elapsed = () => (systemClock.monotonic() - beganAt) / 1_000;
  const underWay: Promise<void>[] = [];
  let chunks = 0;
  while (isWriting) {
    if (chunks * CHANGES >= elapsed() * updatesPerSecond) {
      await pause(systemClock, 1);
      continue;
    }
    underWay.push(apply(firstChunk + chunks, fans));
    chunks += 1;
  }
  const seconds = elapsed();
  await Promise.all(underWay);
  return { chunks, updatesPerSecond: chunks * CHANGES / seconds };
}

async function apply(chunk: number, fans: number): Promise<void> {
  const parts = shardChunks([BOARD], "busy/1", chunk, changesOf(chunk, fans), boards.changesMax);
  const answers = await Promise.all(parts.map((part) => boards.apply(part.shard, [part.chunk])));
  assert(answers.flat().every(({ outcome }) => outcome === "applied"), "each chunk is applied");
}
