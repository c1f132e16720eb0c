/**
 * The tree of one process that does everything, in the order in which it
 * starts: stores, the right to write, history, owners, feed, doors, replay.
 *
 * `rest_for_one`: whatever breaks takes with it what was built on it, and
 * nothing else. Each child builds on what those before it left in `built`, and
 * leaves its own; the order of the list is the order of the arrows.
 */
import { loadBundledMatches } from "../feed/bundled_match.ts";
import { Replay } from "../feed/providers/replay.ts";
import { limits } from "../runtime/limits.ts";
import type { TreeOptions } from "./built.ts";
import { type Child, type ChildSpec, lastingChild } from "./child_spec.ts";
import { openAdmin, openDoor } from "./doors.ts";
import { FaultHook } from "./fault_hook.ts";
import { Lease } from "./lease.ts";
import { operatorToken } from "./operator_key.ts";
import { Quarantine } from "./quarantine.ts";
import { announceServer } from "./running_server.ts";
import { openEmbeddedStores } from "./stores.ts";
import {
  matchesToWake,
  type Owners,
  type Readers,
  wireFeed,
  wireHistory,
  wireOwners,
  wireReaders,
} from "./wiring.ts";

export function treeOf(options: TreeOptions): ChildSpec[] {
  const { config, parts, telemetry, built, holder } = options;
  const { clock, random, events } = parts;
  // They outlive every restart: what they remember is about restarts.
  const quarantine = new Quarantine();
  const faults = new FaultHook(config.faultCrashMatch);
  const isDevelopment = config.mode === "development";
  const token = isDevelopment ? operatorToken(config.data, random) : null;

  return [
    child("stores", async () => {
      built.stores = await openEmbeddedStores(config.data, parts);
      built.readers = wireReaders(built.stores, parts);
      return lastingChild(() => built.stores.close());
    }),
    child("lease", async () => {
      const { cells } = built.stores;
      built.lease = await Lease.acquire({ cells, clock, key: "lease/all", holder });
      return built.lease;
    }),
    child("history", () => {
      built.histories = wireHistory(built.stores, parts);
      const { writer } = built.histories;
      telemetry.observeGauge("golazo_ledger_behind", () => writer.pending());
      return lasting(async () => void await writer.drain(limits.shutdownMsMax));
    }),
    child("owners", async () => {
      built.owners = await wireOwners({
        stores: built.stores,
        readers: built.readers,
        history: built.histories.history,
        token: built.lease.token,
        quarantine,
        faultHook: (matchId) => faults.beforeTransition(matchId),
      }, parts);
      const { matches } = built.owners;
      try {
        for (const matchId of await matchesToWake(built.stores, built.readers, built.owners)) {
          await matches.wake(matchId);
        }
      } catch (error) {
        await matches.stop("not all matches could be woken");
        throw error;
      }
      return matches;
    }),
    child("feed", async () => {
      built.feed = wireFeed(built.owners, parts);
      const { delivery } = built.feed;
      await delivery.start();
      return lastingChild(() => delivery.stop());
    }),
    child("admin", async () => {
      built.admin = await openAdmin({ ...options, faults: isDevelopment ? faults : null, token });
      const { host } = config.adminListen;
      const withdraw = announceServer(config.data, `http://${host}:${built.adminPort}`);
      return lastingChild(async () => {
        withdraw();
        await built.admin.stop(limits.shutdownMsMax);
      });
    }),
    child("gateway", async () => {
      built.gateway = await openDoor(options);
      return lastingChild(() => built.gateway.stop(limits.shutdownMsMax));
    }),
    ...(config.replaySpeed > 0 && Object.keys(config.feedSecrets).length === 0
      ? [child("replay", async () => {
        const { owners, feed, readers } = built;
        const replay = new Replay({
          ...parts,
          matches: await loadBundledMatches(),
          speed: config.replaySpeed,
          intake: feed.intake,
          owners: owners.matches,
          onRetired: (matchId) => void retire(matchId, readers, owners),
        });
        await replay.start();
        return lastingChild(() => replay.stop());
      })]
      : []),
  ];

  async function retire(matchId: string, readers: Readers, owners: Owners): Promise<void> {
    await readers.directory.remove(matchId).catch((error) =>
      events.warned(`Cannot take ${matchId} out of the list: ${error}`)
    );
    await owners.matches.passivate(matchId);
  }
}

function child(id: string, start: () => Promise<Child>): ChildSpec {
  return { id, start, restart: "permanent", shutdownMs: 2 * limits.shutdownMsMax };
}

function lasting(close: () => Promise<void>): Promise<Child> {
  return Promise.resolve(lastingChild(close));
}
