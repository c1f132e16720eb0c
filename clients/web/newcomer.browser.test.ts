/**
 * A newcomer's first minutes: the README's command, a real browser, nothing
 * injected. The page tells a goal, its review and its roll-back by itself; what
 * it shows of a shootout is what the ledger has; without a server it says so.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../drills/until.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ARTEFACTS = join(ROOT, "artefacts");
const REVIEWED = "tun-fra-2022-11-30";
const SHOOTOUT = "arg-fra-2022-12-18";
/** The reviewed match comes third and takes 6,700 s of play: half a minute. */
const SPEED = "200";

interface Seen {
  score: string;
  banner: string;
}

describe("a newcomer", () => {
  let browser: Browser;
  let server: ChildProcess;
  let folder: string;
  let address = "";
  const warnings: string[] = [];

  beforeAll(async () => {
    mkdirSync(join(ROOT, "data"), { recursive: true });
    mkdirSync(ARTEFACTS, { recursive: true });
    folder = mkdtempSync(join(ROOT, "data", "newcomer-"));
    const env = { PORT: "0", ADMIN_LISTEN: "127.0.0.1:0", GOLAZO_DATA: folder };
    server = spawn("npx", ["-y", "deno", "task", "start"], {
      cwd: ROOT,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...withoutSettings(), ...env, GOLAZO_REPLAY_SPEED: SPEED },
    });
    createInterface({ input: server.stdout! }).on("line", (line) => {
      address = /^listening (http:\/\/.+)$/.exec(line)?.[1] ?? address;
    });
    createInterface({ input: server.stderr! }).on("line", (line) => {
      // Its log begins with the time; npm has things of its own to say.
      if (/^[\d:.]+ (warn|error) /.test(line)) warnings.push(line);
    });
    await until("the README's command prints where it listens", () => address !== "", 60_000);
    browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    });
  });

  afterAll(async () => {
    await browser?.close();
    stopServer();
    rmSync(folder, { recursive: true, force: true });
  });

  /** `npx` and `deno task` stand between: the signal goes to their whole group. */
  function stopServer(): void {
    try {
      process.kill(-server.pid!, "SIGKILL");
    } catch {
      // It has ended already.
    }
  }

  async function open(path: string, width: number, height: number, scheme: "dark" | "light") {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
    await page.goto(address + path);
    return page;
  }

  const picture = (page: Page, name: string) =>
    page.screenshot({ path: join(ARTEFACTS, `${name}.png`) });

  test("is not met with a warning", () => {
    expect(warnings).toEqual([]);
  });

  test("finds four matches and more, two of them live", async () => {
    const page = await open("/", 360, 780, "dark");
    await until("four matches are listed", async () => {
      return await page.locator("[data-testid^=match-card-]").count() >= 4;
    });
    const live = await page.locator("[data-testid^=match-card-] .minute.is-live").count();
    expect(live).toBeGreaterThanOrEqual(2);
    await picture(page, "list-360x780-dark");
    const wide = await open("/", 1280, 800, "light");
    await wide.getByTestId("match-list").waitFor();
    await picture(wide, "list-1280x800-light");
    await wide.close();
    await page.close();
  });

  test("sees a goal, then the review, then the lower score", async () => {
    const page = await open(`/#/match/${REVIEWED}`, 360, 780, "light");
    await page.getByTestId("score").waitFor({ timeout: 60_000 });
    await page.evaluate(recordWhatIsShown);
    const seen = () => page.evaluate(() => (globalThis as unknown as { seen: Seen[] }).seen);
    const goalAt = (list: Seen[]) => list.findIndex(({ score }) => score === "1 – 1");
    const bannerAt = (list: Seen[], from: number) =>
      list.findIndex(({ banner }, at) => at >= from && banner === "open");
    const fallAt = (list: Seen[], from: number) =>
      list.findIndex(({ score }, at) => at >= from && score === "1 – 0");
    await until("the score fell again", async () => {
      const list = await seen();
      const goal = goalAt(list);
      return goal >= 0 && fallAt(list, goal) >= 0;
    }, 90_000);
    await picture(page, "annulled-360x780-light");
    const list = await seen();
    const goal = goalAt(list);
    const banner = bannerAt(list, goal);
    expect(list.slice(0, goal).some(({ score }) => score === "1 – 0")).toBe(true);
    expect(banner).toBeGreaterThanOrEqual(goal);
    expect(fallAt(list, goal)).toBeGreaterThanOrEqual(banner);
    await page.locator("[data-testid=timeline-item][data-status=annulled]").first().waitFor();
    await page.close();
  });

  test("sees the ledger's kicks as dots", async () => {
    const page = await open(`/#/match/${SHOOTOUT}`, 1280, 800, "dark");
    await page.getByTestId("shootout").waitFor();
    const kicks = async () => {
      const reply = await fetch(`${address}/api/matches/${SHOOTOUT}`);
      const { shootout } = await reply.json();
      return shootout.kicks.map(({ side, scored }: { side: string; scored: boolean }) =>
        `${side} ${scored ? "scored" : "missed"}`
      ).sort();
    };
    const dots = () =>
      page.locator("[data-testid=kick-dot]:not([data-result=pending])").evaluateAll((found) =>
        found.map((dot) => `${dot.getAttribute("data-side")} ${dot.getAttribute("data-result")}`)
          .sort()
      );
    await until("all eight kicks are taken", async () => (await kicks()).length === 8);
    await until("the page shows them", async () => (await dots()).length === 8);
    expect(await dots()).toEqual(await kicks());
    await picture(page, "shootout-1280x800-dark");
    await page.close();
  });

  test("is told when the server is gone", async () => {
    const page = await open(`/#/match/${SHOOTOUT}`, 360, 780, "dark");
    await page.getByTestId("score").waitFor();
    expect(await page.getByTestId("stale").count()).toBe(0);
    stopServer();
    await page.getByTestId("stale").waitFor({ timeout: 10_000 });
    expect(await page.getByTestId("score").textContent()).toBe("3 – 3");
    await picture(page, "stale-360x780-dark");
    await page.close();
  });
});

/** A newcomer has set nothing. */
function withoutSettings(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("GOLAZO_")),
  );
}

/** Runs in the page: keeps every state that a fan could have seen. */
function recordWhatIsShown(): void {
  const page = globalThis as unknown as { seen: Seen[]; document: Document };
  const look = () => {
    const find = (id: string) => page.document.querySelector(`[data-testid=${id}]`);
    const score = find("score")?.textContent ?? "";
    const banner = find("var-banner")?.getAttribute("data-outcome") ?? "";
    const last = page.seen.at(-1);
    if (last?.score !== score || last.banner !== banner) page.seen.push({ score, banner });
  };
  page.seen = [];
  look();
  new MutationObserver(look).observe(page.document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  });
}
