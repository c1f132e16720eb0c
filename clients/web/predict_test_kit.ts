/**
 * A fan's evening at a scripted server, in a browser: the match, its markets and
 * a server that takes or refuses predictions, ranks the fan and locks as it is told.
 */
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { PHONE, type TestBrowser } from "../browser_test_kit.ts";
import type { MarketJson, PredictionToSend } from "../sdk/fan_json.ts";
import { ScriptedServer } from "./scripted_server.ts";

export const MATCH = "arg-fra";
export const PREDICTION = `prediction:${MATCH}`;
export const BOARD = `leaderboard:${MATCH}`;
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

export class Evening {
  readonly taken = new Map<string, PredictionToSend>();
  readonly server: ScriptedServer;
  refusal: { code: string; reason: string } | null = null;
  rank: number | null = 15;
  points = 0;
  lockAt = Date.now() + 95_000;
  page!: Page;
  readonly #browser: TestBrowser;

  constructor(browser: TestBrowser) {
    this.#browser = browser;
    const member = (id: string, name: string, number: number, starting = true) => ({
      player: { id, name },
      number,
      position: "",
      starting,
    });
    this.server = new ScriptedServer({
      id: MATCH,
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
    routes.set(`GET /api/matches/${MATCH}/markets`, () => ({ value: this.markets() }));
    routes.set("POST /api/predictions", (body) => ({ value: { results: this.take(body) } }));
    routes.set(`GET /api/matches/${MATCH}/predictions`, () => ({
      value: { predictions: [...this.taken.values()].map((one) => ({ ...one, acceptedAt: 1 })) },
    }));
    routes.set(`GET /api/matches/${MATCH}/projection`, () => ({
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
    routes.set(`GET /api/leaderboards/${MATCH}?around=me&above=2&below=2`, () => ({
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
    return { matchId: MATCH, lockAt: this.lockAt, rulesVersion: 1, suspended: false, markets };
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
    this.page = await this.#browser.visit(`${address}#/match/${MATCH}`, { viewport });
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
    expect(this.#browser.troubles).toEqual([]);
    await this.page.context().close();
    this.server.close();
  }
}
