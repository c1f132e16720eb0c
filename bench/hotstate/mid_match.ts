/**
 * Real matches in the middle of their second half: the bundled ones, folded by
 * the owner's own definition up to the 75th minute.
 */
import type { Committed } from "../../actors/actor_definition.ts";
import { type Folded, genesis, step } from "../../actors/fold.ts";
import { matchDefinition, type MatchEntryBody } from "../../actors/match/match_actor.ts";
import type { MatchUpdate } from "../../actors/match/match_update.ts";
import { parseFact } from "../../actors/match/parse_fact.ts";
import { assert } from "../../runtime/failure.ts";
import { loadBundledMatches, REPLAY, scheduledFact } from "../../feed/bundled_match.ts";

/** Seconds since kick-off: 45 minutes, a break of 17, 30 minutes. */
const CUT_AT_S = 92 * 60;
const KICKOFF_AT = Date.UTC(2026, 0, 1, 20);

const GROWING_BY = 12;

export interface MidMatch {
  folded: Folded<typeof matchDefinition.machine>;
  entries: Committed<MatchEntryBody>[];
  /** What it has published until then, in order. */
  updates: MatchUpdate[];
}

export async function midMatches(): Promise<MidMatch[]> {
  return (await loadBundledMatches()).map(({ id, scheduled, facts }) => {
    const fixture = { ...scheduledFact(scheduled, KICKOFF_AT), kickoffAt: KICKOFF_AT };
    const played = facts.filter(({ at }) => at <= CUT_AT_S).map(({ at, value }) => ({
      ...value,
      occurredAt: KICKOFF_AT + at * 1_000,
    }));
    return foldFacts(id, [fixture, ...played]);
  });
}

/**
 * A match on its way, from twelve facts before to eleven behind, each state with one fact more: what
 * its owner writes in turn. The facts are new objects, so nothing is known of them yet.
 */
export function growing({ snapshot, ...place }: MidMatch["folded"]): MidMatch["folded"][] {
  const { value, context } = snapshot;
  const { told } = context;
  const later = Array.from({ length: GROWING_BY }, () => told.at(-1)!);
  const all = [...told, ...later].map((telling) => ({ ...telling }));
  return Array.from({ length: 2 * GROWING_BY }, (_, more) => {
    const grown = { ...context, told: all.slice(0, told.length - GROWING_BY + more) };
    // A snapshot's methods are of no use to its codec.
    return { ...place, snapshot: { value, context: grown } as typeof snapshot };
  });
}

function foldFacts(matchId: string, facts: Record<string, unknown>[]): MidMatch {
  let folded = genesis(matchDefinition, matchId);
  const entries: Committed<MatchEntryBody>[] = [];
  const updates: MatchUpdate[] = [];
  for (const [intake, value] of facts.entries()) {
    const parsed = parseFact(REPLAY, value, "fact");
    assert("fact" in parsed, "a bundled fact is one");
    const recordedAt = parsed.fact.occurredAt;
    const delivery = { fact: parsed.fact, intake, receivedAt: recordedAt };
    const decision = matchDefinition.decide(folded.snapshot, delivery, recordedAt);
    if (decision.outcome !== "accepted") continue;
    for (const body of decision.entries) {
      const entry = { seq: folded.seq + 1, recordedAt, body };
      const stepped = step(matchDefinition, folded, entry);
      folded = stepped.folded;
      entries.push(entry);
      for (const { offset, update } of stepped.changes) {
        if (offset !== null) updates.push(update);
      }
    }
  }
  return { folded, entries, updates };
}
