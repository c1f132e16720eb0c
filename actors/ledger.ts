/**
 * The ledger of one entity: what its owner accepted, in order, without gaps.
 *
 * A named store over the stream primitive: positions are the entries' seq, so
 * the store itself refuses a second writer, a repeated entry and a hole.
 */
import { Failure } from "../runtime/failure.ts";
import type { Committed } from "./actor_definition.ts";
import { claim } from "./claim.ts";
import type { AppendResult, StreamEntry, StreamPosition, StreamStore } from "./ports/stream.ts";

/** Entries read at a time: a match has up to 2,000 of 300 bytes. */
const PAGE_ENTRIES = 1_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Ledger<B> {
  readonly name: string;
  readonly #stream: StreamStore;

  constructor(stream: StreamStore, kind: string, id: string) {
    this.#stream = stream;
    this.name = `ledger/${kind}/${id}`;
  }

  /** Appends entries whose seq continue after `expectedTop`, all or none. */
  append(fence: number, expectedTop: number, entries: Committed<B>[]): Promise<AppendResult> {
    return this.#stream.append(this.name, {
      fence,
      expectedTop,
      entries: entries.map(({ recordedAt, body }) =>
        encoder.encode(JSON.stringify({ recordedAt, body }))
      ),
    });
  }

  /** Shuts older owners out; answers the top. */
  claim(fence: number): Promise<number | "fenced"> {
    return claim(this.#stream, this.name, fence);
  }

  /** Forgets every entry; the next one is `startAt` + 1. @throws {Failure} `fenced`. */
  async reset(fence: number, startAt = 0): Promise<void> {
    const position = await this.#stream.reset(this.name, fence, startAt);
    if (position === null) {
      throw new Failure("fenced", `Cannot empty ${this.name} as a newer owner writes to it`);
    }
  }

  /** The first entry after `seq` that the stream holds; null: none. */
  async next(seq: number): Promise<Committed<B> | null> {
    const [entry] = await this.#stream.read(this.name, seq, 1);
    return entry === undefined ? null : committed(entry);
  }

  /** Every entry after `seq` that the stream holds. */
  async after(seq: number): Promise<Committed<B>[]> {
    const entries: Committed<B>[] = [];
    for (;;) {
      const last = entries.at(-1)?.seq ?? seq;
      const page = await this.#stream.read(this.name, last, PAGE_ENTRIES);
      for (const entry of page) entries.push(committed(entry));
      if (page.length < PAGE_ENTRIES) return entries;
    }
  }

  /** Null: nothing was ever appended. */
  position(): Promise<StreamPosition | null> {
    return this.#stream.position(this.name);
  }
}

function committed<B>({ position, bytes }: StreamEntry): Committed<B> {
  return { seq: position, ...JSON.parse(decoder.decode(bytes)) };
}
