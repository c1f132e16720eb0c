/**
 * The rooms' way into SQL: chat goes on while that is away, and only so long.
 *
 * What is written is resolved at once: a room's truth is its ledger, and SQL has
 * it as soon as it can. What SQL refuses is told to the room's next word, whose
 * loop then comes back from what SQL holds. Entries wait as their JSON, texts
 * where they are hot, until they go together; what was removed meanwhile is not
 * there any more.
 */
import type { Committed } from "../../actors/actor_definition.ts";
import type { History } from "../../actors/ports/history.ts";
import { partitionOf } from "../../actors/ports/partition.ts";
import type { RoomEntryBody } from "../../actors/room/room_entry.ts";
import { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { bodiesOf, type ChatLine, committed, lineOf } from "./chat_row.ts";
import type { ChatStore } from "./chat_store.ts";
import type { HistoryWriter } from "./history_writer.ts";

const PAGE_ENTRIES = 1_000;

export class RoomHistory implements History<RoomEntryBody> {
  readonly #store: ChatStore;
  readonly #writer: HistoryWriter<ChatLine>;
  /** What SQL said no to, by room, until the room was told and has claimed its ledger again. */
  readonly #refused = new Map<string, { failure: unknown; isTold: boolean }>();
  /** Characters of the entries that wait. */
  #waitingChars = 0;

  constructor(store: ChatStore, writer: HistoryWriter<ChatLine>) {
    this.#store = store;
    this.#writer = writer;
  }

  async write(room: string, fence: number, entries: Committed<RoomEntryBody>[]): Promise<void> {
    const refused = this.#refused.get(room);
    if (refused !== undefined && entries.length === 0 && refused.isTold) {
      // Who comes back claims what SQL holds, and must know that it has.
      this.#refused.delete(room);
      return await this.#writer.write(room, partitionOf(room), fence, []);
    }
    if (refused !== undefined && !refused.isTold) {
      refused.isTold = true;
      throw refused.failure;
    }
    const lines = entries.map(lineOf);
    const chars = lines.reduce((sum, { body }) => sum + body.length, 0);
    this.#waitingChars += chars;
    this.#writer.write(room, partitionOf(room), fence, lines)
      .catch((failure) => this.#refuse(room, failure))
      .finally(() => this.#waitingChars -= chars);
  }

  top(room: string): Promise<number> {
    return this.#store.top(room);
  }

  async after(room: string, seq: number): Promise<Committed<RoomEntryBody>[]> {
    const entries: Committed<RoomEntryBody>[] = [];
    for (;;) {
      const last = entries.at(-1)?.seq ?? seq;
      const page = await this.#store.entriesAfter(room, last, PAGE_ENTRIES);
      entries.push(...page.map(committed));
      if (page.length < PAGE_ENTRIES) return entries;
    }
  }

  unconfirmed(room: string): Committed<RoomEntryBody>[] {
    return this.#writer.waiting(room).map(committed);
  }

  /** Of the bodies that SQL does not have. */
  unconfirmedKeys(room: string): string[] {
    return this.unconfirmed(room).flatMap(({ body }) => bodiesOf(body).map(({ key }) => key));
  }

  /** Entries that SQL has not confirmed. */
  pending(): number {
    return this.#writer.pending();
  }

  /** As much waits as may: nothing more is taken in until SQL is back. */
  get isFull(): boolean {
    return this.#waitingChars > limits.chatBehindBytesMax ||
      this.#writer.behindMs() > limits.chatBehindMsMax;
  }

  /** Resolves once SQL has all that the room was given before. */
  caughtUp(room: string, fence: number): Promise<void> {
    return this.#writer.write(room, partitionOf(room), fence, []);
  }

  drain(deadlineMs: number): Promise<number> {
    return this.#writer.drain(deadlineMs);
  }

  #refuse(room: string, failure: unknown): void {
    // What the process leaves behind when it ends the ledger has.
    if (failure instanceof Failure && failure.code === "historyStopped") return;
    if (!this.#refused.has(room)) this.#refused.set(room, { failure, isTold: false });
  }
}
