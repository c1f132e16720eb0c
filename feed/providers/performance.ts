/**
 * One playing of a bundled match: which fact is due when.
 *
 * Pure: a performance is fixed by its kick-off and speed, so what is sent again
 * after a failure is the same to the byte.
 */
import { type BundledMatch, scheduledFact } from "../bundled_match.ts";

export interface DueFact {
  /** Milliseconds since 1970. */
  dueAt: number;
  value: Record<string, unknown>;
}

export interface Performance {
  matchId: string;
  match: BundledMatch;
  kickoffAt: number;
  finalWhistleAt: number;
  /** In the order in which they are due; the first is the fixture. */
  facts: DueFact[];
}

/** The first round has the match's own name. */
export function roundId(match: BundledMatch, round: number): string {
  return round === 1 ? match.id : `${match.id}-r${round}`;
}

/** @param speed seconds of the match that pass in one second */
export function stage(
  match: BundledMatch,
  round: number,
  kickoffAt: number,
  speed: number,
  now: number,
): Performance {
  const wallTime = (at: number) => kickoffAt + Math.round(at * 1000 / speed);
  const facts = match.facts.map(({ at, value }) => ({
    dueAt: wallTime(at),
    value: { ...value, occurredAt: wallTime(at) },
  }));
  const announcedAt = Math.min(now, facts[0]!.dueAt);
  const fixture = { ...match.scheduled, kickoffAt, clockRate: speed };
  return {
    matchId: roundId(match, round),
    match,
    kickoffAt,
    finalWhistleAt: wallTime(match.finalWhistleAt),
    facts: [{ dueAt: announcedAt, value: scheduledFact(fixture, announcedAt) }, ...facts],
  };
}

export function isLive({ kickoffAt, finalWhistleAt }: Performance, now: number): boolean {
  return kickoffAt <= now && now < finalWhistleAt;
}

/** How many of its facts are due. */
export function dueCount({ facts }: Performance, now: number): number {
  const next = facts.findIndex(({ dueAt }) => dueAt > now);
  return next === -1 ? facts.length : next;
}
