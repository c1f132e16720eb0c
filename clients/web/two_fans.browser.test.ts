/**
 * Two fans at a real server: what one predicts, the other sees in the crowd;
 * both are locked out by the kick-off, see what their picks are worth if it ended
 * now, and have at the end the points and the rank that the board has.
 *
 * The match is one of the replay, as a newcomer finds it: there is one to be
 * predicted at any time.
 */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFailed, test } from "vitest";
import { ProcessGroup } from "../../drills/process_group.ts";
import { until } from "../../drills/until.ts";

const ARTEFACTS = fileURLToPath(new URL("../../artefacts/", import.meta.url));
/** The next kick-off is never further off than 90 minutes of play; at this pace half a minute. */
const SPEED = "200";
/** Both have made their picks well before. */
const LEFT_MS_MIN = 15_000;

interface Listed {
  id: string;
  phase: string;
  kickoffAt: string;
}

let browser: Browser;
const group = new ProcessGroup({ GOLAZO_REPLAY_SPEED: SPEED, GOLAZO_SETTLEMENT_HOLD_MS: "0" });
let address = "";
let complaints = () => "";

beforeAll(async () => {
  mkdirSync(ARTEFACTS, { recursive: true });
  const server = await group.start();
  address = server.address;
  complaints = () => `alive: ${server.isAlive}; ${server.complaints(["ended", "signalled"])}`;
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
});
afterAll(async () => {
  await browser?.close();
  group.end();
});

/** The match to come that leaves enough time; waits for the next one where none does. */
async function matchToCome(): Promise<string> {
  let found: Listed | undefined;
  await until("a match is to come", async () => {
    const { matches }: { matches: Listed[] } = await (await fetch(`${address}/api/matches`)).json();
    found = matches.find(({ phase, kickoffAt }) =>
      phase === "scheduled" && Date.parse(kickoffAt) - Date.now() > LEFT_MS_MIN
    );
    return found !== undefined;
  }, 120_000);
  return found!.id;
}

/** A fan of their own: no storage is shared. */
async function fanAt(match: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 360, height: 780 } });
  const page = await context.newPage();
  await page.goto(`${address}/#/match/${match}`);
  await page.getByTestId("predict").waitFor();
  return page;
}

/** What the board has of the fan whose page it is. */
async function onBoard(
  page: Page,
  match: string,
): Promise<{ rank: number | null; points: number }> {
  const guest = await page.evaluate(`localStorage.getItem("golazo.guest")`) as string;
  const { subject } = JSON.parse(guest) as { subject: string };
  const reply = await fetch(`${address}/api/leaderboards/${match}?users=${subject}`);
  return (await reply.json()).standings[0];
}

const reads = (page: Page, testId: string, text: string | RegExp, timeout = 30_000) =>
  page.getByTestId(testId).filter({ hasText: text }).waitFor({ timeout });

test("two fans predict, follow their points and find them on the board", async () => {
  onTestFailed(() => console.error(`the server said: ${complaints()}`));
  const match = await matchToCome();
  const [ana, ben] = [await fanAt(match), await fanAt(match)];
  await ana.getByTestId("pick-matchWinner-draw").click();
  await reads(ana, "saved-matchWinner", "Saved");
  await reads(ben, "crowd-matchWinner", /1 fan picks.*100%/);
  await ben.getByTestId("pick-matchWinner-away").click();
  await reads(ana, "crowd-matchWinner", /2 fans pick.*50%.*50%/);
  await ben.getByRole("button", { name: /^One goal more/ }).first().click();
  await ben.getByTestId("set-finalScore").click();
  await reads(ben, "saved-finalScore", "Saved");
  await ben.evaluate("scrollTo(0, 0)");
  await ben.screenshot({ path: `${ARTEFACTS}two-fans-360x780.png`, fullPage: true });

  await reads(ben, "lock", "Your picks are locked in", 60_000);
  await reads(ben, "own-finalScore", "1 – 0");
  expect(await ben.getByTestId("pick-matchWinner-away").count()).toBe(0);
  await ben.reload();
  await ben.getByTestId("tab-predict").click();
  await reads(ben, "own-finalScore", "1 – 0");
  await reads(ana, "own-finalScore", "No pick");
  await reads(ana, "rank", "if it ended now");

  for (const page of [ana, ben]) await reads(page, "settlement", "Points are final", 150_000);
  const ranks = [];
  for (const page of [ana, ben]) {
    const { rank, points } = await onBoard(page, match);
    ranks.push(rank);
    await reads(page, "rank", `${points} points`);
    await reads(page, "rank", rank === null ? "–" : rank === 1 ? "1st" : "2nd");
  }
  // A draw, or an away win, or a home win that 1 – 0 is worth something of: one has points.
  expect(ranks).toContain(1);
  await ben.screenshot({ path: `${ARTEFACTS}two-fans-final-360x780.png`, fullPage: true });
});
