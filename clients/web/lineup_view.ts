/**
 * Who plays: starters, then the bench, home beside away.
 */
import type { Lineup, LineupMember, Side } from "../../protocol/golazo_codec.ts";
import type { MatchPicture } from "../sdk/mod.ts";
import { element } from "./dom.ts";
import { sideName } from "./match_words.ts";

export function lineupView(picture: MatchPicture): HTMLElement {
  if (picture.lineups.length === 0) {
    return element("p", { class: "empty" }, "The line-ups are not out yet");
  }
  return element(
    "div",
    { class: "lineups", "data-testid": "lineups" },
    sideView(picture, "home"),
    sideView(picture, "away"),
  );
}

function sideView(picture: MatchPicture, side: Side): HTMLElement {
  const lineup: Lineup | undefined = picture.lineups.find((other) => other.side === side);
  const members = lineup?.members ?? [];
  return element(
    "section",
    { class: `lineup ${side}` },
    element("h3", {}, sideName(picture, side)),
    membersView("Starting", members.filter(({ starting }) => starting)),
    membersView("Bench", members.filter(({ starting }) => !starting)),
  );
}

function membersView(title: string, members: readonly LineupMember[]): HTMLElement | null {
  if (members.length === 0) return null;
  return element(
    "div",
    {},
    element("h4", {}, title),
    element(
      "ul",
      {},
      ...members.map(({ number, player, position }) =>
        element(
          "li",
          {},
          element("b", {}, number > 0 && number),
          element("span", {}, player?.name ?? ""),
          position !== "" && element("small", {}, position),
        )
      ),
    ),
  );
}
