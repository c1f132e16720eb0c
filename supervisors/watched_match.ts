/**
 * One match as the crowd's keeper follows it: what can be picked of it now, and
 * how the crowd picks.
 *
 * Sums of tallies are near the truth and a count of the rows is it; a count that
 * ran while tallies came may have seen some of them or not, so the crowd stays in
 * doubt until one ran in the quiet. Told when asked what is due; holds no timer.
 */
import { ledgerOf } from "../actors/match/match_ledger.ts";
import type { MatchView } from "../actors/match/match_view.ts";
import type { PickFans } from "../actors/ports/predictions.ts";
import { type Crowd, crowdView, merged, NO_CROWD } from "../actors/prediction/crowd.ts";
import { type Market, marketsOf } from "../actors/prediction/market.ts";
import {
  isLate,
  type PredictableMatch,
  predictableMatch,
} from "../actors/prediction/predictable_match.ts";
import { suspendedBy } from "../actors/prediction/suspension.ts";
import type { MatchReading } from "../channels/match_reader.ts";
import type { VolatileValue } from "../channels/volatile_voice.ts";
import type { MarketsInit } from "../protocol/golazo_codec.ts";
import { limits } from "../runtime/limits.ts";

export class WatchedMatch {
  #match: PredictableMatch | null = null;
  #view: MatchView | null = null;
  #suspended: { until: number; by: string } = { until: 0, by: "" };
  #crowd: Crowd = NO_CROWD;
  #heardAt = -Infinity;
  /** Whether the crowd is what the rows say. */
  #isInDoubt = false;
  #countedAt: number | null = null;
  #isUntold = false;

  /** What the match has become, at `now`. */
  follow({ view, context }: MatchReading, voided: readonly Market[], now: number): void {
    const by = this.#view === null ? null : suspendedBy(this.#view, view);
    if (by !== null) this.#suspended = { until: now + limits.suspendedMs, by };
    this.#view = view;
    this.#match = predictableMatch(view.id, ledgerOf(context), view.phase, voided);
  }

  get isFollowed(): boolean {
    return this.#match !== null;
  }

  /** Markets that were taken out, as far as is known. */
  get voided(): readonly Market[] {
    return this.#match?.voided ?? [];
  }

  /** Nothing more can be picked. */
  isClosed(now: number): boolean {
    return this.#match === null || this.#match.isOff || isLate(now, this.#match.lockAt);
  }

  hear(tally: Crowd, now: number): void {
    this.#crowd = merged(this.#crowd, tally);
    this.#heardAt = now;
    // What it tells of was committed a while ago, and the last count may have seen it.
    if (this.#countedAt !== null && now - this.#countedAt < limits.crowdQuietMs) this.doubt();
    this.#isUntold = true;
  }

  doubt(): void {
    this.#isInDoubt = true;
  }

  isToBeCounted(now: number): boolean {
    return this.#isInDoubt &&
      (this.#countedAt === null || now - this.#heardAt >= limits.crowdQuietMs);
  }

  /** @param since when the count began */
  counted(fans: PickFans[], since: number): void {
    const crowd: Partial<Record<Market, Record<string, number>>> = {};
    for (const { market, pick, fans: count } of fans) {
      (crowd[market as Market] ??= {})[pick] = count;
    }
    this.#crowd = crowd;
    this.#countedAt = since;
    this.#isInDoubt = since - this.#heardAt < limits.crowdQuietMs;
    this.#isUntold = true;
  }

  /** What to say of the crowd, a value a market; null where nothing is new. */
  crowdToTell(): VolatileValue[] | null {
    if (!this.#isUntold || this.#match === null) return null;
    this.#isUntold = false;
    return marketsOf(this.#match.format).map((market) => ({
      key: market,
      lane: "stats",
      body: { crowd: { market, ...crowdView(this.#crowd, market, limits.crowdTopMax) } },
    }));
  }

  /** What was to be told was not. */
  untold(): void {
    this.#isUntold = true;
  }

  /** What can be picked at `now`. */
  markets(now: number): MarketsInit | null {
    if (this.#match === null) return null;
    const { lockAt, voided, format } = this.#match;
    const isClosed = this.isClosed(now);
    const by = this.#view!.review !== null
      ? "review"
      : now < this.#suspended.until
      ? this.#suspended.by
      : "";
    return {
      lockAt,
      open: isClosed ? [] : marketsOf(format).filter((market) => !voided.includes(market)),
      voided,
      suspended: by !== "",
      reason: by !== "" ? by : !isClosed ? "" : this.#match.isOff ? this.#view!.phase : "locked",
    };
  }
}
