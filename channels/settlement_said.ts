/**
 * What is said of a match's settlement, and of its board if it ended now, as
 * pages and fans ask for it.
 *
 * Both are read from what was last said on their channels, so a gateway needs no
 * SQL for them. A fan's own projected points follow from the picks and the fold
 * of this moment, the rank from the cells as they were last counted.
 */
import { ledgerOf } from "../actors/match/match_ledger.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import type { Predictions } from "../actors/ports/predictions.ts";
import { isMarket } from "../actors/prediction/market.ts";
import { isLate, lockOf } from "../actors/prediction/predictable_match.ts";
import { pointsOf, RULES_VERSION } from "../actors/prediction/points_table.ts";
import { projectedOutcomes } from "../actors/prediction/projection.ts";
import { matchBoard } from "../actors/leaderboard/leaderboard_names.ts";
import { leaderboardChannel, predictionChannel } from "../protocol/channel_name.ts";
import { decodePublication, type Projection, type Settlement } from "../protocol/golazo_codec.ts";
import type { MatchReader } from "./match_reader.ts";
import { lastSaid } from "./volatile_voice.ts";

export interface SettlementSaidPorts {
  cells: CellStore;
  reader: Pick<MatchReader, "read">;
  predictions: Pick<Predictions, "ofFan">;
}

export interface OwnProjection {
  matchId: string;
  points: number;
  /** Null for who would have none, or while nobody has counted. */
  rank: number | null;
  fans: number;
  sampled: boolean;
  /** Whether the match is over and its settlement still to come. */
  provisional: boolean;
  picks: { market: string; pick: string; points: number; mark: string }[];
}

export class SettlementSaid {
  readonly #ports: SettlementSaidPorts;

  constructor(ports: SettlementSaidPorts) {
    this.#ports = ports;
  }

  /** Null where nothing was said yet. */
  async progress(matchId: string): Promise<Settlement | null> {
    const [last] = await lastSaid(this.#ports.cells, predictionChannel(matchId), ["settlement"]);
    return last === undefined ? null : decodePublication(last.body).settlement ?? null;
  }

  /** Null: there is no such match. */
  async projection(matchId: string, user: string): Promise<OwnProjection | null> {
    const { reader, predictions, cells } = this.#ports;
    const reading = await reader.read(matchId);
    if (reading === null) return null;
    const { view, context } = reading;
    const ledger = ledgerOf(context);
    const voided = (await this.#voided(matchId)).filter(isMarket);
    const outcomes = projectedOutcomes(ledger, view.phase, voided);
    const lockAt = lockOf(ledger) ?? 0;
    const picks = (await predictions.ofFan(matchId, user)).map(({ market, pick, acceptedAt }) => {
      const outcome = isMarket(market) ? outcomes[market] : undefined;
      const award = outcome === undefined || !isMarket(market) || isLate(acceptedAt, lockAt)
        ? { points: 0, mark: "void" }
        : pointsOf(market, pick, outcome, RULES_VERSION);
      return { market, pick, ...award };
    });
    const points = picks.reduce((sum, pick) => sum + pick.points, 0);
    const [last] = await lastSaid(cells, leaderboardChannel(matchBoard(matchId)), ["projection"]);
    const said = last === undefined ? null : decodePublication(last.body).projection ?? null;
    return {
      matchId,
      points,
      rank: said === null || points === 0 ? null : rankIn(said, points),
      fans: said?.fans ?? 0,
      sampled: said?.sampled ?? false,
      provisional: said?.provisional ?? false,
      picks,
    };
  }

  async #voided(matchId: string): Promise<string[]> {
    const [last] = await lastSaid(this.#ports.cells, predictionChannel(matchId), ["markets"]);
    return last === undefined ? [] : decodePublication(last.body).markets?.voided ?? [];
  }
}

/** All totals that anybody would have are among the rows: a match has a few dozen. */
function rankIn({ rows }: Projection, points: number): number {
  return 1 + rows.filter((row) => row.points > points).reduce((sum, { fans }) => sum + fans, 0);
}
