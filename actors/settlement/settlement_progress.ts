/**
 * How far a settlement has come, as everybody may be told: from its run, its
 * machine, and how many of its chunks every board has.
 */
import type { SnapshotFrom } from "xstate";
import type { SettlementRun } from "../ports/settlements.ts";
import type { settlementMachine, SettlementPhase } from "./settlement_machine.ts";
import { chunksLeft } from "./settlement_run.ts";

export interface SettlementProgress {
  phase: SettlementPhase;
  run: number;
  chunks: number;
  committed: number;
  ranked: number;
  predictions: number;
  setAside: number;
  holdUntil: number;
  /** Why held; empty where it is not. */
  reason: string;
}

export function progressOf(
  { run, predictions, setAside, holdUntil }: SettlementRun,
  { value, context }: SnapshotFrom<typeof settlementMachine>,
  { chunks, ranked }: { chunks: number; ranked: number },
): SettlementProgress {
  return {
    phase: value,
    run,
    chunks,
    committed: chunks - chunksLeft(context).length,
    ranked,
    predictions,
    setAside: setAside.length,
    holdUntil,
    reason: context.held?.reason ?? "",
  };
}
