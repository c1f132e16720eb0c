/**
 * A fan's whole evening in a real browser, against a scripted server: predict,
 * be refused, meet the lock, watch the rank move, see the points settle.
 *
 * Nothing serious may be found by axe in any of its pictures, by day or night,
 * on a phone or wide; the pictures are kept in artefacts/.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { PHONE, picture, TestBrowser, WIDE } from "../browser_test_kit.ts";
import { BOARD, Evening, PREDICTION } from "./predict_test_kit.ts";

let browser: TestBrowser;
beforeAll(async () => {
  browser = await TestBrowser.launch();
});
afterAll(() => browser?.close());

test.each([PHONE, WIDE])(
  "predictions let nobody out, from the first pick to the final points, at $width px",
  async (viewport) => {
    const evening = new Evening(browser);
    await evening.open(viewport);
    const { page, server } = evening;
    const whole = async (what: string) => {
      await page.evaluate("document.activeElement?.blur(), scrollTo(0, 0)");
      await picture(page, `predict-${what}`, [viewport], { fullPage: true });
    };
    await page.getByTestId("pick-matchWinner-home").click();
    await page.getByRole("button", { name: "One goal more for Argentina" }).click();
    await evening.reads("saved-matchWinner", "Saved");
    evening.refusal = { code: "unknownPlayer", reason: "a player of either side is needed" };
    await page.getByTestId("scorer").selectOption("mbappe");
    await evening.see("refusal-firstScorer").waitFor();
    evening.refusal = null;
    await whole("open");

    await page.getByTestId("set-finalScore").click();
    await page.getByTestId("set-possession").click();
    await evening.reads("saved-finalScore", "Saved");
    await evening.reads("saved-possession", "Saved");
    evening.points = 2;
    evening.lock();
    await evening.reads("lock", "Your picks are locked in");
    await evening.reads("rank", /15th.*2 points/);
    evening.points = 5;
    evening.rank = 12;
    const rows = [{ points: 9, fans: 3, rank: 1 }, { points: 5, fans: 40, rank: 12 }];
    server.say(BOARD, { projection: { rows, fans: 100, score: { home: 1 } } });
    server.publish({ goal: { side: "home", home: 1 } });
    await evening.reads("rank", /12th.*up 3.*5 points/);
    await evening.reads("own-finalScore", "1 – 0+5 points");
    await evening.reads("top", "If it ended now");
    const locked = { lockAt: evening.lockAt, open: [] };
    server.say(PREDICTION, { markets: { ...locked, suspended: true, reason: "goal" } });
    await evening.reads(
      "lock",
      "Your picks are locked inNobody knows yet whether the goal stands",
    );
    await whole("live");
    server.say(PREDICTION, { markets: { ...locked, reason: "locked" } });

    const over = { phase: "finished", winner: "homeWins", score: { home: 1 } } as const;
    server.publish({ state: { ...over, kickoffAt: evening.lockAt } });
    const settling = { run: 1, chunks: 8, predictions: 100 };
    server.say(PREDICTION, {
      settlement: { ...settling, phase: "chunking", committed: 5, ranked: 3 },
    });
    await evening.reads("settlement", "Points are being settled");
    expect(await page.locator("progress").getAttribute("value")).toBe("50");
    await evening.reads("rank", "not final yet, of 100 fans");
    await whole("settling");

    evening.rank = null;
    const top = ["ana", "guest-k2m4x9", "ben", "dora", "emil", "finn"];
    const standings = top.map((user, at) => ({ rank: at + 1, user, points: 14 - at }));
    server.say(BOARD, { standings: { rows: standings, members: 61, version: "v2" } });
    server.say(PREDICTION, {
      settlement: { ...settling, phase: "settled", committed: 8, ranked: 8 },
    });
    await evening.reads("settlement", "Points are final");
    await evening.reads("top", /1ana14 points.*2Guest k2m4.*12You5 points/);
    await evening.reads("rank", /12th.*5 points.*of 61 with points/);
    await whole("final");
    await evening.close();
  },
);
