/**
 * Which leaderboards there are: the global one, and those of the matches that
 * this server knows and of their competitions.
 *
 * Whoever asks for a board that cannot have points wakes no shard. Competitions
 * are looked up in the list of matches, and once known they stay.
 */
import { boardKind, competitionBoard } from "../actors/leaderboard/leaderboard_names.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { MatchDirectory } from "./match_directory.ts";
import type { MatchReader } from "./match_reader.ts";

export class BoardDirectory {
  readonly #reader: Pick<MatchReader, "read">;
  readonly #matches: Pick<MatchDirectory, "ids">;
  readonly #clock: Clock;
  readonly #competitions = new Set<string>();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | null = null;

  constructor(
    reader: Pick<MatchReader, "read">,
    matches: Pick<MatchDirectory, "ids">,
    clock: Clock,
  ) {
    this.#reader = reader;
    this.#matches = matches;
    this.#clock = clock;
  }

  async has(boardId: string): Promise<boolean> {
    switch (boardKind(boardId)) {
      case null:
        return false;
      case "global":
        return true;
      case "match":
        return await this.#reader.read(boardId) !== null;
      case "competition":
        if (!this.#competitions.has(boardId)) await this.#look();
        return this.#competitions.has(boardId);
    }
  }

  /** A stranger's guesses cost one look in a while. */
  async #look(): Promise<void> {
    const now = this.#clock.monotonic();
    if (this.#looking === null && now - this.#lookedAt >= limits.boardDirectoryMs) {
      this.#lookedAt = now;
      this.#looking = this.#readAll().finally(() => (this.#looking = null));
    }
    await this.#looking;
  }

  async #readAll(): Promise<void> {
    for (const matchId of await this.#matches.ids()) {
      // One that cannot be folded is its owner's trouble.
      const reading = await this.#reader.read(matchId).catch(() => null);
      if (reading !== null) this.#competitions.add(competitionBoard(reading.view.competition));
    }
  }
}
