/**
 * The last durable publications of a channel, in memory.
 *
 * Answers a returning client in one of three ways: these, nothing new, or a gap
 * that only a snapshot can bridge. Offsets in it have no hole. A removal takes
 * the bodies of what it removes out of the ring as it enters.
 */
import { isRemoval, withoutRemoved } from "./erasure.ts";
import type { Publication } from "./publication.ts";

export class ChannelRing {
  readonly #max: number;
  #publications: Publication[] = [];
  #top: number;

  constructor(top: number, publicationsMax: number) {
    this.#top = top;
    this.#max = publicationsMax;
  }

  get top(): number {
    return this.#top;
  }

  /** Takes the publication with offset top + 1; the caller has checked that it is. */
  push(publication: Publication): void {
    if (isRemoval(publication)) {
      this.#publications = this.#publications.map((kept) => withoutRemoved(publication, kept));
    }
    this.#publications.push(publication);
    this.#top += 1;
    // Cutting a quarter at a time keeps a push at constant cost.
    if (this.#publications.length > this.#max * 1.25) {
      this.#publications = this.#publications.slice(-this.#max);
    }
  }

  /** What follows `offset`, oldest first, or "gap". */
  after(offset: number): Publication[] | "gap" {
    const missed = this.#top - offset;
    if (missed < 0 || missed > this.#publications.length) return "gap";
    return missed === 0 ? [] : this.#publications.slice(-missed);
  }
}
