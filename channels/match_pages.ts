/**
 * Matches as HTTP bodies: built once a change, whoever asks.
 *
 * The ETag is the channel's epoch and offset and the ledger's seq (a volatile
 * value changes the body without an offset), so equal tags mean equal bytes.
 * The list is at most a quarter of a second old: at a goal the same list is
 * opened by everyone.
 */
import { FoldError } from "../actors/fold.ts";
import { matchJson } from "../actors/match/match_json.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { MatchDirectory } from "./match_directory.ts";
import type { MatchReader, MatchReading } from "./match_reader.ts";

const LIST_AGE_MS_MAX = 250;

export interface Page {
  /** Without quotes; another one whenever the body is another. */
  etag: string;
  body: string;
}

export class MatchPages {
  readonly #reader: MatchReader;
  readonly #directory: MatchDirectory;
  readonly #clock: Clock;
  readonly #pages = new Map<string, Page>();
  #list: { page: Promise<Page>; builtAt: number } | null = null;

  constructor(reader: MatchReader, directory: MatchDirectory, clock: Clock) {
    this.#reader = reader;
    this.#directory = directory;
    this.#clock = clock;
  }

  async match(id: string): Promise<Page | null> {
    const reading = await this.#reader.read(id);
    return reading === null ? null : this.#page(id, reading);
  }

  /** The latest kick-offs first, at most 500. */
  list(): Promise<Page> {
    const now = this.#clock.now();
    if (this.#list === null || now - this.#list.builtAt >= LIST_AGE_MS_MAX) {
      this.#list = { page: this.#buildList(), builtAt: now };
    }
    return this.#list.page;
  }

  async #buildList(): Promise<Page> {
    const ids = await this.#directory.ids();
    const readings = await Promise.all(ids.map((id) => this.#readable(id)));
    const matches = readings
      .filter((reading) => reading !== null)
      .sort((a, b) => b.view.kickoffAt - a.view.kickoffAt || compare(a.view.id, b.view.id))
      .slice(0, limits.matchListMax);
    const bodies = matches.map(({ view, stale }) => {
      const { timeline: _timeline, lineups: _lineups, ...summary } = matchJson(view);
      return { ...summary, stale };
    });
    const tag = await digest(matches.map((match) => `${match.view.id} ${tagOf(match)}`).join());
    return { etag: tag, body: JSON.stringify({ matches: bodies }) };
  }

  /** A match whose ledger cannot be folded is its owner's trouble, not the list's. */
  #readable(id: string): Promise<MatchReading | null> {
    return this.#reader.read(id).catch((error) => {
      if (error instanceof FoldError) return null;
      throw error;
    });
  }

  #page(id: string, reading: MatchReading): Page {
    const etag = tagOf(reading);
    const known = this.#pages.get(id);
    if (known?.etag === etag) return known;
    const page = {
      etag,
      body: JSON.stringify({ ...matchJson(reading.view), stale: reading.stale }),
    };
    this.#pages.delete(id);
    this.#pages.set(id, page);
    if (this.#pages.size > limits.matchListMax) {
      const [oldest] = this.#pages.keys();
      this.#pages.delete(oldest!);
    }
    return page;
  }
}

function tagOf({ epoch, offset, view, stale }: MatchReading): string {
  return `${epoch}-${offset}.${view.seq}${stale ? "-stale" : ""}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash).subarray(0, 12)]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
