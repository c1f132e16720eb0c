/**
 * How a pick is made: steppers, choices, a list of players, a slider.
 *
 * A tap on a choice is a prediction at once; a score and a share are set first
 * and predicted by a button, so that what is passed on the way is not sent.
 * Controls name what they do in data attributes, and one reader of events
 * carries it out.
 */
import type { MarketJson, MatchPicture } from "../sdk/mod.ts";
import { element } from "./dom.ts";
import type { FanMatch } from "./fan_match.ts";
import { pickText, readScore, writeScore } from "./market_words.ts";

/** The server takes no score above it. */
const GOALS_MAX = 20;
const SIDES = ["home", "away"] as const;

export function controlView(
  market: MarketJson,
  picture: MatchPicture,
  fan: FanMatch,
): HTMLElement {
  switch (market.market) {
    case "finalScore":
      return scoreControl(market, picture, fan);
    case "firstScorer":
      return playerControl(market, picture, fan);
    case "possession":
      return shareControl(market, picture, fan);
    default:
      return choiceControl(market, picture, fan);
  }
}

const isGoals = (goals: number) => goals >= 0 && goals <= GOALS_MAX;

/** Whether the event was about a pick, and then it is done. */
export function takePick({ type, target }: Event, fan: FanMatch): boolean {
  const control = target instanceof Element ? target.closest<HTMLElement>("[data-market]") : null;
  if (!control) return false;
  const { market = "", pick, step } = control.dataset;
  const isField = control instanceof HTMLInputElement || control instanceof HTMLSelectElement;
  if (isField) {
    if (control instanceof HTMLInputElement && type === "input") {
      fan.drafts.set(market, control.value);
    } else if (control instanceof HTMLSelectElement && type === "change" && control.value !== "") {
      fan.predict(market, control.value);
    }
  } else if (type !== "click") return false;
  else if (step) fan.drafts.set(market, step);
  else if (pick) fan.predict(market, pick);
  return true;
}

function scoreControl(market: MarketJson, picture: MatchPicture, fan: FanMatch): HTMLElement {
  const saved = fan.pick(market.market)?.pick;
  const set = fan.drafts.get(market.market) ?? saved ?? "0-0";
  const score = readScore(set)!;
  const stepper = (side: "home" | "away") => {
    const name = picture[side].name;
    const stepTo = (goals: number) => {
      const to = { ...score, [side]: goals };
      return writeScore(to.home, to.away);
    };
    const button = (sign: string, goals: number, label: string) =>
      element("button", {
        type: "button",
        "data-market": market.market,
        // Disabled in words alone: it would lose the focus of who steps by keyboard.
        "data-step": isGoals(goals) ? stepTo(goals) : set,
        "aria-disabled": isGoals(goals) ? null : "true",
        "aria-label": label,
      }, sign);
    return element(
      "div",
      { class: `stepper ${side}`, role: "group", "aria-label": `Goals of ${name}` },
      element("span", { class: "stepper-name", "aria-hidden": "true" }, picture[side].code || name),
      button("−", score[side] - 1, `One goal less for ${name}`),
      element("output", { "aria-label": `${name}: ${score[side]}` }, score[side]),
      button("+", score[side] + 1, `One goal more for ${name}`),
    );
  };
  return element(
    "div",
    { class: "score-control" },
    ...SIDES.map(stepper),
    predictButton(market, set, saved, picture),
  );
}

function shareControl(market: MarketJson, picture: MatchPicture, fan: FanMatch): HTMLElement {
  const saved = fan.pick(market.market)?.pick;
  const set = fan.drafts.get(market.market) ?? saved ?? "50";
  return element(
    "div",
    { class: "share-control", "--home-share": `${set}%` },
    element(
      "p",
      { class: "possession-numbers", "aria-hidden": "true" },
      element("span", {}, element("b", {}, `${set}%`), ` ${picture.home.code}`),
      element("span", {}, `${picture.away.code} `, element("b", {}, `${100 - Number(set)}%`)),
    ),
    element("input", {
      type: "range",
      min: 0,
      max: 100,
      value: set,
      "data-market": market.market,
      "aria-label": `Possession of ${picture.home.name}`,
      "aria-valuetext": `${set} percent`,
    }),
    predictButton(market, set, saved, picture),
  );
}

function predictButton(
  market: MarketJson,
  set: string,
  saved: string | undefined,
  picture: MatchPicture,
): HTMLElement {
  const what = pickText(market, set, picture);
  return element("button", {
    type: "button",
    class: "set",
    "data-market": market.market,
    "data-pick": set,
    "data-testid": `set-${market.market}`,
    "aria-disabled": set === saved ? "true" : null,
  }, set === saved ? `Your pick: ${what}` : `Predict ${what}`);
}

function choiceControl(market: MarketJson, picture: MatchPicture, fan: FanMatch): HTMLElement {
  const own = fan.pick(market.market)?.pick;
  const picks = market.market === "toQualify" ? SIDES : ["home", "draw", "away"];
  return element(
    "div",
    { class: "choices" },
    ...picks.map((pick) =>
      element("button", {
        type: "button",
        "data-market": market.market,
        "data-pick": pick,
        "data-testid": `pick-${market.market}-${pick}`,
        "aria-pressed": String(pick === own),
      }, pickText(market, pick, picture))
    ),
  );
}

function playerControl(market: MarketJson, picture: MatchPicture, fan: FanMatch): HTMLElement {
  const own = fan.pick(market.market)?.pick ?? "";
  const option = (pick: string, label: string) =>
    element("option", { value: pick, selected: pick === own }, label);
  return element(
    "select",
    {
      "data-market": market.market,
      "data-testid": "scorer",
      "data-value": own,
      "aria-label": market.title,
    },
    own === "" && option("", "Choose a player"),
    option("none", "Nobody scores"),
    ...playersOf(market, picture).map(([side, players]) =>
      element("optgroup", { label: side }, ...players.map(({ pick, label }) => option(pick, label)))
    ),
  );
}

/** By side, starters first, as the line-ups have them; before those, as the market lists them. */
function playersOf(
  { picks = [] }: MarketJson,
  picture: MatchPicture,
): [string, { pick: string; label: string }[]][] {
  const sides = SIDES.flatMap((side): [string, { pick: string; label: string }[]][] => {
    const members = picture.lineups.find((lineup) => lineup.side === side)?.members ?? [];
    const players = members.flatMap(({ player, starting }) =>
      player ? [{ pick: player.id, label: player.name + (starting ? "" : " (bench)") }] : []
    );
    return players.length === 0 ? [] : [[picture[side].name, players]];
  });
  if (sides.length > 0) return sides;
  const listed = picks.filter(({ pick }) => pick !== "none");
  return listed.length === 0 ? [] : [["Players", listed]];
}
