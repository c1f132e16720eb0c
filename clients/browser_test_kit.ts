/**
 * What tests of the pages do in a real browser: people of their own, the Tab key,
 * pictures by day and night on a phone and wide, axe on each of them, and the way
 * to a chat.
 */
import axe from "axe-core";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { until } from "../drills/until.ts";

const ARTEFACTS = fileURLToPath(new URL("../artefacts/", import.meta.url));
export const PHONE = { width: 360, height: 780 };
export const WIDE = { width: 1280, height: 800 };
const SCHEMES = ["dark", "light"] as const;
const TABS_MAX = 120;
const WAIT_MS_MAX = 30_000;
const ROOM_MS_MAX = 60_000;

export class TestBrowser {
  /** What pages complained of: errors, and what their policy did not permit. */
  readonly troubles: string[] = [];
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(): Promise<TestBrowser> {
    mkdirSync(ARTEFACTS, { recursive: true });
    return new TestBrowser(
      await chromium.launch({
        executablePath: "/usr/bin/chromium",
        args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
      }),
    );
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  /** A person of their own: no storage is shared. */
  async visit(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({ viewport: PHONE, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS_MAX);
    page.on("pageerror", ({ message }) => this.troubles.push(message));
    page.on("console", (line) => {
      if (/Content.Security.Policy/i.test(line.text())) this.troubles.push(line.text());
    });
    await page.goto(url);
    return page;
  }
}

/** By the Tab key, as somebody without a mouse does. */
export async function tabTo(page: Page, testId: string, key = "Tab"): Promise<void> {
  for (let presses = 0; presses < TABS_MAX; presses++) {
    const at = await page.evaluate("document.activeElement?.dataset?.testid ?? ''");
    if (at === testId) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Cannot reach ${testId} by the Tab key in ${TABS_MAX} presses`);
}

/** Keeps it in artefacts/ in both schemes; nothing serious may be found, nothing be too wide. */
export async function picture(
  page: Page,
  name: string,
  sizes = [PHONE, WIDE],
  { fullPage } = { fullPage: false },
): Promise<void> {
  for (const viewport of sizes) {
    await page.setViewportSize(viewport);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      const path = `${ARTEFACTS}${name}-${viewport.width}x${viewport.height}-${colorScheme}.png`;
      await page.screenshot({ path, fullPage, animations: "disabled" });
      expect(await barriers(page), path).toEqual([]);
    }
    const overflow = "document.documentElement.scrollWidth - innerWidth";
    expect(await page.evaluate(overflow), `${name} is too wide`).toBeLessThanOrEqual(0);
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
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

/** Nobody has written there yet: the match is still to come. */
export async function roomOfScheduledMatch(address: string): Promise<string> {
  let room = "";
  await until("a match to come has a room", async () => {
    const { matches } = await (await fetch(`${address}/api/matches`)).json();
    for (const { id, phase } of matches as { id: string; phase: string }[]) {
      if (phase !== "scheduled") continue;
      if ((await fetch(`${address}/api/rooms/${id}`)).ok) room = id;
    }
    return room !== "";
  }, ROOM_MS_MAX);
  return room;
}

export const message = (page: Page, text: string) =>
  page.getByTestId("message").filter({ hasText: text });

/** Of a match that is still to come, whose page opens with its predictions. */
export async function openChat(page: Page): Promise<void> {
  await page.getByTestId("tab-predict").waitFor();
  await tabTo(page, "tab-predict");
  await page.keyboard.press("ArrowLeft");
  await page.getByTestId("chat-list").waitFor();
}

export async function write(page: Page, text: string): Promise<void> {
  await tabTo(page, "chat-text");
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
  await message(page, text).waitFor();
}

/** To a message by the arrows, from the list's own stop of the Tab key. */
export async function goTo(page: Page, text: string): Promise<void> {
  await tabTo(page, "message");
  for (let presses = 0; presses < TABS_MAX; presses++) {
    const said = await page.evaluate("document.activeElement?.textContent ?? ''") as string;
    if (said.includes(text)) return;
    await page.keyboard.press(presses % 20 < 10 ? "ArrowUp" : "ArrowDown");
  }
  throw new Error(`Cannot reach ${text} by the arrow keys`);
}
