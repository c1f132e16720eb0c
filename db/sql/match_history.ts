/**
 * The matches' way into SQL as their owners' loops ask for it.
 *
 * Puts the History port over the writer and the store: a match's partition is
 * known here, so a loop only knows its own fence.
 */
import type { Committed } from "../../actors/actor_definition.ts";
import type { MatchEntryBody } from "../../actors/match/match_actor.ts";
import type { MatchEntry } from "../../actors/match/match_event.ts";
import type { History } from "../../actors/ports/history.ts";
import type { MatchRecords } from "../../actors/ports/records.ts";
import type { HistoryWriter } from "./history_writer.ts";

/** Entries read at a time: a match has up to 2,000. */
const PAGE_ENTRIES = 1_000;

function committed({ seq, recordedAt, ...body }: MatchEntry): Committed<MatchEntryBody> {
  return { seq, recordedAt, body };
}

export class MatchHistory implements History<MatchEntryBody> {
  readonly #writer: HistoryWriter;
  readonly #records: MatchRecords;
  readonly #partitionOf: (matchId: string) => number;

  constructor(
    writer: HistoryWriter,
    records: MatchRecords,
    partitionOf: (matchId: string) => number,
  ) {
    this.#writer = writer;
    this.#records = records;
    this.#partitionOf = partitionOf;
  }

  write(matchId: string, fence: number, entries: Committed<MatchEntryBody>[]): Promise<void> {
    const lines = entries.map(({ body, ...place }) => ({ ...place, ...body }));
    return this.#writer.write(matchId, this.#partitionOf(matchId), fence, lines);
  }

  top(matchId: string): Promise<number> {
    return this.#records.top(matchId);
  }

  unconfirmed(matchId: string): Committed<MatchEntryBody>[] {
    return this.#writer.waiting(matchId).map(committed);
  }

  async after(matchId: string, seq: number): Promise<Committed<MatchEntryBody>[]> {
    const entries: Committed<MatchEntryBody>[] = [];
    for (;;) {
      const last = entries.at(-1)?.seq ?? seq;
      const page = await this.#records.entriesAfter(matchId, last, PAGE_ENTRIES);
      entries.push(...page.map(committed));
      if (page.length < PAGE_ENTRIES) return entries;
    }
  }
}
