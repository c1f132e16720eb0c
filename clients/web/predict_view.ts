/**
 * Predictions of one match: what can be picked, what was, and what it is worth.
 *
 * The same cards before and after the lock: first with controls, then with the
 * pick as it stands and its points as the match stands.
 */
import type { MarketJson, MatchPicture } from "../sdk/mod.ts";
import { crowdView } from "./crowd_view.ts";
import { element } from "./dom.ts";
import { icon } from "./drawings.ts";
import type { FanMatch } from "./fan_match.ts";
import { closesText, pickText, pointsText, suspendedText } from "./market_words.ts";
import { controlView } from "./predict_controls.ts";
import { settlementView, topView } from "./rank_view.ts";

export function predictView(picture: MatchPicture, fan: FanMatch, now: number): HTMLElement {
  const { markets } = fan;
  if (!markets) {
    return element(
      "p",
      { class: "empty", key: "predict-none" },
      fan.isWithout ? "This match has no predictions" : "Loading the markets…",
    );
  }
  const isOpen = markets.markets.some((market) => fan.stateOf(market, now) === "open");
  return element(
    "div",
    { class: "predict", key: "predict", "data-testid": "predict" },
    lockView(fan, isOpen, now),
    !fan.hasPicks && settlementView(fan, now),
    ...markets.markets.map((market) => marketView(market, picture, fan, now)),
    topView(fan),
  );
}

function lockView(fan: FanMatch, isOpen: boolean, now: number): HTMLElement {
  const text = isOpen
    ? closesText(fan.lockAt, now)
    : fan.hasPicks
    ? "Your picks are locked in"
    : "Predictions are closed";
  const waitsFor = fan.retryAt === null ? 0 : Math.ceil((fan.retryAt - now) / 1_000);
  return element(
    "p",
    { class: isOpen ? "lock is-open" : "lock", "data-testid": "lock", key: "lock" },
    element("strong", {}, text),
    fan.retryAt !== null &&
      element("span", {}, `Very busy: your picks are sent again in ${Math.max(1, waitsFor)} s`),
    isOpen && fan.retryAt === null && !fan.hasPicks &&
      element("span", {}, "Your picks are saved as you make them"),
    fan.suspendedBy !== null && element("span", {}, suspendedText(fan.suspendedBy)),
  );
}

function marketView(
  market: MarketJson,
  picture: MatchPicture,
  fan: FanMatch,
  now: number,
): HTMLElement {
  const { market: name, title, text } = market;
  const state = fan.stateOf(market, now);
  const isOpen = state === "open";
  const refusal = isOpen || fan.refusal(name)?.code === "locked" ? fan.refusal(name) : null;
  return element(
    "fieldset",
    { class: `market ${state}`, key: `market-${name}`, "data-testid": `market-${name}` },
    element("legend", {}, title, isOpen && savedView(market, fan)),
    isOpen ? controlView(market, picture, fan) : lockedView(market, state, picture, fan),
    refusal && element(
      "p",
      { class: "refusal", "data-testid": `refusal-${name}` },
      element("s", {}, pickText(market, refusal.pick, picture)),
      ` ${refusal.reason || "was not taken"}`,
    ),
    crowdView(market, picture, fan),
    element(
      "details",
      { key: "rules" },
      element("summary", {}, "Rules", element("span", { class: "unseen" }, ` of ${title}`)),
      element("p", {}, text),
    ),
  );
}

function savedView({ market }: MarketJson, fan: FanMatch): HTMLElement | null {
  const own = fan.pick(market);
  if (!own) return null;
  return element(
    "small",
    { class: "saved", "data-testid": `saved-${market}` },
    !own.isPending && icon("tick"),
    own.isPending ? "Saving…" : "Saved",
  );
}

/** The own pick as it stands, and what it is worth as the match stands. */
function lockedView(
  market: MarketJson,
  state: "open" | "locked" | "void",
  picture: MatchPicture,
  fan: FanMatch,
): HTMLElement {
  const own = fan.pick(market.market);
  const worth = fan.projection?.picks.find((one) => one.market === market.market);
  const isVoid = state === "void" || worth?.mark === "void";
  return element(
    "p",
    { class: "own", "data-testid": `own-${market.market}` },
    element("b", {}, own ? pickText(market, own.pick, picture) : "No pick"),
    isVoid ? element("span", { class: "worth void" }, "Void") : own && worth &&
      element(
        "span",
        { class: worth.points > 0 ? "worth won" : "worth" },
        worth.points > 0 ? "+" : "",
        pointsText(worth.points),
      ),
  );
}
