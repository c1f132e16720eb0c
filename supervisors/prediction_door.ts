/**
 * What a process with a public door has for fans who predict: the desk that
 * takes their picks, and the pages that say what can be picked.
 */
import type { MarketPages } from "../channels/market_pages.ts";
import type { PredictionDesk } from "../gateway/prediction_desk.ts";

export interface PredictionDoor {
  desk: PredictionDesk;
  pages: MarketPages;
}
