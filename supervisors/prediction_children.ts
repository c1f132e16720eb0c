/**
 * The children that take predictions and tell of the crowd.
 *
 * Whoever has SQL takes them itself and answers others that have none; a public
 * door collects them into batches. One process with SQL tells how the crowd picks.
 */
import { CrowdTally } from "../channels/crowd_tally.ts";
import { MarketPages } from "../channels/market_pages.ts";
import { PredictableMatches } from "../gateway/predictable_matches.ts";
import { PredictionBatches } from "../gateway/prediction_batches.ts";
import { PredictionDesk } from "../gateway/prediction_desk.ts";
import { limits } from "../runtime/limits.ts";
import type { TreeOptions } from "./built.ts";
import { type Child, type ChildSpec, crash, lastingChild } from "./child_spec.ts";
import { CrowdKeeper } from "./crowd_keeper.ts";
import { predictionAbilities, RemotePredictions } from "./remote_predictions.ts";
import { StandBy } from "./stand_by.ts";
import { TalliedPredictions } from "./tallied_predictions.ts";

/** In this process's SQL; asked of others by their abilities. */
export function predictions({ parts, built }: TreeOptions): ChildSpec {
  return child("predictions", () => {
    const tally = new CrowdTally(built.hot.broker, parts.clock);
    built.predictions = new TalliedPredictions(built.sql.predictions, tally);
    Object.assign(built.abilities, predictionAbilities(built.predictions));
    return Promise.resolve(lastingChild(() => tally.tell()));
  });
}

/** Asked of a process with SQL. */
export function remotePredictions({ built }: TreeOptions): ChildSpec {
  return child("predictions", () => {
    built.predictions = new RemotePredictions(built.caller!);
    return Promise.resolve(lastingChild(() => {}));
  });
}

/** Where fans bring theirs. */
export function predictionDoor({ parts: { clock }, built }: TreeOptions): ChildSpec {
  return child("predictionDoor", async () => {
    const { hot, readers, predictions } = built;
    const matches = new PredictableMatches(readers.reader, clock);
    const batches = new PredictionBatches(predictions, clock);
    const leave = await readers.signal.hear(
      (matchId) => matches.changed(matchId),
      () => Promise.resolve(matches.allChanged()),
    );
    built.predictionDoor = {
      desk: new PredictionDesk({ matches, batches, clock }),
      pages: new MarketPages({ reader: readers.reader, cells: hot.cells, clock }),
    };
    return lastingChild(async () => {
      leave();
      await batches.stop();
    });
  });
}

/** How the crowd picks, and what can be picked: told by one process of many. */
export function crowd({ config, parts, built, node }: TreeOptions): ChildSpec {
  const keeping = (): Child => {
    const { hot, readers, sql } = built;
    const keeper = new CrowdKeeper({ ...parts, hot, readers, store: sql.predictions });
    const { exited, stop } = lastingChild(() => keeper.stop());
    // At work from the first moment on, however long the first look at all matches takes.
    const failed = keeper.start().then(() => exited, crash);
    return { stop, exited: Promise.race([exited, failed]) };
  };
  return child(
    "crowd",
    () =>
      config.redisUrl === null ? Promise.resolve(keeping()) : StandBy.start({
        ...{ cells: built.hot.cells, clock: parts.clock, key: "lease/crowd", holder: node },
        work: keeping,
      }),
  );
}

function child(id: string, start: () => Promise<Child>): ChildSpec {
  return { id, start, restart: "permanent", shutdownMs: 2 * limits.shutdownMsMax };
}
