/**
 * The children that leaderboards and groups are made of, by who owns shards, who
 * reads boards and who tells them.
 */
import { BoardDirectory } from "../channels/board_directory.ts";
import { BoardReader } from "../channels/board_reader.ts";
import { BoardSignal } from "../channels/board_signal.ts";
import { limits } from "../runtime/limits.ts";
import { BoardVoice } from "./board_voice.ts";
import type { TreeOptions } from "./built.ts";
import { type Child, type ChildSpec, crash, lastingChild } from "./child_spec.ts";
import { LeaderboardSupervisor } from "./leaderboard_supervisor.ts";
import { boardAbilities, RemoteBoards } from "./remote_boards.ts";
import { groupAbilities, RemoteGroups } from "./remote_groups.ts";
import { StandBy } from "./stand_by.ts";

/** Shards of this process; before its "placement", whose partitions decide which. */
export function leaderboards(
  { parts, built }: TreeOptions,
  fenceOf: (shardId: string) => number | null,
): ChildSpec {
  return child("leaderboards", async () => {
    const { ranking: rankings, cells, broker } = built.hot;
    const signal = new BoardSignal(broker, parts.clock);
    const boards = await LeaderboardSupervisor.start({
      ...parts,
      ...{ rankings, cells, fenceOf, points: built.sql.points },
      changed: (boardId) => signal.changed(boardId),
    });
    built.leaderboards = boards;
    built.boards = boards;
    built.kinds.push(boards);
    Object.assign(built.abilities, boardAbilities(boards), groupAbilities(built.sql.groups));
    return {
      exited: boards.exited,
      async stop(reason) {
        built.kinds.splice(built.kinds.indexOf(boards), 1);
        signal.close();
        await boards.stop(reason);
      },
    };
  });
}

/** Boards and groups as this process reads them: asking whoever owns them, where it does not. */
export function boards({ config, parts, built }: TreeOptions): ChildSpec {
  return child("boards", () => {
    const { readers, caller } = built;
    if (config.redisUrl !== null) built.boards = new RemoteBoards(caller!);
    built.groups = built.sql?.groups ?? new RemoteGroups(caller!);
    const directory = new BoardDirectory(readers.reader, readers.directory, parts.clock);
    const reader = new BoardReader({
      ...{ boards: built.boards, clock: parts.clock },
      exists: (boardId) => directory.has(boardId),
    });
    built.boardReader = reader;
    return Promise.resolve(lastingChild(() => reader.close()));
  });
}

/** Of all processes that could, one tells what boards there are. */
export function boardVoice({ parts, built, node }: TreeOptions): ChildSpec {
  return child("boardVoice", () => {
    const { cells, broker } = built.hot;
    const work = () =>
      telling(
        new BoardVoice({
          ...parts,
          boards: built.boardReader,
          voice: built.readers.voice,
          signal: new BoardSignal(broker, parts.clock),
        }),
      );
    return StandBy.start({
      ...{ cells, clock: parts.clock, key: "lease/boards", holder: node },
      work,
    });
  });
}

function telling(voice: BoardVoice): Child {
  const { exited, stop } = lastingChild(() => voice.stop());
  const failed = voice.begin().then(() => exited, crash);
  return { stop, exited: Promise.race([exited, failed]) };
}

function child(id: string, start: () => Promise<Child>): ChildSpec {
  return { id, start, restart: "permanent", shutdownMs: 2 * limits.shutdownMsMax };
}
