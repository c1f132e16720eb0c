/**
 * Where the fan stands: own points and place, the match's top, and how far the
 * settlement is once the match is over.
 */
import type { BoardRow, MatchPicture } from "../sdk/mod.ts";
import { element } from "./dom.ts";
import type { FanMatch } from "./fan_match.ts";
import {
  countText,
  fanName,
  fansText,
  movementText,
  placeText,
  pointsText,
  settlementText,
} from "./market_words.ts";
import { stageOf } from "./match_words.ts";

/** Of the twenty that the channel brings. */
const TOP_SHOWN = 5;

/** What a fan with picks sees whichever tab is open. */
export function standView(
  { state }: MatchPicture,
  fan: FanMatch,
  now: number,
): HTMLElement | null {
  if (!fan.hasPicks || !fan.place && !fan.predictions.settlement) return null;
  return element(
    "section",
    { class: "panel stand", key: "stand", "aria-label": "Your place" },
    rankView(fan, stageOf(state.phase) === "over"),
    settlementView(fan, now),
  );
}

function rankView({ place, movement }: FanMatch, isOver: boolean): HTMLElement | null {
  if (!place) return null;
  const { rank, points, of, isFinal } = place;
  const sure = isFinal ? "" : isOver ? "not final yet" : "if it ended now";
  const among = of === 0 ? "" : isFinal ? `of ${countText(of)} with points` : `of ${fansText(of)}`;
  return element(
    "div",
    { class: "rank", key: "rank", "data-testid": "rank" },
    element(
      "p",
      { class: "rank-place" },
      element("strong", { key: `place-${rank}` }, rank ? placeText(rank) : "–"),
      movement !== 0 && element(
        "span",
        { class: movement > 0 ? "moved up" : "moved down", key: `moved-${rank}` },
        movementText(movement),
      ),
    ),
    element(
      "p",
      { class: "rank-points" },
      element("b", {}, pointsText(points)),
      element("span", {}, [sure, among].filter(Boolean).join(", ")),
    ),
  );
}

export function settlementView({ predictions }: FanMatch, now: number): HTMLElement | null {
  if (!predictions.settlement) return null;
  const { text, share } = settlementText(predictions.settlement, now);
  return element(
    "div",
    { class: "settlement", key: "settlement", "data-testid": "settlement" },
    element("p", {}, text),
    share !== null &&
      element("progress", { max: 100, value: Math.round(100 * share), "aria-label": text }),
  );
}

/** The board where there are points; before that, who would have how many. */
export function topView(fan: FanMatch): HTMLElement | null {
  const { standings, projection } = fan.board;
  if (standings?.rows.length) return boardView(fan, standings.rows, standings.members);
  // What was projected is not taken back, only told no more.
  const isSettled = fan.predictions.settlement?.phase === "settled";
  if (!projection?.rows.length || isSettled) return null;
  return element(
    "section",
    { class: "top-board", key: "top", "data-testid": "top" },
    element("h3", {}, projection.provisional ? "Not final yet" : "If it ended now"),
    element(
      "ol",
      {},
      ...projection.rows.slice(0, TOP_SHOWN).map(({ rank, points, fans }) =>
        element(
          "li",
          { key: `rank-${rank}`, class: fan.projection?.points === points ? "is-own" : null },
          element("i", {}, rank),
          element("span", {}, fansText(fans)),
          element("b", {}, pointsText(points)),
        )
      ),
    ),
  );
}

function boardView(fan: FanMatch, rows: readonly BoardRow[], members: number): HTMLElement {
  const top = rows.slice(0, TOP_SHOWN);
  const last = top.at(-1)!;
  const around = (fan.around?.rows ?? []).filter(({ rank, user }) =>
    rank >= last.rank && top.every((row) => row.user !== user)
  );
  const isAmongTop = top.some(({ user }) => user === fan.user);
  return element(
    "section",
    { class: "top-board", key: "top", "data-testid": "top" },
    element(
      "h3",
      {},
      "This match’s top",
      element("small", {}, `${countText(members)} with points`),
    ),
    element("ol", {}, ...top.map((row) => rowView(row, fan.user))),
    !isAmongTop && around.length > 0 &&
      element(
        "ol",
        { class: "around", "aria-label": "Around you" },
        ...around.map((row) => rowView(row, fan.user)),
      ),
  );
}

function rowView({ rank, user, points }: BoardRow, me: string): HTMLElement {
  const isOwn = user === me;
  return element(
    "li",
    { key: user, class: isOwn ? "is-own" : null },
    element("i", {}, rank),
    element("span", {}, isOwn ? "You" : fanName(user)),
    element("b", {}, pointsText(points)),
  );
}
