/**
 * A fan predicts in a real browser, against a scripted server: by keyboard alone,
 * is refused, meets the lock, is called to it by the list.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestBrowser } from "../browser_test_kit.ts";
import { Evening, MATCH, PREDICTION } from "./predict_test_kit.ts";

let browser: TestBrowser;
beforeAll(async () => {
  browser = await TestBrowser.launch();
});
afterAll(() => browser?.close());

describe("predictions on the page", () => {
  test("are made by keyboard alone, shown at once and kept over a reload", async () => {
    const evening = new Evening(browser);
    await evening.open();
    const { page, taken } = evening;
    await evening.reads("lock", /Closes in 1:\d\d/);
    const more = page.getByRole("button", { name: "One goal more for Argentina" });
    await more.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Space");
    expect(await more.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(
      true,
    );
    await page.getByRole("button", { name: "One goal more for France" }).press("Enter");
    expect(taken.size).toBe(0);
    await page.getByRole("button", { name: "Predict 2 – 1" }).press("Enter");
    await evening.reads("saved-finalScore", "Saved");
    await page.getByTestId("pick-matchWinner-home").press("Space");
    await evening.reads("saved-matchWinner", "Saved");
    await page.getByRole("slider", { name: "Possession of Argentina" }).press("ArrowRight");
    await page.getByRole("button", { name: "Predict 51%" }).press("Enter");
    await page.getByTestId("scorer").selectOption("messi");
    await evening.reads("saved-firstScorer", "Saved");
    await evening.reads("saved-possession", "Saved");
    expect(Object.fromEntries([...taken].map(([market, { pick }]) => [market, pick]))).toEqual({
      finalScore: "2-1",
      matchWinner: "home",
      possession: "51",
      firstScorer: "messi",
    });
    await page.reload();
    await evening.reads("saved-finalScore", "Saved");
    expect(await page.getByTestId("scorer").inputValue()).toBe("messi");
    expect(await page.getByTestId("pick-matchWinner-home").getAttribute("aria-pressed")).toBe(
      "true",
    );
    await evening.close();
  });

  test("are taken back on a refusal, and it is said why", async () => {
    const evening = new Evening(browser);
    await evening.open();
    const { page } = evening;
    await page.getByTestId("scorer").selectOption("messi");
    await evening.reads("saved-firstScorer", "Saved");
    evening.refusal = { code: "unknownPlayer", reason: "a player of either side is needed" };
    await page.getByTestId("scorer").selectOption("mbappe");
    await evening.reads("refusal-firstScorer", "Kylian Mbappé a player of either side is needed");
    expect(await page.getByTestId("scorer").inputValue()).toBe("messi");
    expect(await page.getByRole("status").last().textContent()).toContain(
      "a player of either side",
    );
    await page.getByTestId("pick-matchWinner-away").click();
    await evening.see("refusal-matchWinner").waitFor();
    expect(await page.locator("[aria-pressed=true][data-pick]").count()).toBe(0);
    await evening.close();
  });

  test("follow the crowd and lock by the clock", async () => {
    const evening = new Evening(browser);
    evening.lockAt = Date.now() + 4_000;
    await evening.open();
    const { page, server } = evening;
    server.say(PREDICTION, {
      crowd: { market: "toQualify", fans: 4, top: [{ pick: "away", fans: 3 }] },
    });
    await evening.reads("crowd-toQualify", /4 fans pick.*France75%/);
    await evening.reads("lock", "Closes in 0:0");
    await page.getByTestId("scorer").waitFor();
    await evening.reads("lock", "Predictions are closed");
    expect(await page.getByTestId("scorer").count()).toBe(0);
    await evening.close();
  });
});

test("the list calls to predict what has not begun", async () => {
  const evening = new Evening(browser);
  const { id, competition, stage, home, away } = evening.server.match;
  evening.server.listed = [{
    ...{ id, competition, stage, home, away, clockRate: 1, phase: "scheduled" },
    kickoffAt: new Date(evening.lockAt).toISOString(),
    ...{ phaseStartedAt: null, running: false, stoppageAnnounced: 0, review: null },
    ...{ score: { home: 0, away: 0 }, shootout: null, winner: null, feedSilentSince: null },
  }];
  await evening.open();
  await evening.page.getByRole("link", { name: "All matches", exact: true }).click();
  await evening.reads(`match-card-${MATCH}`, "Predict now");
  await evening.close();
});
