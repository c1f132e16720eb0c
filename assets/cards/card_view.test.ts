import { describe, expect, test } from "vitest";
import {
  applyAll,
  card as carded,
  correction,
  ended,
  FEED,
  fullTime,
  goal,
  interruption,
  kicks,
  reviewClosed,
  reviewOpened,
  scheduled,
  started,
} from "../../actors/match/match.testing.ts";
import type { ProviderFact } from "../../actors/match/match_event.ts";
import { cardOf } from "./card_view.ts";
import { wordsOf } from "./card_words.ts";

const by = (name: string) => ({ player: { name } });
const cardAfter = (...facts: ProviderFact[]) => cardOf(applyAll([scheduled(), ...facts]).view);
const messi = goal("home", 23, { method: "penalty", ...by("Lionel Messi") });

describe("cardOf", () => {
  test("shows when a match begins, and no score before", () => {
    const { home, away, status, headline } = cardAfter();
    expect([home.score, away.score, status]).toEqual([null, null, "Kick-off to come"]);
    expect(headline!.text).toMatch(/^18 December 2022 at 15:00 UTC$/);
  });

  test("shows the score, the phase and a goal as its news", () => {
    const card = cardAfter(started("firstHalf"), messi);
    expect([card.home.score, card.away.score, card.status, card.tone])
      .toEqual([1, 0, "First half", "live"]);
    expect(card.headline).toEqual({ tone: "goal", text: "23’ Goal: Lionel Messi" });
    expect(card.home.scorers).toEqual([{ name: "Lionel Messi", when: "23’ (p)" }]);
  });

  test("lists a scorer once, three a side, and how many more", () => {
    const goals = ["A", "B", "C", "D", "A", "E"].map((name, at) => goal("away", 10 + at, by(name)));
    const { away } = cardAfter(started("firstHalf"), ...goals);
    expect(away.scorers).toEqual([
      { name: "A", when: "10’, 14’" },
      { name: "B", when: "11’" },
      { name: "C", when: "12’" },
    ]);
    expect(away.more).toBe(2);
  });

  test("says annulled by VAR while nothing follows, and takes the scorer off", () => {
    const opened = reviewOpened(24, { target: { provider: FEED, id: messi.id } });
    const play = [started("firstHalf"), messi, opened];
    expect(cardAfter(...play).headline).toEqual({
      tone: "review",
      text: "VAR: checking the goal",
    });
    const closed = [...play, reviewClosed(25, "goalAnnulled")];
    const card = cardAfter(...closed);
    expect(card.headline).toEqual({
      tone: "annulled",
      text: "23’ Goal annulled by VAR: Lionel Messi",
    });
    expect([card.home.score, card.home.scorers]).toEqual([0, []]);
    expect(cardAfter(...closed, carded("away", 30, "red", by("Upamecano"))).headline)
      .toEqual({ tone: "red", text: "30’ Red card: Upamecano" });
    expect(cardAfter(...closed, ended("firstHalf")).headline).toBeNull();
  });

  test("says annulled, and not by whom, where no review was told", () => {
    const card = cardAfter(started("firstHalf"), messi, correction("goal.annulled", messi));
    expect(card.headline?.text).toBe("23’ Goal annulled: Lionel Messi");
  });

  test("shows a shootout and who won it", () => {
    const straight = scheduled({ format: { kind: "straightShootout" } as never });
    const format = [straight, ...fullTime()];
    const { view } = applyAll([...format, started("shootout"), ...kicks("home", "+-+-+-")]);
    const card = cardOf(view);
    expect(card.shootout).toEqual({ home: 3, away: 0 });
  });

  test("shows what stopped a match", () => {
    const card = cardAfter(
      started("firstHalf"),
      interruption("match.suspended", 30, { reason: "fog" }),
    );
    expect([card.status, card.tone]).toEqual(["Suspended", "stopped"]);
  });

  test("is the same for views that say the same", () => {
    const once = applyAll([scheduled(), started("firstHalf"), messi]);
    const later = applyAll([carded("home", 25, "yellow")], once);
    expect(cardOf(later.view)).toEqual(cardOf(once.view));
  });
});

describe("marks", () => {
  const markOf = (code: string | undefined, name: string) =>
    cardOf(applyAll([scheduled({ home: { id: "team", name, ...(code ? { code } : {}) } })]).view)
      .home.mark;

  test("are flags for countries, in any language", () => {
    const flag = (country: string) => ({ kind: "flag", country });
    expect(markOf("ARG", "Argentina")).toEqual(flag("ar"));
    expect(markOf("ENG", "England")).toEqual(flag("gb-eng"));
    expect(markOf("KSA", "المملكة العربية السعودية")).toEqual(flag("sa"));
    expect(markOf("CHN", "中国")).toEqual(flag("cn"));
    expect(markOf("RUS", "Россия")).toEqual(flag("ru"));
    expect(markOf("CIV", "Côte d’Ivoire")).toEqual(flag("ci"));
    expect(markOf("KOR", "Korea Republic")).toEqual(flag("kr"));
    expect(markOf("BRA", "Brazil U20")).toEqual(flag("br"));
  });

  test("are badges for clubs that have a country's letters", () => {
    expect(markOf("POR", "FC Porto")).toMatchObject({ kind: "badge", letters: "POR" });
    expect(markOf("BRA", "Sporting Braga")).toMatchObject({ kind: "badge" });
    expect(markOf(undefined, "Ajax")).toMatchObject({ kind: "badge", letters: "AJA" });
  });
});

describe("wordsOf", () => {
  test("tells all that the image shows", () => {
    const { title, description, alt } = wordsOf(cardAfter(started("firstHalf"), messi));
    expect(title).toBe("Argentina 1–0 France");
    expect(description)
      .toBe("First half · 23’ Goal: Lionel Messi · Argentina: Lionel Messi 23’ (p)");
    expect(alt).toBe(`FIFA World Cup 2022, Final: ${title}. ${description}`);
  });
});
