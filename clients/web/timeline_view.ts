/**
 * The story of a match, the latest first: home on the left, away on the right,
 * minutes down the middle, and what concerns both across the whole width.
 *
 * What was annulled stays, struck through, with the reason beside it: a goal
 * that many have seen must not just be gone.
 */
import type { TimelineItem, TimelineItemKind } from "../../protocol/golazo_codec.ts";
import type { MatchPicture } from "../sdk/mod.ts";
import { cardIcon, icon } from "./drawings.ts";
import { element } from "./dom.ts";
import type { Child } from "./dom.ts";
import { scoreText, sideName, whenText } from "./match_words.ts";
import {
  CARD_WORDS,
  interruptionWords,
  METHOD_WORDS,
  missWords,
  periodWords,
  reasonOfStatus,
  reviewWords,
} from "./timeline_words.ts";

const SIDED_KINDS = new Set<TimelineItemKind>(["goal", "penaltyMissed", "card", "substitution"]);

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
  const isSided = (side === "home" || side === "away") && SIDED_KINDS.has(kind);
  // A period's own minute is its bound, which its name says already.
  const hasMinute = item.minute > 0 && kind !== "period";
  return element(
    "li",
    {
      class: isSided ? `item ${side}` : "item both",
      key: item.id,
      "data-testid": "timeline-item",
      "data-kind": kind,
      "data-status": status,
    },
    element("span", { class: "when" }, hasMinute && whenText(item)),
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
  const { kind, player, other } = item;
  switch (kind) {
    case "goal":
      return [
        item.score && item.status === "standing" &&
        element("b", { class: "tally" }, scoreText(item.score)),
        nameView(item, "Goal"),
        noteView(item, METHOD_WORDS[item.method], other?.name && `Assist ${other.name}`),
      ];
    case "penaltyMissed":
      return [nameView(item, "Penalty"), noteView(item, missWords(item))];
    case "card": {
      const card = CARD_WORDS[item.colour];
      return [nameView(item, card), noteView(item, player?.name && card)];
    }
    case "substitution":
      return [
        changeView("on", nameView(item, "Substitute")),
        other ? changeView("off", other.name) : null,
        noteView(item),
      ];
    case "review":
      return [element("strong", {}, "VAR"), element("span", {}, reviewWords(item))];
    case "period":
      return [element("strong", {}, periodWords(item))];
    default:
      return [element("strong", {}, interruptionWords(item))];
  }
}

function nameView({ player, status }: TimelineItem, fallback: string): HTMLElement {
  const tag = status === "annulled" ? "s" : "strong";
  return element(tag, { class: "who" }, player?.name || fallback);
}

/** What is small beside a name; of what was annulled only that it was, and why. */
function noteView(item: TimelineItem, ...words: (string | undefined)[]): HTMLElement | null {
  const isAnnulled = item.status === "annulled";
  const shown = isAnnulled
    ? [item.kind === "goal" ? "Goal annulled" : "Taken back", reasonOfStatus(item)]
    : [...words, item.amended && "corrected"];
  const text = shown.filter(Boolean).join(" · ");
  return text === "" ? null : element("small", {}, text);
}

function changeView(way: "on" | "off", name: Child): HTMLElement {
  return element(
    "span",
    { class: way },
    icon(way),
    element("span", { class: "unseen" }, way === "on" ? "On: " : "Off: "),
    name,
  );
}
