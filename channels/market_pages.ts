/**
 * What can be predicted of a match, as an HTTP body: its markets with their
 * rules, points and picks, how the crowd picks, and until when.
 *
 * At most a second old and built once however many ask. What was taken out and
 * how the crowd picks are what their keeper last said, so a gateway needs no SQL.
 */
import { ledgerOf } from "../actors/match/match_ledger.ts";
import type { MatchView } from "../actors/match/match_view.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import { type Market, marketsOf, NOBODY } from "../actors/prediction/market.ts";
import { marketText } from "../actors/prediction/market_text.ts";
import { isLate, predictableMatch } from "../actors/prediction/predictable_match.ts";
import { pointsTable, RULES_VERSION } from "../actors/prediction/points_table.ts";
import { predictionChannel } from "../protocol/channel_name.ts";
import { type Crowd, decodePublication, type Markets } from "../protocol/golazo_codec.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { Page } from "./match_pages.ts";
import type { MatchReader } from "./match_reader.ts";
import { lastSaid } from "./volatile_voice.ts";

export interface MarketPagesPorts {
  reader: Pick<MatchReader, "read">;
  /** What was last said on channels without a history. */
  cells: CellStore;
  clock: Clock;
}

interface Said {
  markets: Markets | null;
  crowds: Crowd[];
}

const NO_FANS = { top: [], others: 0, fans: 0 };

export class MarketPages {
  readonly #ports: MarketPagesPorts;
  /** The one not asked for the longest comes first. */
  readonly #pages = new Map<string, { page: Promise<Page | null>; builtAt: number }>();

  constructor(ports: MarketPagesPorts) {
    this.#ports = ports;
  }

  /** Null: no such match, or nobody scheduled it. @throws {Failure} where the stores are away. */
  page(matchId: string): Promise<Page | null> {
    const now = this.#ports.clock.monotonic();
    const known = this.#pages.get(matchId);
    if (known !== undefined && now - known.builtAt < limits.marketPageMs) return known.page;
    const built = { page: this.#build(matchId), builtAt: now };
    this.#pages.delete(matchId);
    this.#pages.set(matchId, built);
    built.page.catch(() => this.#pages.delete(matchId));
    if (this.#pages.size > limits.marketPagesMax) {
      const [oldest] = this.#pages.keys();
      this.#pages.delete(oldest!);
    }
    return built.page;
  }

  async #build(matchId: string): Promise<Page | null> {
    const reading = await this.#ports.reader.read(matchId);
    if (reading === null) return null;
    const { view, context } = reading;
    const said = await this.#said(matchId);
    const voided = (said.markets?.voided ?? []) as Market[];
    const match = predictableMatch(matchId, ledgerOf(context), view.phase, voided);
    if (match === null) return null;
    const isLocked = isLate(this.#ports.clock.now(), match.lockAt);
    const body = JSON.stringify({
      matchId,
      lockAt: match.lockAt,
      rulesVersion: RULES_VERSION,
      suspended: said.markets?.suspended ?? false,
      reason: said.markets?.reason ?? "",
      markets: marketsOf(match.format).map((market) => {
        const { title, rules } = marketText(market, RULES_VERSION);
        const isVoid = match.isOff || match.voided.includes(market);
        return {
          market,
          title,
          text: rules.join(" "),
          state: isVoid ? "void" : isLocked ? "locked" : "open",
          points: pointsTable(RULES_VERSION)[market],
          picks: picksOf(market, view),
          crowd: crowdOf(said.crowds.find((crowd) => crowd.market === market)),
        };
      }),
    });
    return { etag: await digest(body), body };
  }

  async #said(matchId: string): Promise<Said> {
    const parts = ["markets", "crowd"] as const;
    const said: Said = { markets: null, crowds: [] };
    for (const { body } of await lastSaid(this.#ports.cells, predictionChannel(matchId), parts)) {
      const { markets, crowd } = decodePublication(body);
      if (markets) said.markets = markets;
      if (crowd) said.crowds.push(crowd);
    }
    return said;
  }
}

/** Undefined where the picks are no list: scores and percents. */
function picksOf(market: Market, { home, away, lineups }: MatchView) {
  const sides = [{ pick: "home", label: home.name }, { pick: "away", label: away.name }];
  switch (market) {
    case "matchWinner":
      return [sides[0]!, { pick: "draw", label: "Draw" }, sides[1]!];
    case "toQualify":
      return sides;
    case "firstScorer":
      return [
        ...[...lineups.home, ...lineups.away].flatMap(({ id, name }) =>
          id === undefined ? [] : [{ pick: id, label: name }]
        ),
        { pick: NOBODY, label: "Nobody" },
      ];
    default:
      return undefined;
  }
}

function crowdOf(crowd: Crowd | undefined) {
  if (crowd === undefined) return NO_FANS;
  const { top, others, fans } = crowd;
  return { top, others, fans };
}

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Buffer.from(hash).toString("hex").slice(0, 24);
}
