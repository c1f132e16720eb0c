/**
 * Which matches there are to list, without asking SQL.
 *
 * A stream of "there is a match" and "it left the list"; readers fold what is
 * new at each look. Any owner may write, twice is harmless.
 */
import type { StreamStore } from "../actors/ports/stream.ts";

const NAME = "matches";
const PAGE_ENTRIES = 1_000;

type Line = { id: string; listed: boolean };

export class MatchDirectory {
  readonly #stream: StreamStore;
  readonly #listed = new Set<string>();
  /** Listed once, for ever: a match that left the list does not come back by itself. */
  readonly #seen = new Set<string>();
  #read = 0;
  #epoch = "";

  constructor(stream: StreamStore) {
    this.#stream = stream;
  }

  /** Ids of the matches in the list, in the order in which they came. */
  async ids(): Promise<string[]> {
    const position = await this.#stream.position(NAME);
    const epoch = position?.epoch ?? "";
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#listed.clear();
      this.#seen.clear();
      this.#read = 0;
    }
    if (position === null) return [];
    while (this.#read < position.top) {
      const lines = await this.#stream.read(NAME, this.#read, PAGE_ENTRIES);
      for (const { bytes } of lines) {
        const { id, listed }: Line = JSON.parse(new TextDecoder().decode(bytes));
        this.#seen.add(id);
        if (listed) this.#listed.add(id);
        else this.#listed.delete(id);
      }
      this.#read = lines.at(-1)?.position ?? position.top;
    }
    return [...this.#listed];
  }

  /** Lists a match that was never listed. */
  async add(id: string): Promise<void> {
    await this.ids();
    if (!this.#seen.has(id)) await this.#push({ id, listed: true });
  }

  /** Takes a match out of the list; its own page stays. */
  async remove(id: string): Promise<void> {
    await this.ids();
    if (this.#listed.has(id)) await this.#push({ id, listed: false });
  }

  async #push(line: Line): Promise<void> {
    await this.#stream.push(NAME, [new TextEncoder().encode(JSON.stringify(line))]);
  }
}
