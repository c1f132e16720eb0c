/**
 * The children that settle matches and say how their boards would stand now.
 *
 * In every process with SQL that is no owner alone: each settles the matches
 * whose lease it is granted; of all of them one projects.
 */
import { limits } from "../runtime/limits.ts";
import type { TreeOptions } from "./built.ts";
import { type Child, type ChildSpec, lastingChild } from "./child_spec.ts";
import { StandBy } from "./stand_by.ts";

export function settlements({ config, parts, built, node, faults }: TreeOptions): ChildSpec {
  return child("settlements", async () => {
    const { hot, readers, sql, anyOwners, boards } = built;
    const { reader, directory, signal, voice } = readers;
    // Loaded where matches are settled: a gateway has no use for it.
    const { SettlementSupervisor } = await import("./settlement_supervisor.ts");
    const supervisor = await SettlementSupervisor.start({
      ...parts,
      ...{ node, reader, directory, signal, voice, boards },
      cells: hot.cells,
      settlements: sql.settlements,
      owners: anyOwners,
      holdMs: config.settlementHoldMs,
      ...(config.mode === "development"
        ? { faultHook: (moment, matchId) => faults.atSettlement(moment, matchId) }
        : {}),
    });
    built.settlements = supervisor;
    return supervisor;
  });
}

export function projections({ parts, built, node }: TreeOptions): ChildSpec {
  return child("projections", async () => {
    const { reader, directory, signal, voice } = built.readers;
    const { Projector } = await import("./projector.ts");
    const work = (): Child => {
      const projector = new Projector({
        ...parts,
        ...{ reader, directory, signal, voice, settlements: built.sql.settlements },
      });
      const { exited, stop } = lastingChild(() => projector.stop());
      projector.start();
      return { exited, stop };
    };
    const { cells } = built.hot;
    return await StandBy.start({
      ...{ cells, clock: parts.clock, key: "lease/projections", holder: node },
      work,
    });
  });
}

function child(id: string, start: () => Promise<Child>): ChildSpec {
  return { id, start, restart: "permanent", shutdownMs: 2 * limits.shutdownMsMax };
}
