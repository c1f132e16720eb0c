/**
 * A ledger entry as a row and back.
 *
 * The fact is kept as the text it came as; the columns beside it repeat what is
 * searched for and are never read back.
 */
import type { MatchEntry } from "../../actors/match/match_event.ts";
import type { MatchLedgerTable } from "./tables/match_ledger.ts";

export function rowOf(matchId: string, fence: number, entry: MatchEntry): MatchLedgerTable {
  const { type, provider, id, revision, occurredAt } = entry.fact;
  return {
    match_id: matchId,
    seq: entry.seq,
    fence,
    type,
    provider,
    fact_id: id,
    revision,
    occurred_at: occurredAt,
    recorded_at: entry.recordedAt,
    shadowed: entry.shadowed ? 1 : 0,
    trace: entry.trace ?? null,
    body: JSON.stringify(entry.fact),
  };
}

export function entryOf(row: MatchLedgerTable): MatchEntry {
  return {
    seq: row.seq,
    recordedAt: row.recorded_at,
    ...row.shadowed ? { shadowed: true as const } : {},
    fact: JSON.parse(row.body),
    ...row.trace === null ? {} : { trace: row.trace },
  };
}
