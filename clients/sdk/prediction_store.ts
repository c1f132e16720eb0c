/**
 * What the channels of a match's predictions and of its leaderboard say.
 *
 * Both have no history: every value is whole and the latest of its kind, and a
 * newcomer's first answer holds them all. So the fold is to keep the last.
 */
import type {
  Crowd,
  Markets,
  Projection,
  Settlement,
  Standings,
} from "../../protocol/golazo_codec.ts";
import type { ChannelEvent } from "./channel_book.ts";

/** Holds the latest of `prediction:<match>`. */
export class PredictionStore {
  markets: Markets | null = null;
  /** By market. */
  readonly crowds = new Map<string, Crowd>();
  settlement: Settlement | null = null;
  readonly #onChange: (event: ChannelEvent) => void;

  constructor(onChange: (event: ChannelEvent) => void) {
    this.#onChange = onChange;
  }

  readonly receive = (event: ChannelEvent): void => {
    if (event.kind !== "publication") return;
    const { markets, crowd, settlement } = event.publication;
    if (markets) this.markets = markets;
    if (crowd) this.crowds.set(crowd.market, crowd);
    if (settlement) this.settlement = settlement;
    this.#onChange(event);
  };
}

/** Holds the latest of `leaderboard:<id>`. */
export class BoardStore {
  standings: Standings | null = null;
  projection: Projection | null = null;
  readonly #onChange: (event: ChannelEvent) => void;

  constructor(onChange: (event: ChannelEvent) => void) {
    this.#onChange = onChange;
  }

  readonly receive = (event: ChannelEvent): void => {
    if (event.kind !== "publication") return;
    const { standings, projection } = event.publication;
    if (standings) this.standings = standings;
    if (projection) this.projection = projection;
    this.#onChange(event);
  };
}
