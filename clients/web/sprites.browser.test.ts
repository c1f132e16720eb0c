/**
 * Images on the page, with the real server, a real build and a real browser:
 * without a build the page draws its badges and asks for nothing; a build
 * reaches pages that are open; what a cold match page loads is little.
 */
import { mkdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { takeOverImages } from "../../assets/shared_build_test_kit.ts";
import { sprites, writeImages } from "../../assets/sprites_test_kit.ts";
import { until } from "../../drills/until.ts";
import { type Program, programs } from "../../supervisors/main_test_kit.ts";

const ARTEFACTS = fileURLToPath(new URL("../../artefacts/", import.meta.url));
const MATCH = "arg-fra-2022-12-18";
const BYTES_MAX = 50 * 1024;

const started = programs();
const built = started.folder.path("assets");
const own = started.folder.path("own");
let server: Program;
let address = "";
let browser: Browser;

beforeAll(async () => {
  mkdirSync(ARTEFACTS, { recursive: true });
  rmSync(built, { recursive: true, force: true });
  server = started.start([], {
    settings: { GOLAZO_ASSETS: built, GOLAZO_CARDS: "off", GOLAZO_REPLAY_SPEED: "20" },
  });
  address = (await server.says(/^listening (http:\S+)$/))[1]!;
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
});
afterAll(() => browser?.close());

interface Opened {
  page: Page;
  /** Paths of what was asked for, in order. */
  asked: string[];
  errors: string[];
}

async function open(path: string, width: number, scheme: "dark" | "light"): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 780 : 800 },
    colorScheme: scheme,
    deviceScaleFactor: width < 600 ? 2 : 1,
  });
  const page = await context.newPage();
  const opened: Opened = { page, asked: [], errors: [] };
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    opened.asked.push(pathname + search);
  });
  page.on("console", (message) => {
    if (message.type() === "error") opened.errors.push(message.text());
  });
  page.on("pageerror", (error) => opened.errors.push(String(error)));
  await page.goto(address + path);
  return opened;
}

const assetsOf = ({ asked }: Opened) => asked.filter((path) => path.startsWith("/assets/"));
const picture = ({ page }: Opened, name: string) =>
  page.screenshot({ path: join(ARTEFACTS, `${name}.png`) });
async function build(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await sprites(["--out", built, "--json", ...words]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout).version;
}

describe("images on the page", () => {
  let list: Opened;
  let match: Opened;

  test("without a build: badges, no request, no error, one line of the server", async () => {
    await server.says(/^pages draw badges, as no flags .*: deno task sprites$/);
    list = await open("/", 1280, "light");
    match = await open(`/#/match/${MATCH}`, 360, "dark");
    await list.page.getByTestId(`match-card-${MATCH}`).locator("svg.badge").first().waitFor();
    await match.page.locator(".team-head svg.badge").first().waitFor();
    await until("both are live", async () => {
      const states = [list, match].map(({ page }) => page.getByTestId("connection").textContent());
      return (await Promise.all(states)).every((state) => state === "Live");
    });
    expect([...assetsOf(list), ...assetsOf(match)]).toEqual([]);
    expect([...list.errors, ...match.errors]).toEqual([]);
  });

  test("a build reaches pages that are open: the list by a sheet, a match by two files", async () => {
    await takeOverImages(built);
    const version = await build();
    const cards = list.page.getByTestId(`match-card-${MATCH}`);
    await cards.locator('[data-sprite="flags/ar"]').waitFor();
    await match.page.locator(".team-head.home img.flag").waitFor();
    await match.page.locator(".team-head.away img.flag").waitFor();
    await picture(list, "sprites-list-1280x800-light");
    expect(assetsOf(list)).toEqual([
      `/assets/manifest.json?v=${version}-1`,
      expect.stringMatching(/^\/assets\/flags-compact\./),
      expect.stringMatching(/^\/assets\/flags@1x\./),
    ]);
    expect(assetsOf(match)).toEqual([
      `/assets/manifest.json?v=${version}-1`,
      expect.stringMatching(/^\/assets\/flags-singles@3x\./),
      expect.stringMatching(/^\/assets\/flags-ar@3x\./),
      expect.stringMatching(/^\/assets\/flags-fr@3x\./),
    ]);
    expect(await shownPixels(list.page, '[data-sprite="flags/ar"]')).toBe("here");
  });

  test("a rebuilt pack is told to an open page, which loads the new manifest and no more", async () => {
    const before = assetsOf(list).length;
    await writeImages(own);
    const version = await build("--folder", own);
    await until(
      "the open list has asked for it",
      () => assetsOf(list).length > before,
      30_000,
    );
    expect(assetsOf(list).slice(before)).toEqual([`/assets/manifest.json?v=${version}-1`]);
    await list.page.getByTestId(`match-card-${MATCH}`).locator('[data-sprite="flags/ar"]')
      .waitFor();
    expect([...list.errors, ...match.errors]).toEqual([]);
    await list.page.context().close();
    await match.page.context().close();
  });

  test("a cold match page loads little", async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 780 } });
    const page = await context.newPage();
    const log = await context.newCDPSession(page);
    const paths = new Map<string, string>();
    const loaded = new Map<string, number>();
    log.on("Network.requestWillBeSent", ({ requestId, request }) => {
      paths.set(requestId, new URL(request.url).pathname);
    });
    log.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      loaded.set(requestId, encodedDataLength);
    });
    await log.send("Network.enable");
    await page.goto(`${address}/#/match/${MATCH}`);
    await page.locator(".team-head.away img.flag").waitFor();
    await page.waitForLoadState("networkidle").catch(() => {});
    const rows = [...loaded].map(([id, bytes]) => ({ path: paths.get(id)!, bytes }));
    const sum = rows.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { path, bytes } of rows) console.log(`${String(bytes).padStart(6)} B ${path}`);
    console.log(`${String(sum).padStart(6)} B in ${rows.length} requests, heads included`);
    await page.screenshot({ path: join(ARTEFACTS, "sprites-match-360x780-light.png") });
    const kinds = rows.map(({ path }) => path);
    for (const kind of [/^\/$/, /\.js$/, /\.css$/, /manifest\.json$/, /flags-ar/, /flags-fr/]) {
      expect(kinds.some((path) => kind.test(path)), String(kind)).toBe(true);
    }
    expect(kinds.some((path) => /flags@|reactions|stickers/.test(path))).toBe(false);
    expect(sum).toBeLessThanOrEqual(BYTES_MAX);
    await context.close();
  });

  test("a wide match page and a phone's list show flags", async () => {
    const wide = await open(`/#/match/${MATCH}`, 1280, "dark");
    await wide.page.locator(".team-head.away img.flag").waitFor();
    await picture(wide, "sprites-match-1280x800-dark");
    const phone = await open("/", 360, "dark");
    await phone.page.locator("[data-sprite]").first().waitFor();
    await picture(phone, "sprites-list-360x780-dark");
    expect(assetsOf(phone).some((path) => path.startsWith("/assets/flags@2x."))).toBe(true);
    const { version } = JSON.parse(await readFile(join(built, "manifest.json"), "utf8"));
    expect(assetsOf(phone)[0]).toBe(`/assets/manifest.json?v=${version}-1`);
    expect([...wide.errors, ...phone.errors]).toEqual([]);
  });
});

/** Whether an element has a size and its background could be loaded. */
function shownPixels(page: Page, selector: string): Promise<string> {
  return page.locator(selector).first().evaluate(async (shown) => {
    const { width, height } = shown.getBoundingClientRect();
    const url = /url\("(.+?)"\)/.exec(getComputedStyle(shown).backgroundImage)?.[1] ?? "";
    const image = new Image();
    image.src = url;
    await image.decode();
    return width > 20 && height > 15 && image.naturalWidth > 0 ? "here" : `${width}x${height}`;
  });
}
