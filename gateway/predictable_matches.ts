/**
 * What a gateway knows of matches to take predictions on.
 *
 * Read from the match's fold and kept until somebody says that the match has
 * changed; since that word may be lost, looked at again after two seconds. Only
 * to tell fans early what is wrong: the row's own condition decides.
 */
import { ledgerOf } from "../actors/match/match_ledger.ts";
import { type PredictableMatch, predictableMatch } from "../actors/prediction/predictable_match.ts";
import type { MatchReader } from "../channels/match_reader.ts";
import { isMatchId } from "../protocol/channel_name.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";

interface Known {
  match: Promise<PredictableMatch | null>;
  readAt: number;
}

export class PredictableMatches {
  readonly #reader: Pick<MatchReader, "read">;
  readonly #clock: Clock;
  /** The one not asked for the longest comes first. */
  readonly #known = new Map<string, Known>();

  constructor(reader: Pick<MatchReader, "read">, clock: Clock) {
    this.#reader = reader;
    this.#clock = clock;
  }

  /** Null where nobody scheduled it. @throws {Failure} where the stores are away. */
  of(matchId: string): Promise<PredictableMatch | null> {
    const now = this.#clock.monotonic();
    const known = this.#known.get(matchId);
    if (known !== undefined && now - known.readAt < limits.predictableMatchMs) return known.match;
    const read = { match: this.#read(matchId), readAt: now };
    this.#known.delete(matchId);
    this.#known.set(matchId, read);
    read.match.catch(() => this.changed(matchId));
    if (this.#known.size > limits.predictableMatchesMax) {
      const [oldest] = this.#known.keys();
      this.#known.delete(oldest!);
    }
    return read.match;
  }

  changed(matchId: string): void {
    this.#known.delete(matchId);
  }

  allChanged(): void {
    this.#known.clear();
  }

  async #read(matchId: string): Promise<PredictableMatch | null> {
    if (!isMatchId(matchId)) return null;
    const reading = await this.#reader.read(matchId);
    if (reading === null) return null;
    return predictableMatch(matchId, ledgerOf(reading.context), reading.view.phase);
  }
}
