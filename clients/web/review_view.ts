/**
 * The video referee's banner: while a review is open, and what came of it.
 */
import type { MatchPicture } from "../sdk/mod.ts";
import { icon } from "./drawings.ts";
import { element } from "./dom.ts";
import { reviewText, scoreText } from "./match_words.ts";
import type { Moment } from "./moments.ts";
import { reviewWords } from "./timeline_words.ts";

export function reviewView(
  picture: MatchPicture,
  moments: readonly Moment[],
  now: number,
): HTMLElement | null {
  const { review, score } = picture.state;
  if (review) {
    const seconds = Math.max(0, Math.floor((now - review.since) / 1_000));
    const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    return banner(
      "open",
      reviewText(review.reason),
      "Play is stopped for the video referee",
      clock,
    );
  }
  const reviewed = moments.find(({ kind }) => kind === "reviewed");
  if (!reviewed) return null;
  if (moments.some(({ kind }) => kind === "annulled")) {
    return banner("annulled", "Goal annulled", `The score is ${scoreText(score)}`, "");
  }
  const last = picture.timeline.filter(({ kind }) => kind === "review").at(-1);
  return banner("over", "Check over", last ? reviewWords(last) : "Play goes on", "");
}

function banner(outcome: string, title: string, detail: string, clock: string): HTMLElement {
  return element(
    "section",
    {
      class: `var-banner ${outcome}`,
      "data-testid": "var-banner",
      "data-outcome": outcome,
      "aria-label": "Video review",
    },
    element("span", { class: "var-sign" }, icon("screen"), element("b", {}, "VAR")),
    element(
      "span",
      { class: "var-words" },
      element("strong", {}, title),
      element("span", {}, detail),
    ),
    clock !== "" && element("span", { class: "var-clock" }, clock),
  );
}
