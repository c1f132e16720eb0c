/**
 * The children that processes are made of, each built on what those before it
 * left in `built`. Which of them a process has is its role's.
 */
import { PARTITIONS } from "../actors/ports/partition.ts";
import { OwnerCaller, OwnerDoors } from "../channels/owner_call.ts";
import { type BundledMatch, loadBundledMatches } from "../feed/bundled_match.ts";
import { Replay } from "../feed/providers/replay.ts";
import { reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { TreeOptions } from "./built.ts";
import { type Child, type ChildSpec, crash, lastingChild } from "./child_spec.ts";
import { DeadLetters } from "./dead_letters.ts";
import { openAdmin, openDoor } from "./doors.ts";
import { leaderboards } from "./leaderboard_children.ts";
import { Lease } from "./lease.ts";
import { ownedModeration } from "./moderation_children.ts";
import { PartitionKeeper } from "./partition_keeper.ts";
import { Placement } from "./placement.ts";
import { rehearse } from "./rehearsal.ts";
import { abilitiesOf, RemoteOwners } from "./remote_owners.ts";
import { ownedRooms } from "./room_children.ts";
import { announceServer } from "./running_server.ts";
import { StandBy } from "./stand_by.ts";
import { openHotStores, openSqlStores } from "./stores.ts";
import { openTokens } from "./tokens.ts";
import { unequalMatches, wireFeed, wireHistory, wireOwners, wireReaders } from "./wiring.ts";

export function hotStores({ config, parts, built, telemetry }: TreeOptions): ChildSpec {
  return child("stores", async () => {
    built.hot = await openHotStores(config, parts);
    built.readers = wireReaders(built.hot, parts);
    built.deadLetters = new DeadLetters(built.hot.streams, parts.events);
    telemetry.observeGauge("golazo_dead_letters", () => built.deadLetters.count());
    return lastingChild(() => built.hot.close());
  });
}

/** Whom the doors believe; every process has one door at least, the operators'. */
export function tokens(options: TreeOptions): ChildSpec {
  return child("tokens", async () => {
    const opened = await openTokens(options, options.built.hot);
    options.built.tokens = opened;
    return lastingChild(() => opened.revocations.close());
  });
}

export function sqlStores({ config, parts, built }: TreeOptions): ChildSpec {
  return child("sql", async () => {
    built.sql = await openSqlStores(config, parts);
    return lastingChild(() => built.sql.close());
  });
}

export function history({ parts, built, telemetry }: TreeOptions): ChildSpec {
  return child("history", () => {
    const histories = wireHistory(built.sql, parts);
    built.histories = histories;
    telemetry.observeGauge("golazo_ledger_behind", () => histories.writer.pending());
    const stop = async () => void await histories.writer.drain(limits.shutdownMsMax);
    return Promise.resolve(lastingChild(stop));
  });
}

/** Owners of everything: the one process on its data folder, under one lease. */
export function soleOwners(options: TreeOptions): ChildSpec[] {
  const { parts, built, node, telemetry } = options;
  let lease: Lease;
  let rehearsed: Promise<unknown> | null = null;
  return [
    child("lease", async () => {
      const { cells } = built.hot;
      // A dead process's lease has to run out: time enough.
      rehearsed ??= rehearse(parts).catch((error) =>
        parts.events.warned(`Cannot rehearse, so the first goals are slower: ${reasonOf(error)}`)
      );
      lease = await Lease.acquire({ cells, clock: parts.clock, key: "lease/all", holder: node });
      await rehearsed;
      telemetry.observeGauge("golazo_owned_partitions", () => PARTITIONS);
      return lease;
    }),
    child("owners", async () => {
      const { matches, intakeQueue } = await startOwners(options, () => lease.token);
      built.anyOwners = matches;
      try {
        const unequal = await unequalMatches(built.hot, built.sql, built.readers, () => true);
        for (const matchId of new Set([...unequal, ...await intakeQueue.matches()])) {
          await matches.wake(matchId);
        }
      } catch (error) {
        await matches.stop("not all matches could be woken");
        throw error;
      }
      return matches;
    }),
    leaderboards(options, () => lease.token),
    ownedRooms(options, () => lease.token),
    ownedModeration(options, () => lease.token),
  ];
}

/** Owners of a share: of the partitions that this node holds the leases of. */
export function placedOwners(options: TreeOptions): ChildSpec[] {
  const { parts, built, node, telemetry } = options;
  const fenceOf = (entityId: string) => built.placement?.tokenOf(entityId) ?? null;
  const isOwned = (matchId: string) => fenceOf(matchId) !== null;
  return [
    child("owners", async () => {
      const { matches } = await startOwners(options, fenceOf);
      Object.assign(built.abilities, abilitiesOf(matches));
      return matches;
    }),
    leaderboards(options, fenceOf),
    ownedRooms(options, fenceOf),
    ownedModeration(options, fenceOf),
    child("placement", async () => {
      const { matches, intakeQueue } = built.owners!;
      const keeper = new PartitionKeeper({
        ...parts,
        matches,
        intake: intakeQueue,
        directory: built.readers.directory,
        kinds: built.kinds,
        doors: new OwnerDoors(built.hot.broker, built.abilities),
        unequal: (isAsked) => unequalMatches(built.hot, built.sql, built.readers, isAsked),
        isOwned,
      });
      const placement = new Placement({
        ...parts,
        cells: built.hot.cells,
        node,
        gained: (partition) => keeper.gained(partition),
        lost: (partition) => keeper.lost(partition),
      });
      built.placement = placement;
      telemetry.observeGauge("golazo_owned_partitions", () => placement.partitions().length);
      await placement.begin();
      return {
        exited: placement.exited,
        async stop() {
          keeper.stop();
          await placement.stop();
        },
      };
    }),
  ];
}

/** Takes facts in for whoever owns their match, wherever that is. */
export function remoteFeed({ parts, built, node }: TreeOptions): ChildSpec[] {
  return [
    child("caller", async () => {
      const caller = await OwnerCaller.open({ broker: built.hot.broker, clock: parts.clock, node });
      built.caller = caller;
      built.anyOwners = new RemoteOwners(built.hot.streams, caller);
      return lastingChild(() => caller.close());
    }),
    child("feed", () => {
      built.feed = wireFeed(built.hot, built.anyOwners, parts);
      // What an earlier process left in the intake its match's owner finds by itself.
      built.feed.delivery.start();
      return Promise.resolve(lastingChild(() => built.feed.delivery.stop()));
    }),
  ];
}

export function localFeed({ parts, built }: TreeOptions): ChildSpec {
  return child("feed", async () => {
    built.feed = wireFeed(built.hot, built.anyOwners, parts);
    await built.feed.delivery.resume();
    built.feed.delivery.start();
    return lastingChild(() => built.feed.delivery.stop());
  });
}

export function admin(options: TreeOptions): ChildSpec {
  const { config, built } = options;
  return child("admin", async () => {
    await options.makeRoom();
    built.admin = await openAdmin(options);
    const { host } = config.adminListen;
    const withdraw = announceServer(config.data, `http://${host}:${built.adminPort}`);
    return lastingChild(async () => {
      withdraw();
      await built.admin.stop(limits.shutdownMsMax);
    });
  });
}

export function gateway(options: TreeOptions): ChildSpec {
  return child("gateway", async () => {
    const opened = await openDoor(options);
    options.built.gateway = opened;
    return lastingChild(() => opened.stop(limits.shutdownMsMax));
  });
}

/** The bundled matches, where no provider is configured; of several processes one plays them. */
export function replay({ config, parts, built, node }: TreeOptions): ChildSpec[] {
  if (config.replaySpeed === 0 || Object.keys(config.feedSecrets).length > 0) return [];
  const replayOf = (matches: BundledMatch[]) => {
    const { readers, feed, anyOwners, owners } = built;
    return new Replay({
      ...parts,
      matches,
      speed: config.replaySpeed,
      intake: feed.intake,
      owners: anyOwners,
      async onRetired(matchId) {
        try {
          await readers.directory.remove(matchId);
          await owners?.matches.passivate(matchId);
        } catch (error) {
          parts.events.warned(`Cannot take ${matchId} out of the list: ${error}`);
        }
      },
    });
  };
  const startAlone = async () => {
    built.isReplaying = () => true;
    const replay = replayOf(await loadBundledMatches());
    await replay.start();
    return lastingChild(() => replay.stop());
  };
  const startAmongOthers = async () => {
    const matches = await loadBundledMatches();
    const { cells } = built.hot;
    const standBy = await StandBy.start({
      ...{ cells, clock: parts.clock, key: "lease/replay", holder: node },
      work: () => playing(replayOf(matches)),
    });
    built.isReplaying = () => standBy.isWorking;
    return standBy;
  };
  return [child("replay", config.redisUrl === null ? startAlone : startAmongOthers)];
}

/** At work from the first moment on: its opening waits for owners, however long those take. */
function playing(replay: Replay): Child {
  const { exited, stop } = lastingChild(() => replay.stop());
  const failed = replay.start().then(() => exited, crash);
  return { stop, exited: Promise.race([exited, failed]) };
}

async function startOwners(options: TreeOptions, fenceOf: (matchId: string) => number | null) {
  const { parts, built, quarantine, faults, telemetry } = options;
  const owners = await wireOwners({
    hot: built.hot,
    readers: built.readers,
    history: built.histories!.history,
    deadLetters: built.deadLetters,
    quarantine,
    fenceOf,
    faultHook: (matchId) => faults.beforeTransition(matchId),
  }, parts);
  built.owners = owners;
  telemetry.observeGauge("golazo_matches_awake", () => owners.matches.awake().length);
  return owners;
}

function child(id: string, start: () => Promise<Child>): ChildSpec {
  return { id, start, restart: "permanent", shutdownMs: 2 * limits.shutdownMsMax };
}
