/**
 * Runs and chunks of settlements as rows and back.
 */
import type { RunChunk, SettlementRun } from "../../actors/ports/settlements.ts";
import type { SettlementChunkTable } from "./tables/settlement_chunk.ts";
import type { SettlementRunTable } from "./tables/settlement_run.ts";

export function runOf(row: SettlementRunTable): SettlementRun {
  return {
    matchId: row.match_id,
    run: row.run,
    state: row.state,
    ledgerSeq: row.ledger_seq,
    rulesVersion: row.rules_version,
    lockAt: row.lock_at,
    holdUntil: row.hold_until,
    outcomes: JSON.parse(row.outcomes),
    outcomeKey: row.outcome_key,
    predictions: row.predictions,
    setAside: JSON.parse(row.set_aside),
    boards: JSON.parse(row.boards),
    held: row.held_by === null ? null : { by: row.held_by, reason: row.held_reason ?? "" },
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}

export function rowOfRun(run: SettlementRun): SettlementRunTable {
  return {
    match_id: run.matchId,
    run: run.run,
    state: run.state,
    ledger_seq: run.ledgerSeq,
    rules_version: run.rulesVersion,
    lock_at: run.lockAt,
    hold_until: run.holdUntil,
    outcomes: JSON.stringify(run.outcomes),
    outcome_key: run.outcomeKey,
    predictions: run.predictions,
    set_aside: JSON.stringify(run.setAside),
    boards: JSON.stringify(run.boards),
    held_by: run.held?.by ?? null,
    held_reason: run.held?.reason ?? null,
    created_at: run.createdAt,
    ended_at: run.endedAt,
  };
}

export function chunkOf(row: SettlementChunkTable): RunChunk {
  return {
    run: row.run,
    number: row.chunk,
    after: row.after_user,
    upTo: row.up_to_user,
    entries: row.entries,
    points: row.points,
    isWritten: row.written_at !== null,
    isRanked: row.ranked_at !== null,
  };
}
