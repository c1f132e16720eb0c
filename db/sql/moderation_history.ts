/**
 * The global log's way into SQL as its loop asks for it.
 *
 * An action is in force without SQL, so nobody waits for it: entries are handed
 * to the writer, which tries until SQL has them. A claim, a batch of nothing, is
 * waited for; and what SQL refuses is told, as its owner was a stale one.
 */
import type { Committed } from "../../actors/actor_definition.ts";
import type { GlobalEntryBody } from "../../actors/moderation/global_log_entry.ts";
import type { History } from "../../actors/ports/history.ts";
import { partitionOf } from "../../actors/ports/partition.ts";
import type { HistoryWriter } from "./history_writer.ts";
import type { GlobalLine, ModerationStore } from "./moderation_store.ts";

const PAGE_ENTRIES = 1_000;

export class ModerationHistory implements History<GlobalEntryBody> {
  readonly #writer: HistoryWriter<GlobalLine>;
  readonly #store: ModerationStore;
  readonly #refused: (error: unknown) => void;

  constructor(
    writer: HistoryWriter<GlobalLine>,
    store: ModerationStore,
    refused: (error: unknown) => void,
  ) {
    this.#writer = writer;
    this.#store = store;
    this.#refused = refused;
  }

  async write(log: string, fence: number, entries: Committed<GlobalEntryBody>[]): Promise<void> {
    const lines = entries.map((entry) => ({ ...entry, body: JSON.stringify(entry.body) }));
    const written = this.#writer.write(log, partitionOf(log), fence, lines);
    if (lines.length === 0) return await written;
    written.catch(this.#refused);
  }

  top(): Promise<number> {
    return this.#store.top();
  }

  unconfirmed(log: string): Committed<GlobalEntryBody>[] {
    return this.#writer.waiting(log).map((line) => ({ ...line, body: JSON.parse(line.body) }));
  }

  async after(_log: string, seq: number): Promise<Committed<GlobalEntryBody>[]> {
    const entries: Committed<GlobalEntryBody>[] = [];
    for (;;) {
      const last = entries.at(-1)?.seq ?? seq;
      const page = await this.#store.entriesAfter(last, PAGE_ENTRIES);
      entries.push(...page);
      if (page.length < PAGE_ENTRIES) return entries;
    }
  }
}
