/**
 * A ledger read to its end, also where its stream was trimmed: what the stream
 * does not hold any more comes from SQL, which had it before it was trimmed.
 *
 * An owner that was replaced may still be trimming while its successor reads, so
 * what was read is looked at for holes and not the stream's first position.
 */
import { Failure } from "../runtime/failure.ts";
import type { Committed } from "./actor_definition.ts";
import type { Ledger } from "./ledger.ts";
import type { History } from "./ports/history.ts";

/** Every entry after `seq`. @throws {Failure} `ledgerIncomplete` (retryable), and SQL's own. */
export async function wholeLedgerAfter<B>(
  ledger: Ledger<B>,
  history: History<B>,
  id: string,
  seq: number,
): Promise<Committed<B>[]> {
  const held = await ledger.after(seq);
  if (isWhole(held, seq) && (held.length > 0 || await isTop(ledger, seq))) return held;
  const recorded = await history.after(id, seq);
  const reached = recorded.at(-1)?.seq ?? seq;
  const whole = [...recorded, ...held.filter((entry) => entry.seq > reached)];
  if (isWhole(whole, seq)) return whole;
  const found = `SQL has them up to ${reached}, the stream from ${held[0]?.seq ?? "nowhere"} on`;
  throw new Failure("ledgerIncomplete", `Cannot read ${ledger.name} after ${seq}: ${found}`, {
    retryable: true,
  });
}

function isWhole<B>(entries: Committed<B>[], after: number): boolean {
  return entries.every(({ seq }, at) => seq === after + 1 + at);
}

async function isTop<B>(ledger: Ledger<B>, seq: number): Promise<boolean> {
  return ((await ledger.position())?.top ?? 0) <= seq;
}
