/**
 * The built page in a real browser: what a fan sees when goals come, are taken
 * back, kicks are taken and the network goes.
 */
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ScriptedServer } from "./scripted_server.ts";

const CHROMIUM = "/usr/bin/chromium";
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
const state = { phase: "firstHalf", running: true, score: { home: 1, away: 0 } } as const;
const player = { name: "Lionel Messi" };
const goal = { id: 5, order: 1, kind: "goal", side: "home", minute: 23, player } as const;

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
});
afterAll(() => browser.close());

async function open(path: string, viewport = { width: 360, height: 780 }) {
  const server = new ScriptedServer({
    id: "arg-fra",
    competition: "World Cup",
    stage: "Final",
    home: { id: "arg", name: "Argentina", code: "ARG" },
    away: { id: "fra", name: "France", code: "FRA" },
    clockRate: 20,
    state: { ...state, phaseStartedAt: Date.now() - 60_000 },
    timeline: [goal],
  }, () => Date.now());
  const { competition, stage, home, away, clockRate, id } = server.match;
  const team = { id, competition, stage, home, away, clockRate };
  server.listed = [{
    ...team,
    ...state,
    kickoffAt: "2022-12-18T15:00:00Z",
    phaseStartedAt: null,
    stoppageAnnounced: 0,
    review: null,
    shootout: null,
    winner: null,
    feedSilentSince: null,
  }];
  const address = await server.listen();
  const page = await browser.newPage({ viewport });
  const troubles: string[] = [];
  page.on("pageerror", ({ message }) => troubles.push(message));
  page.on("request", (request) => {
    if (!request.url().startsWith(address)) troubles.push(`asks ${request.url()}`);
  });
  await page.goto(address + path);
  return { server, page, troubles };
}

const see = (page: Page, testId: string) => page.getByTestId(testId);
const text = (page: Page, testId: string) => see(page, testId).textContent();

async function waitForScore(page: Page, score: string): Promise<void> {
  await see(page, "score").filter({ hasText: new RegExp(`^${score}$`) }).waitFor();
}

describe("the page of a match", () => {
  test("shows a goal, its review and its roll-back", async () => {
    const { server, page, troubles } = await open("#/match/arg-fra");
    await waitForScore(page, "1 – 0");
    expect(await text(page, "minute")).toBe("21’");
    expect(await text(page, "phase")).toBe("First half");
    expect(await text(page, "replay-note")).toBe("Replay ×20");

    const second = { ...goal, id: 6, order: 2, minute: 30, score: { home: 2 } };
    server.publish({ goal: { side: "home", home: 2 } }, { item: second });
    await waitForScore(page, "2 – 0");
    server.publish({ state: { ...state, score: { home: 2 }, review: { reason: "goal" } } });
    await see(page, "var-banner").filter({ hasText: "Checking the goal" }).waitFor();

    server.publish(
      { goal: { kind: "annulled", side: "home", home: 1 } },
      { item: { ...second, status: "annulled", text: "annulled: offside", score: undefined } },
      { state },
    );
    await waitForScore(page, "1 – 0");
    expect(await see(page, "var-banner").getAttribute("data-outcome")).toBe("annulled");
    const line = page.locator("[data-testid=timeline-item][data-status=annulled]");
    expect(await line.locator("s").textContent()).toBe("Lionel Messi");
    expect(await line.textContent()).toContain("Goal annulled · offside");
    expect(await page.getByRole("status").textContent()).toContain("Goal annulled. Argentina 1");
    expect(await page.title()).toBe("ARG 1 – 0 FRA – Golazo");
    expect(troubles).toEqual([]);
    await page.close();
    server.close();
  });

  test("grows the shootout into sudden death", async () => {
    const { server, page } = await open("#/match/arg-fra");
    await waitForScore(page, "1 – 0");
    server.publish({ state: { phase: "shootout", score: { home: 1, away: 1 }, shootout: {} } });
    const dots = (result: string, side: string) =>
      page.locator(`[data-testid=kick-dot][data-result=${result}][data-side=${side}]`);
    await dots("pending", "away").nth(4).waitFor();
    for (let number = 1; number <= 10; number++) {
      const side = number % 2 === 1 ? "home" : "away";
      const [home, away] = [Math.ceil(number / 2), Math.floor(number / 2)];
      server.publish({ kick: { number, side, scored: true, home, away } });
    }
    await dots("scored", "away").nth(4).waitFor();
    expect(await dots("scored", "home").count()).toBe(5);
    expect(await dots("pending", "home").count()).toBe(1);
    server.publish({ kick: { number: 11, side: "home", scored: false, home: 5, away: 5 } });
    await dots("missed", "home").waitFor();
    expect(await dots("pending", "away").count()).toBe(1);
    await page.close();
    server.close();
  });

  test("says how old the score is without a connection, and resumes where it was", async () => {
    const { server, page } = await open("#/match/arg-fra");
    await waitForScore(page, "1 – 0");
    server.publish({ goal: { side: "away", home: 1, away: 1 } });
    await waitForScore(page, "1 – 1");
    server.isDown = true;
    server.dropSockets();
    await see(page, "stale").waitFor();
    expect(await text(page, "stale")).toMatch(/No connection – score as of \d+:\d\d:\d\d/);
    expect(await text(page, "score")).toBe("1 – 1");
    server.isDown = false;
    await see(page, "stale").waitFor({ state: "detached" });
    expect(server.subscribes.at(-1)).toMatchObject({ epoch: "e1", offset: 1 });
    await page.close();
    server.close();
  });

  test("pauses and continues its updates", async () => {
    const { server, page } = await open("#/match/arg-fra");
    await waitForScore(page, "1 – 0");
    await page.getByRole("button", { name: "Pause updates" }).click();
    server.publish({ goal: { side: "home", home: 2 } });
    await see(page, "paused").waitFor();
    expect(await text(page, "score")).toBe("1 – 0");
    await page.getByRole("button", { name: "Continue" }).click();
    await waitForScore(page, "2 – 0");
    await page.close();
    server.close();
  });
});

describe("the list", () => {
  test.each([{ width: 360, height: 780 }, { width: 1280, height: 800 }])(
    "follows its matches and leads to one by keyboard at $width px",
    async (viewport) => {
      const { server, page, troubles } = await open("", viewport);
      await waitForScore(page, "1 – 0");
      const overflow = "document.documentElement.scrollWidth - innerWidth";
      expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
      await see(page, "connection").filter({ hasText: "Live" }).waitFor();
      server.publish({ goal: { side: "home", home: 2 } });
      await waitForScore(page, "2 – 0");
      await see(page, "match-card-arg-fra").focus();
      await page.keyboard.press("Enter");
      await see(page, "timeline-item").waitFor();
      expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
      await see(page, "tab-timeline").focus();
      await page.keyboard.press("ArrowRight");
      expect(await see(page, "tab-lineups").getAttribute("aria-selected")).toBe("true");
      expect(await page.evaluate("document.activeElement.id")).toBe("tab-lineups");
      expect(troubles).toEqual([]);
      await page.close();
      server.close();
    },
  );
});
