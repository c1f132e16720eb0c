/**
 * A fan's whole evening in a real browser, against a scripted server: predict,
 * be refused, meet the lock, watch the rank move, see the points settle.
 *
 * Nothing serious may be found by axe in any of its pictures, by day or night,
 * on a phone or wide; the pictures are kept in artefacts/.
 */
import axe from "axe-core";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MarketJson, PredictionToSend } from "../sdk/fan_json.ts";
import { ScriptedServer } from "./scripted_server.ts";

const ARTEFACTS = fileURLToPath(new URL("../../artefacts/", import.meta.url));
const ID = "arg-fra";
const PREDICTION = `prediction:${ID}`;
const BOARD = `leaderboard:${ID}`;
const PHONE = { width: 360, height: 780 };
const WIDE = { width: 1280, height: 800 };
const SCHEMES = ["dark", "light"] as const;
const MARKETS = ["finalScore", "firstScorer", "possession", "matchWinner", "toQualify"];
const TITLES: Record<string, string> = {
  finalScore: "Final score",
  firstScorer: "First goal scorer",
  possession: "Possession",
  matchWinner: "Match winner",
  toQualify: "To qualify",
};
const TOP: Record<string, MarketJson["crowd"]["top"]> = {
  finalScore: [{ pick: "2-1", fans: 41 }, { pick: "1-1", fans: 22 }, { pick: "1-0", fans: 9 }],
  firstScorer: [{ pick: "messi", fans: 60 }, { pick: "mbappe", fans: 31 }],
  matchWinner: [{ pick: "home", fans: 58 }, { pick: "draw", fans: 30 }, { pick: "away", fans: 12 }],
};

let browser: Browser;
beforeAll(async () => {
  mkdirSync(ARTEFACTS, { recursive: true });
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
});
afterAll(() => browser.close());

class Evening {
  readonly taken = new Map<string, PredictionToSend>();
  readonly server: ScriptedServer;
  refusal: { code: string; reason: string } | null = null;
  rank: number | null = 15;
  points = 0;
  lockAt = Date.now() + 95_000;
  page!: Page;
  readonly troubles: string[] = [];

  constructor() {
    const member = (id: string, name: string, number: number, starting = true) => ({
      player: { id, name },
      number,
      position: "",
      starting,
    });
    this.server = new ScriptedServer({
      id: ID,
      competition: "World Cup",
      stage: "Final",
      venue: "Lusail",
      home: { id: "arg", name: "Argentina", code: "ARG" },
      away: { id: "fra", name: "France", code: "FRA" },
      clockRate: 20,
      state: { phase: "scheduled", kickoffAt: this.lockAt, score: {} },
      lineups: [
        {
          side: "home",
          members: [
            member("messi", "Lionel Messi", 10),
            member("dybala", "Paulo Dybala", 21, false),
          ],
        },
        { side: "away", members: [member("mbappe", "Kylian Mbappé", 10)] },
      ],
    }, () => Date.now());
    const { routes } = this.server;
    routes.set("POST /api/session", () => ({
      status: 201,
      value: { token: "t", subject: "guest-me", role: "fan", expiresAt: Date.now() + 3_600_000 },
    }));
    routes.set(`GET /api/matches/${ID}/markets`, () => ({ value: this.markets() }));
    routes.set("POST /api/predictions", (body) => ({ value: { results: this.take(body) } }));
    routes.set(`GET /api/matches/${ID}/predictions`, () => ({
      value: { predictions: [...this.taken.values()].map((one) => ({ ...one, acceptedAt: 1 })) },
    }));
    routes.set(`GET /api/matches/${ID}/projection`, () => ({
      value: {
        points: this.points,
        rank: this.rank,
        fans: 100,
        provisional: false,
        picks: [...this.taken.values()].map(({ market, pick }) => ({
          market,
          pick,
          points: market === "finalScore" ? this.points : 0,
          mark: market === "possession" ? "void" : "settled",
        })),
      },
    }));
    const around = [[11, "ben"], [12, "guest-me"], [13, "cleo"]] as const;
    routes.set(`GET /api/leaderboards/${ID}?around=me&above=2&below=2`, () => ({
      value: {
        members: 61,
        rows: around.map(([rank, user]) => ({ rank, user, points: 5 })),
        me: { rank: 12, points: 5, user: "guest-me" },
      },
    }));
  }

  markets() {
    const none = { top: [], others: 0, fans: 0 };
    const markets = MARKETS.map((market) => ({
      market,
      title: TITLES[market]!,
      text: "The 90 minutes and added time count; extra time and the shootout do not.",
      state: "open",
      points: {},
      crowd: TOP[market] ? { top: TOP[market], others: 0, fans: 100 } : none,
    }));
    return { matchId: ID, lockAt: this.lockAt, rulesVersion: 1, suspended: false, markets };
  }

  take(body: unknown) {
    const { predictions } = body as { predictions: PredictionToSend[] };
    return predictions.map((one) => {
      const { clientId, market } = one;
      if (this.refusal) return { clientId, outcome: "rejected", ...this.refusal };
      this.taken.set(market, one);
      return { clientId, outcome: "taken" };
    });
  }

  async open(viewport = PHONE) {
    const address = await this.server.listen();
    this.page = await browser.newPage({ viewport });
    this.page.on("pageerror", ({ message }) => this.troubles.push(message));
    await this.page.goto(`${address}#/match/${ID}`);
    await this.see("predict").waitFor();
  }

  see(testId: string) {
    return this.page.getByTestId(testId);
  }

  async reads(testId: string, text: string | RegExp) {
    await this.see(testId).filter({ hasText: text }).waitFor();
  }

  lock() {
    this.lockAt = Date.now() - 1;
    this.server.say(PREDICTION, {
      markets: { lockAt: this.lockAt, open: [], reason: "kicked off" },
    });
    const state = { phase: "firstHalf", running: true, phaseStartedAt: Date.now() } as const;
    this.server.publish({ state: { ...state, kickoffAt: this.lockAt, score: {} } });
  }

  async close() {
    expect(this.troubles).toEqual([]);
    await this.page.close();
    this.server.close();
  }
}

/** Rules that axe finds broken in a way that keeps people out. */
async function barriers(page: Page): Promise<string[]> {
  // The page's policy runs no script but its own: this one comes by the debugger.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ["violations"] })
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}

describe("predictions on the page", () => {
  test("are made by keyboard alone, shown at once and kept over a reload", async () => {
    const evening = new Evening();
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
    const evening = new Evening();
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
    const evening = new Evening();
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

  test.each([PHONE, WIDE])(
    "let nobody out, from the first pick to the final points, at $width px",
    async (viewport) => {
      const evening = new Evening();
      await evening.open(viewport);
      const { page, server } = evening;
      const picture = async (what: string) => {
        await page.evaluate("document.activeElement?.blur(), scrollTo(0, 0)");
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme });
          const name = `predict-${what}-${viewport.width}x${viewport.height}-${colorScheme}`;
          const path = `${ARTEFACTS}${name}.png`;
          await page.screenshot({ path, fullPage: true, animations: "disabled" });
          expect(await barriers(page)).toEqual([]);
        }
        const overflow = "document.documentElement.scrollWidth - innerWidth";
        expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
      };
      await page.getByTestId("pick-matchWinner-home").click();
      await page.getByRole("button", { name: "One goal more for Argentina" }).click();
      await evening.reads("saved-matchWinner", "Saved");
      evening.refusal = { code: "unknownPlayer", reason: "a player of either side is needed" };
      await page.getByTestId("scorer").selectOption("mbappe");
      await evening.see("refusal-firstScorer").waitFor();
      evening.refusal = null;
      await picture("open");

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
      await picture("live");
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
      await picture("settling");

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
      await picture("final");
      await evening.close();
    },
  );
});

test("the list calls to predict what has not begun", async () => {
  const evening = new Evening();
  const { id, competition, stage, home, away } = evening.server.match;
  evening.server.listed = [{
    ...{ id, competition, stage, home, away, clockRate: 1, phase: "scheduled" },
    kickoffAt: new Date(evening.lockAt).toISOString(),
    ...{ phaseStartedAt: null, running: false, stoppageAnnounced: 0, review: null },
    ...{ score: { home: 0, away: 0 }, shootout: null, winner: null, feedSilentSince: null },
  }];
  await evening.open();
  await evening.page.getByRole("link", { name: "All matches", exact: true }).click();
  await evening.reads(`match-card-${ID}`, "Predict now");
  await evening.close();
});
