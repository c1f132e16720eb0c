/**
 * A moderator and a fan at a real server, each in a browser of their own, by
 * keyboard events alone: hold, approve, delete, ban, undo. The fan's page follows
 * within a second. The token alone is pasted.
 *
 * Nothing serious may be found by axe in any view of the console and in the chat,
 * by day or night, on a phone or wide; the pictures are kept in artefacts/.
 */
import axe from "axe-core";
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ProcessGroup } from "../../drills/process_group.ts";
import { until } from "../../drills/until.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ARTEFACTS = fileURLToPath(new URL("../../artefacts/", import.meta.url));
const PHONE = { width: 360, height: 780 };
const WIDE = { width: 1280, height: 800 };
const SCHEMES = ["dark", "light"] as const;
const FOLLOWS_MS_MAX = 1_000;
const TABS_MAX = 120;
const WAIT_MS_MAX = 15_000;
const DENO = process.versions.deno === undefined
  ? { file: "npx", words: ["-y", "deno"] }
  : { file: process.execPath, words: [] };

let browser: Browser;
/** Slow enough that no goal slows the rooms meanwhile. */
const group = new ProcessGroup({ GOLAZO_REPLAY_SPEED: "1" });
let address = "";
let room = "";
const troubles: string[] = [];

beforeAll(async () => {
  mkdirSync(ARTEFACTS, { recursive: true });
  address = (await group.start()).address;
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  await until("a match has a room", async () => {
    const { matches } = await (await fetch(`${address}/api/matches`)).json();
    for (const { id, phase } of matches as { id: string; phase: string }[]) {
      if (phase !== "scheduled") continue;
      if ((await fetch(`${address}/api/rooms/${id}`)).ok) room = id;
    }
    return room !== "";
  }, 60_000);
});
afterAll(async () => {
  await browser?.close();
  group.end();
});

async function token(subject: string, role: string): Promise<string> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, GOLAZO_DATA: group.dataFolder };
  const words = [...DENO.words, "run", "-A", "ops/commands/make_token.ts", subject, role];
  const { stdout } = await promisify(execFile)(DENO.file, words, { cwd: ROOT, env });
  return stdout.trim();
}

/** A person of their own: no storage is shared. */
async function visit(path: string, viewport = PHONE): Promise<Page> {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS_MAX);
  page.on("pageerror", ({ message }) => troubles.push(message));
  page.on("console", (line) => {
    if (/Content.Security.Policy/i.test(line.text())) troubles.push(line.text());
  });
  await page.goto(address + path);
  return page;
}

/** By the Tab key, as somebody without a mouse does. */
async function tabTo(page: Page, testId: string): Promise<void> {
  for (let presses = 0; presses < TABS_MAX; presses++) {
    const at = await page.evaluate("document.activeElement?.dataset?.testid ?? ''");
    if (at === testId) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Cannot reach ${testId} by the Tab key in ${TABS_MAX} presses`);
}

async function signIn(page: Page, name: string): Promise<void> {
  await tabTo(page, "token");
  await page.keyboard.insertText(await token(name, "moderator"));
  await page.keyboard.press("Enter");
  await page.getByTestId("rooms").waitFor();
}

async function openRoom(page: Page): Promise<void> {
  await tabTo(page, `room-${room}`);
  await page.keyboard.press("Enter");
  await page.getByTestId("items").waitFor();
}

async function openChat(page: Page): Promise<void> {
  await page.getByTestId("tab-predict").waitFor();
  await tabTo(page, "tab-predict");
  await page.keyboard.press("ArrowLeft");
  await page.getByTestId("chat-list").waitFor();
}

async function write(page: Page, text: string): Promise<void> {
  await tabTo(page, "chat-text");
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
  await message(page, text).waitFor();
}

const message = (page: Page, text: string) => page.getByTestId("message").filter({ hasText: text });
const item = (page: Page, kind: string, text: string) =>
  page.getByTestId(`item-${kind}`).filter({ hasText: text });

/** Goes to a message with j and presses what is to be done with it. */
async function press(page: Page, text: string, key: string): Promise<void> {
  for (let steps = 0; steps < TABS_MAX; steps++) {
    const current = await page.locator("[data-item][aria-current]").textContent();
    if (current?.includes(text)) return await page.keyboard.press(key);
    await page.keyboard.press(steps % 20 < 10 ? "j" : "k");
  }
  throw new Error(`Cannot reach ${text} by j and k`);
}

async function follows(what: string, seen: () => Promise<unknown>): Promise<void> {
  const since = performance.now();
  await seen();
  const tookMs = performance.now() - since;
  console.log(`${what}: the fan's page followed in ${Math.round(tookMs)} ms`);
  expect(tookMs, what).toBeLessThan(FOLLOWS_MS_MAX);
}

async function picture(page: Page, name: string, sizes = [PHONE, WIDE]): Promise<void> {
  for (const viewport of sizes) {
    await page.setViewportSize(viewport);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      const path = `${ARTEFACTS}${name}-${viewport.width}x${viewport.height}-${colorScheme}.png`;
      await page.screenshot({ path, animations: "disabled" });
      expect(await barriers(page), path).toEqual([]);
    }
    const overflow = "document.documentElement.scrollWidth - innerWidth";
    expect(await page.evaluate(overflow), `${name} is too wide`).toBeLessThanOrEqual(0);
  }
}

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

test("a moderator holds, approves, deletes, bans and takes back; the fan's page follows", async () => {
  const mod = await visit("/console", WIDE);
  await signIn(mod, "mo");
  await openRoom(mod);
  const fan = await visit(`/#/match/${room}`);
  await openChat(fan);
  await write(fan, "What a save by the keeper");
  await fan.getByTestId("own-state").waitFor({ state: "detached" });
  await item(mod, "live", "What a save").waitFor();

  await press(mod, "What a save", "h");
  await follows(
    "hold",
    () => fan.getByTestId("own-state").filter({ hasText: "waits for a moderator" }).waitFor(),
  );
  await item(mod, "held", "What a save").waitFor();
  await press(mod, "What a save", "a");
  await follows("approve", () => fan.getByTestId("own-state").waitFor({ state: "detached" }));
  await message(fan, "What a save").waitFor();
  await item(mod, "live", "What a save").waitFor();

  await press(mod, "What a save", "d");
  await follows("delete", () => message(fan, "What a save").waitFor({ state: "detached" }));

  await write(fan, "I am still here");
  await item(mod, "live", "still here").waitFor();
  await press(mod, "still here", "b");
  await follows(
    "ban",
    () => fan.getByTestId("chat-mode").filter({ hasText: "banned here" }).waitFor(),
  );
  expect(await fan.getByTestId("chat-text").isDisabled()).toBe(true);
  await mod.getByTestId("done").filter({ hasText: "Banned from this room" }).waitFor();
  await mod.keyboard.press("u");
  await follows("undo", () => fan.getByTestId("chat-mode").waitFor({ state: "detached" }));
  await write(fan, "Back again");

  await mod.keyboard.press("s");
  await follows("slow", () => fan.getByTestId("chat-mode").filter({ hasText: "Slow" }).waitFor());
  await mod.keyboard.press("u");
  await follows(
    "slow taken back",
    () => fan.getByTestId("chat-mode").waitFor({ state: "detached" }),
  );
  await item(mod, "live", "Back again").waitFor();
  await press(mod, "Back again", "p");
  await follows("pin", () => fan.getByTestId("pinned").filter({ hasText: "Back again" }).waitFor());
  await mod.keyboard.press("l");
  await follows("lock", () => fan.getByTestId("chat-mode").filter({ hasText: "locked" }).waitFor());
  await picture(fan, "chat-locked");
  await mod.keyboard.press("l");
  await follows("unlock", () => fan.getByTestId("chat-mode").waitFor({ state: "detached" }));

  // Everywhere is asked once more; Escape says no.
  await press(mod, "Back again", "B");
  await mod.getByTestId("confirm").waitFor();
  await mod.keyboard.press("Escape");
  expect(await fan.getByTestId("connection").textContent()).toBe("Live");
  await press(mod, "Back again", "B");
  await mod.getByTestId("confirm").waitFor();
  await tabTo(mod, "confirm");
  await mod.keyboard.press("Enter");
  await follows("ban everywhere", () => fan.getByText("This account is banned").first().waitFor());
  await mod.getByTestId("done").filter({ hasText: "Banned everywhere" }).waitFor();
  await mod.keyboard.press("u");
  await mod.getByTestId("done").filter({ hasText: "Taken back" }).waitFor();
  expect(troubles).toEqual([]);
});

test("every view of the console lets nobody out", async () => {
  const mod = await visit("/console");
  await tabTo(mod, "token");
  await mod.keyboard.type("no token at all");
  await mod.keyboard.press("Enter");
  await mod.getByTestId("refusal").waitFor();
  await picture(mod, "console-sign-in");
  await mod.reload();
  await signIn(mod, "mia");

  const [ana, ben] = [await visit(`/#/match/${room}`), await visit(`/#/match/${room}`)];
  for (const page of [ana, ben]) await openChat(page);
  await write(ana, "Offside, surely? Look at the line again, he is a metre behind it");
  await write(ana, "See http://tickets.example.test for the cheapest seats");
  await message(ben, "Offside, surely").waitFor();
  // A report, by keyboard: up to the message, open it, Report, its first reason.
  await tabTo(ben, "message");
  for (let presses = 0; presses < 12; presses++) {
    const said = await ben.evaluate("document.activeElement?.textContent ?? ''") as string;
    if (said.includes("Offside, surely")) break;
    await ben.keyboard.press("ArrowUp");
  }
  await ben.keyboard.press("Enter");
  await ben.getByRole("button", { name: "Report" }).waitFor();
  await picture(ben, "chat-actions");
  await ben.getByRole("button", { name: "Fire" }).press("Enter");
  await ben.getByTestId("reactions").getByRole("button", { name: "Fire: 1" }).waitFor();
  await ana.getByTestId("reactions").getByRole("button", { name: "Fire: 1" }).waitFor();
  await ben.keyboard.press("Enter");
  await ben.getByRole("button", { name: "Report" }).press("Enter");
  await ben.getByRole("button", { name: "Abuse" }).press("Enter");
  await picture(ana, "chat-own");

  await openRoom(mod);
  await item(mod, "reported", "Offside, surely").waitFor();
  await item(mod, "held", "tickets").waitFor();
  await picture(mod, "console-room");
  await press(mod, "tickets", "r");
  await mod.getByTestId("done").filter({ hasText: "Rejected" }).waitFor();
  await press(mod, "Offside", "m");
  await mod.getByTestId("done").filter({ hasText: "Muted" }).waitFor();
  await ana.getByTestId("chat-mode").filter({ hasText: "muted" }).waitFor();
  await picture(ana, "chat-muted", [PHONE]);

  await mod.keyboard.press("?");
  await picture(mod, "console-keys");
  await mod.keyboard.press("Escape");
  await mod.keyboard.press("c");
  await mod.getByTestId("rows").getByText("mute", { exact: true }).waitFor();
  await picture(mod, "console-case");
  await mod.getByRole("button", { name: /^Undo mute/ }).press("Enter");
  await ana.getByTestId("chat-mode").filter({ hasText: "muted" }).waitFor({ state: "detached" });
  await mod.keyboard.press("g");
  await mod.getByTestId(`room-${room}`).waitFor();
  await picture(mod, "console-rooms");
  await openRoom(mod);
  await mod.keyboard.press("t");
  await mod.getByTestId("chain").filter({ hasText: "from the first on" }).waitFor();
  await picture(mod, "console-audit");
  await mod.keyboard.press("/");
  await mod.keyboard.type("guest");
  await mod.keyboard.press("Enter");
  await mod.getByTestId("found-users").getByRole("link").first().waitFor();
  await picture(mod, "console-search");
  expect(troubles).toEqual([]);
});
