/**
 * The ledger's stream beside what SQL holds of it, at the last entry that both
 * have: one comparison is enough, since who went apart once recorded all that
 * follows anew.
 */
import { isDeepStrictEqual } from "node:util";
import { Failure } from "../runtime/failure.ts";
import type { Committed } from "./actor_definition.ts";
import type { Ledger } from "./ledger.ts";
import type { History } from "./ports/history.ts";

export interface Compared<B> {
  /** Up to where SQL has entries. */
  recorded: number;
  /** SQL's, from the last one that both hold on. */
  entries: Committed<B>[];
  /** They hold different entries. */
  isOther: boolean;
  /** The stream was trimmed beyond what SQL has: between the two there is a hole. */
  isBehind: boolean;
}

export async function compared<B>(
  { id, history }: { id: string; history: History<B> },
  ledger: Ledger<B>,
  top: number,
  recorded: number,
): Promise<Compared<B>> {
  const seq = Math.min(top, recorded);
  const from = Math.max(0, seq - 1);
  const entries = await history.after(id, from);
  const ours = await ledger.next(from);
  const [theirs] = entries;
  // A store that lost one of them meanwhile refuses what is built on it.
  const isOther = seq > 0 && ours !== null && theirs !== undefined && !isSameEntry(ours, theirs);
  return { recorded, entries, isOther, isBehind: ours !== null && ours.seq > from + 1 };
}

/** Neither is enough to go on with: nothing is thrown away, an operator decides. */
export function sqlBehind(name: string, recorded: number): Failure {
  return new Failure(
    "ledgerGap",
    `Cannot restore ${name}: its stream begins after what SQL holds (up to ${recorded}), which ` +
      "had more before. Give SQL back what it lost, or remove the stream to go on from SQL",
  );
}

function isSameEntry<B>(a: Committed<B>, b: Committed<B>): boolean {
  const plain = ({ body }: Committed<B>) => JSON.parse(JSON.stringify(body));
  return a.recordedAt === b.recordedAt && isDeepStrictEqual(plain(a), plain(b));
}
