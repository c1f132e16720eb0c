/**
 * What the others pick: the commonest as bars, the rest as one number.
 */
import type { MarketJson, MatchPicture } from "../sdk/mod.ts";
import { element } from "./dom.ts";
import type { FanMatch } from "./fan_match.ts";
import { fansText, pickText } from "./market_words.ts";

/** More would be a table. */
const SHOWN_MAX = 3;

export function crowdView(
  market: MarketJson,
  picture: MatchPicture,
  fan: FanMatch,
): HTMLElement | null {
  const { top, fans } = fan.crowdOf(market);
  if (fans === 0) return null;
  const own = fan.pick(market.market)?.pick;
  return element(
    "div",
    { class: "crowd", key: "crowd", "data-testid": `crowd-${market.market}` },
    element("h4", {}, fansText(fans), fans === 1 ? " picks" : " pick"),
    element(
      "ul",
      {},
      ...top.slice(0, SHOWN_MAX).map(({ pick, fans: some }) => {
        const share = Math.round(100 * some / fans);
        return element(
          "li",
          { class: pick === own ? "is-own" : null, "--share": `${share}%`, key: pick },
          element("span", {}, pickText(market, pick, picture)),
          element("b", {}, `${share}%`),
        );
      }),
    ),
  );
}
