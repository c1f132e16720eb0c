/**
 * Which matches there are to list, without asking SQL.
 *
 * A stream of "there is a match" and "it left the list"; readers fold what is
 * new at each look. Any owner may write, twice is harmless.
 */
import type { StreamStore } from "../actors/ports/stream.ts";
import { FoldedStream } from "./folded_stream.ts";

type Line = { id: string; listed: boolean };

export class MatchDirectory {
  readonly #listed = new Set<string>();
  /** Listed once, for ever: a match that left the list does not come back by itself. */
  readonly #seen = new Set<string>();
  readonly #lines: FoldedStream<Line>;

  constructor(stream: StreamStore) {
    this.#lines = new FoldedStream<Line>(stream, "matches", {
      forget: () => {
        this.#listed.clear();
        this.#seen.clear();
      },
      fold: ({ id, listed }) => {
        this.#seen.add(id);
        if (listed) this.#listed.add(id);
        else this.#listed.delete(id);
      },
    });
  }

  /** Ids of the matches in the list, in the order in which they came. */
  async ids(): Promise<string[]> {
    await this.#lines.look();
    return [...this.#listed];
  }

  /** Lists a match that was never listed. */
  async add(id: string): Promise<void> {
    await this.#lines.look();
    if (!this.#seen.has(id)) await this.#lines.push({ id, listed: true });
  }

  /** Takes a match out of the list; its own page stays. */
  async remove(id: string): Promise<void> {
    await this.#lines.look();
    if (this.#listed.has(id)) await this.#lines.push({ id, listed: false });
  }
}
