/**
 * One match on the page: its picture, what just happened in it and what is read
 * aloud about it.
 */
import type { ChannelListener, MatchPicture } from "../sdk/mod.ts";
import { MatchStore } from "../sdk/mod.ts";
import { scoreSentence, scoreText, sentenceFor } from "./match_words.ts";
import { isFresh, momentOf } from "./moments.ts";
import type { Moment } from "./moments.ts";

export class LiveMatch {
  readonly receive: ChannelListener;
  readonly #store: MatchStore;
  readonly #now: () => number;
  #moments: Moment[] = [];
  /** A snapshot came: what is not in the picture has not happened. */
  isWhole = false;

  /** `onChange` is given the sentence to read aloud, empty where there is none. */
  constructor(
    before: MatchPicture | null,
    now: () => number,
    onChange: (sentence: string) => void,
  ) {
    this.#now = now;
    this.#store = new MatchStore(before, ({ before, event }) => {
      const after = this.#store.picture;
      if (event.kind === "snapshot") this.isWhole = true;
      if (!before || !after) return onChange("");
      if (event.kind === "snapshot") {
        const isNews = scoreText(before.state.score) !== scoreText(after.state.score);
        return onChange(isNews ? `${scoreSentence(after)}.` : "");
      }
      if (event.kind !== "publication") return onChange("");
      const moment = momentOf(before, event.publication, now());
      if (moment) this.#moments.push(moment);
      // The annulled goal was said already, and said more.
      const isSaid = moment?.kind === "reviewed" && this.#has("annulled");
      onChange(isSaid ? "" : sentenceFor(before, after, event.publication));
    });
    this.receive = this.#store.receive;
  }

  #has(kind: Moment["kind"]): boolean {
    return this.moments.some((moment) => moment.kind === kind);
  }

  get picture(): MatchPicture | null {
    return this.#store.picture;
  }

  get isUnknown(): boolean {
    return this.#store.refusal !== null;
  }

  /** What is still fresh, the latest first. */
  get moments(): Moment[] {
    this.#moments = this.#moments.filter((moment) => isFresh(moment, this.#now()));
    return [...this.#moments].reverse();
  }
}
