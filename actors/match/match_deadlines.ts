/**
 * When a match speaks without being told anything: a source that has fallen
 * silent in play, a kick that has waited long enough for an earlier one.
 *
 * Deadlines are absolute and follow from the context, so a restored match has
 * the same ones.
 */
import { limits } from "../../runtime/limits.ts";
import { standing } from "./known_fact.ts";
import type { MatchContext } from "./match_context.ts";
import { OWNER, type OwnerFact, type OwnerFactBody } from "./match_event.ts";
import { ledgerOf } from "./match_ledger.ts";
import type { Phase } from "./match_view.ts";
import { viewOf } from "./view_fold.ts";

/** The next time to wake up, milliseconds since 1970; null: nothing to wait for. */
export function nextDeadline(context: MatchContext, phase: Phase): number | null {
  const due = [silenceDue(context, phase), ...waitingKicks(context).map(({ dueAt }) => dueAt)];
  const times = due.filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}

/** The owner's words that are due at `now`. */
export function wordsAtDeadline(
  context: MatchContext,
  phase: Phase,
  now: number,
): { fact: OwnerFact }[] {
  const words: OwnerFactBody[] = [];
  const silentAt = silenceDue(context, phase);
  if (silentAt !== null && silentAt <= now) {
    words.push({ type: "feed.silenced", since: context.heardAt! });
  }
  const released = waitingKicks(context).filter(({ dueAt }) => dueAt <= now);
  if (released.length > 0) {
    words.push({
      type: "kicks.released",
      upTo: Math.max(...released.map(({ number }) => number)),
    });
  }
  return words.map((body, index) => ({ fact: ownerFact(body, context.seq + 1 + index, now) }));
}

/** The owner's own fact, named by the seq of its entry. */
export function ownerFact(body: OwnerFactBody, seq: number, now: number): OwnerFact {
  return { provider: OWNER, id: `${body.type}-${seq}`, revision: 1, occurredAt: now, ...body };
}

function silenceDue(context: MatchContext, phase: Phase): number | null {
  const { source, heardAt, feedSilentSince } = context;
  if (source === null || heardAt === null || feedSilentSince !== null) return null;
  if (!viewOf(context, phase).running) return null;
  // A source that said nothing at half-time has been silent since play began again.
  return Math.max(heardAt, playToldAt(context)) + limits.feedSilenceMsMax;
}

/** When anyone last said that play begins or goes on, by our own clock. */
function playToldAt(context: MatchContext): number {
  const { facts } = ledgerOf(context);
  const told = [...standing(facts, "period.started"), ...standing(facts, "match.resumed")];
  return Math.max(0, ...told.map(({ recordedAt }) => recordedAt));
}

function waitingKicks(context: MatchContext): { number: number; dueAt: number }[] {
  const { kicks } = ledgerOf(context);
  if (kicks.waiting.length === 0) return [];
  const waits: { number: number; dueAt: number }[] = [];
  for (const { shadowed, recordedAt, fact } of context.told) {
    if (shadowed || fact.type !== "shootout.kicked") continue;
    if (!kicks.waiting.includes(fact.number)) continue;
    waits.push({ number: fact.number, dueAt: recordedAt + limits.kickWaitMsMax });
  }
  return waits;
}
