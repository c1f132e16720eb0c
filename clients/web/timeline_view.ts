/**
 * The story of a match, the latest first: home on the left, away on the right,
 * minutes down the middle, and what concerns both across the whole width.
 *
 * What was annulled stays, struck through, with the reason beside it: a goal
 * that many have seen must not just be gone.
 */
import type { TimelineItem } from "../../protocol/golazo_codec.ts";
import type { MatchPicture } from "../sdk/mod.ts";
import { cardIcon, icon } from "./drawings.ts";
import { element } from "./dom.ts";
import type { Child } from "./dom.ts";
import { phaseTitle, scoreText, sideName, whenText } from "./match_words.ts";

export function timelineView(picture: MatchPicture): HTMLElement {
  if (picture.timeline.length === 0) {
    return element("p", { class: "empty", "data-testid": "timeline" }, "Nothing has happened yet");
  }
  return element(
    "ol",
    { class: "timeline", "data-testid": "timeline" },
    ...[...picture.timeline].reverse().map((item) => itemView(picture, item)),
  );
}

function itemView(picture: MatchPicture, item: TimelineItem): HTMLElement {
  const { kind, status, side } = item;
  const isSided = (side === "home" || side === "away") && kind !== "review" && kind !== "period";
  return element(
    "li",
    {
      class: isSided ? `item ${side}` : "item both",
      key: item.id,
      "data-testid": "timeline-item",
      "data-kind": kind,
      "data-status": status,
    },
    element("span", { class: "when" }, item.minute > 0 && whenText(item)),
    isSided && element("span", { class: "unseen" }, sideName(picture, side)),
    element("span", { class: "mark" }, markOf(item)),
    element("span", { class: "what" }, ...wordsOf(item)),
  );
}

function markOf({ kind, colour, status }: TimelineItem): Child {
  switch (kind) {
    case "goal":
      return icon(status === "annulled" ? "ballOut" : "ball");
    case "penaltyMissed":
      return icon("penaltyMiss");
    case "card":
      return colour === "noCard" ? null : cardIcon(colour);
    case "substitution":
      return icon("swap");
    case "review":
      return icon("screen");
    default:
      return null;
  }
}

function wordsOf(item: TimelineItem): Child[] {
  const { kind, status, player, other, text, amended } = item;
  const isAnnulled = status === "annulled";
  const name = (fallback: string) =>
    element(isAnnulled ? "s" : "strong", { class: "who" }, player?.name || fallback);
  const notes = [
    isAnnulled && (kind === "goal" ? "Goal annulled" : "Taken back"),
    text,
    amended && !isAnnulled && "corrected",
  ].filter((note): note is string => Boolean(note));
  const note = (...before: (string | false | undefined)[]) => {
    const all = [...before.filter(Boolean), ...notes].join(" · ");
    return all === "" ? null : element("small", {}, all);
  };
  switch (kind) {
    case "goal":
      return [
        item.score && !isAnnulled && element("b", { class: "tally" }, scoreText(item.score)),
        name("Goal"),
        note(METHODS[item.method], other?.name && `Assist ${other.name}`),
      ];
    case "penaltyMissed":
      return [name("Penalty"), note("Penalty missed")];
    case "card":
      return [name(CARDS[item.colour]), note(player?.name && CARDS[item.colour])];
    case "substitution":
      return [
        element(
          "span",
          { class: "on" },
          icon("on"),
          element("span", { class: "unseen" }, "On: "),
          name("Substitute"),
        ),
        other &&
        element(
          "span",
          { class: "off" },
          icon("off"),
          element("span", { class: "unseen" }, "Off: "),
          other.name,
        ),
        note(),
      ];
    case "review":
      return [element("strong", {}, "VAR"), note()];
    case "period":
      return [element("strong", {}, text || phaseTitle(item.phase))];
    default:
      return [element("strong", {}, text || "Interruption")];
  }
}

const METHODS = { unknownMethod: "", open: "", penalty: "Penalty", ownGoal: "Own goal" };
const CARDS = {
  noCard: "Card",
  yellow: "Yellow card",
  secondYellow: "Second yellow card",
  red: "Red card",
};
