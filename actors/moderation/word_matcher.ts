/**
 * Aho-Corasick over a full table: every term that lies in a text, in one walk
 * with one look-up a character, however many terms there are and whatever the
 * text is. There is nothing to backtrack, so nothing that a sender writes can
 * make it slow.
 *
 * The table costs states x letters x 4 bytes: 100,000 x 75 x 4 = 30 MB, once.
 */
import { assert } from "../../runtime/failure.ts";

/** Told each hit: which term, and where it ends (exclusive). */
export type OnHit = (term: number, end: number) => void;

export class WordMatcher {
  /** A letter's column; 0 for letters of no term. */
  readonly #columns = new Uint16Array(0x10000);
  readonly #width: number;
  /** Row by state: the next state by letter. */
  readonly #next: Uint32Array;
  /** By state: the first of its terms, then the next longest ends by `#shorter`. */
  readonly #terms: (number[] | undefined)[];
  /** By state: the longest proper suffix that ends a term, or 0. */
  readonly #shorter: Uint32Array;

  constructor(terms: readonly string[]) {
    let width = 1;
    let states = 1;
    for (const term of terms) {
      assert(term !== "", "a term has letters");
      states += term.length;
      for (let at = 0; at < term.length; at += 1) {
        const unit = term.charCodeAt(at);
        if (this.#columns[unit] === 0) this.#columns[unit] = width++;
      }
    }
    const next = new Uint32Array(states * width);
    this.#width = width;
    this.#terms = [undefined];
    let last = 0;
    terms.forEach((term, index) => {
      let state = 0;
      for (let at = 0; at < term.length; at += 1) {
        const cell = state * width + this.#columns[term.charCodeAt(at)]!;
        if (next[cell] === 0) {
          last += 1;
          assert(last < 0x40000, "the terms fit 262,144 states");
          next[cell] = last;
          this.#terms.push(undefined);
        }
        state = next[cell]!;
      }
      (this.#terms[state] ??= []).push(index);
    });
    this.#next = next.slice(0, (last + 1) * width);
    this.#shorter = this.#complete(last + 1);
  }

  /** Fills each row with where its longest suffix would go; returns the shorter ends. */
  #complete(states: number): Uint32Array {
    const width = this.#width;
    const next = this.#next;
    const suffix = new Uint32Array(states);
    const shorter = new Uint32Array(states);
    const queue = [0];
    for (const state of queue) {
      const back = suffix[state]!;
      shorter[state] = this.#terms[back] === undefined ? shorter[back]! : back;
      for (let column = 1; column < width; column += 1) {
        const cell = state * width + column;
        const fallback = state === 0 ? 0 : next[back * width + column]!;
        // A row is filled after all rows nearer to the root, so a 0 here is no child.
        if (next[cell] === 0) next[cell] = fallback;
        else {
          suffix[next[cell]!] = fallback;
          queue.push(next[cell]!);
        }
      }
    }
    return shorter;
  }

  scan(text: string, onHit: OnHit): void {
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      state = this.#next[state * this.#width + this.#columns[text.charCodeAt(at)]!]!;
      let ending = this.#terms[state] === undefined ? this.#shorter[state]! : state;
      while (ending !== 0) {
        for (const term of this.#terms[ending]!) onHit(term, at + 1);
        ending = this.#shorter[ending]!;
      }
    }
  }
}
