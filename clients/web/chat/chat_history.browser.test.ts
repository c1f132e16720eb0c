/**
 * What was said before and who said it, on the fan's page of a real server that
 * has its images: a reader goes back page by page and stays where they read,
 * nothing that was removed comes back, and faces stand beside the words.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { takeOverImages } from "../../../assets/shared_build_test_kit.ts";
import { sprites } from "../../../assets/sprites_test_kit.ts";
import { fanToken, tokenSettings } from "../../../drills/fan_token.ts";
import { ProcessGroup } from "../../../drills/process_group.ts";
import { until } from "../../../drills/until.ts";
import {
  message,
  openChat,
  PHONE,
  picture,
  roomOfScheduledMatch,
  tabTo,
  TestBrowser,
} from "../../browser_test_kit.ts";

/** What a room opens with, a page and most of another, each of another fan. */
const SAID = 130;
const built = mkdtempSync(join(tmpdir(), "golazo-history-"));
const group = new ProcessGroup({
  ...tokenSettings,
  ...{ GOLAZO_REPLAY_SPEED: "1", GOLAZO_CARDS: "off", GOLAZO_ASSETS: built },
});
interface Said {
  id: string;
  user: string;
  text: string;
}

let browser: TestBrowser;
let address = "";
let room = "";
/** Oldest first. */
let said: Said[] = [];
let asked = 0;

beforeAll(async () => {
  await takeOverImages(built);
  const { code, stderr } = await sprites(["--out", built, "--json"]);
  expect(code, stderr).toBe(0);
  address = (await group.start()).address;
  browser = await TestBrowser.launch();
  room = await roomOfScheduledMatch(address);
  const texts = Array.from(
    { length: SAID },
    (_, at) => `Chant ${at} of many${at % 7 === 0 ? MORE : ""}`,
  );
  await Promise.all(texts.map((text, at) => post(`fan-${at}`, text)));
  said = await conversation();
  expect(said).toHaveLength(SAID);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  group.end();
  rmSync(built, { recursive: true, force: true });
});

const MORE = ", and a longer one it is, so that it takes two lines on a phone";
/** From the newest: 0. */
const textOf = (back: number) => said[SAID - 1 - back]!.text;

async function ask(method: string, path: string, as: string, body?: string | Uint8Array) {
  const role = as === "mo" ? "moderator" as const : "fan" as const;
  return await fetch(address + path, {
    ...{ method, body: body as BodyInit },
    headers: { authorization: `Bearer ${fanToken(as, role)}` },
  });
}

async function post(subject: string, text: string): Promise<void> {
  const body = JSON.stringify({ text, clientId: `c${++asked}` });
  const reply = await ask("POST", `/api/rooms/${room}/messages`, subject, body);
  expect(reply.status, `${subject}: ${text}`).toBe(201);
}

async function moderate(action: string, target: string): Promise<void> {
  const body = JSON.stringify({ room, action, target, clientId: `c${++asked}`, reason: "" });
  expect((await ask("POST", "/api/mod/actions", "mo", body)).status).toBe(200);
}

/** Oldest first, as the room has put them in order. */
async function conversation(): Promise<Said[]> {
  const all: Said[] = [];
  for (let before: string | null = ""; before !== null;) {
    const query: string = `limit=100${before === "" ? "" : `&before=${before}`}`;
    const page = await (await fetch(`${address}/api/rooms/${room}/messages?${query}`)).json();
    all.unshift(...page.messages);
    before = page.before;
  }
  return all;
}

const count = (page: Page) => page.getByTestId("message").count();
const earlier = (page: Page) => page.getByTestId("earlier");
const topOf = async (page: Page, text: string) => (await message(page, text).boundingBox())!.y;
const scroll = (page: Page, by: string) =>
  page.evaluate(`(() => { const box = document.querySelector(".chat-scroll"); ${by} })()`);
const portrait = (colour: string) =>
  sharp({ create: { width: 300, height: 400, channels: 3, background: colour } }).png().toBuffer();

let fan: Page;
const paths: string[] = [];

test("earlier messages come page by page, and the reader stays where they read", async () => {
  const { user } = said[SAID - 3]!;
  expect((await ask("POST", "/api/avatar", user, await portrait("#d03060"))).status).toBe(201);
  fan = await browser.visit(`${address}/#/match/${room}`);
  fan.on("request", (request) => paths.push(new URL(request.url()).pathname));
  await openChat(fan);
  await message(fan, textOf(0)).waitFor();
  expect(await count(fan)).toBe(50);
  await fan.locator('[data-sprite^="avatars/"]').first().waitFor();
  await fan.locator(`.face.is-here img[data-face="${user}"]`).first().waitFor();
  await picture(fan, "chat-faces", [PHONE]);

  // By the keyboard, with the network gone first: said, and asked again.
  await fan.route("**/messages?*", (route) => route.abort());
  await tabTo(fan, "earlier-button", "Shift+Tab");
  await fan.keyboard.press("Enter");
  await earlier(fan).getByText("could not be loaded").waitFor();
  await picture(fan, "chat-earlier-failed", [PHONE]);
  await fan.unroute("**/messages?*");
  const first = textOf(49);
  const before = await topOf(fan, first);
  await tabTo(fan, "earlier-button", "Shift+Tab");
  await fan.keyboard.press("Enter");
  await message(fan, textOf(99)).waitFor();
  expect(await count(fan)).toBe(100);
  expect(Math.abs(await topOf(fan, first) - before)).toBeLessThan(2);

  // What comes meanwhile moves nothing, and grows below.
  await post("fan-1", "A word that comes meanwhile");
  await message(fan, "A word that comes meanwhile").waitFor();
  expect(Math.abs(await topOf(fan, first) - before)).toBeLessThan(2);
  await picture(fan, "chat-earlier", [PHONE]);
});

test("scrolled to the top the next ones come by themselves, to the beginning", async () => {
  await scroll(fan, "box.scrollTop = -box.scrollHeight;");
  await earlier(fan).getByText("The chat begins here").waitFor();
  expect(await count(fan)).toBe(SAID + 1);
  const seen = await fan.getByTestId("message").locator(".message-text").allTextContents();
  expect(seen.slice(0, SAID)).toEqual(said.map(({ text }) => text));
  await scroll(fan, "box.scrollTop = -box.scrollHeight;");
  await picture(fan, "chat-beginning", [PHONE]);
  // Nobody is asked about twice, whatever they wrote and however often it was drawn.
  const about = paths.filter((path) => path.startsWith("/api/users/"));
  expect(about.length).toBe(new Set(about).size);
});

test("what is removed goes from the past too, and no page brings it back", async () => {
  const [old, older] = [said[SAID - 80]!, said[5]!];
  await moderate("delete", old.id);
  await message(fan, old.text).waitFor({ state: "detached" });
  const late = await browser.visit(`${address}/#/match/${room}`);
  await openChat(late);
  let isMade = false;
  // A page that was made before a removal, and comes after it.
  let isHeldBack = false;
  await late.route("**/messages?*", async (route) => {
    const reply = await route.fetch();
    isMade = isHeldBack;
    await until("it may come", () => !isHeldBack);
    await route.fulfill({ response: reply });
  });
  const load = async () => await earlier(late).getByRole("button").click();
  await load();
  await message(late, textOf(90)).waitFor();
  expect(await message(late, old.text).count()).toBe(0);
  isHeldBack = true;
  await load();
  await earlier(late).getByText("Loading…").waitFor();
  await until("the page is made", () => isMade);
  await moderate("delete", older.id);
  await message(fan, older.text).waitFor({ state: "detached" });
  isHeldBack = false;
  await earlier(late).getByText("The chat begins here").waitFor();
  await message(late, said[4]!.text).waitFor();
  expect(await message(late, older.text).count()).toBe(0);
  await late.context().close();
});

test("back at the newest by one key", async () => {
  await fan.getByRole("button", { name: "To the newest" }).press("Enter");
  await until(
    "the list is at its end",
    async () => await fan.evaluate("document.querySelector('.chat-scroll').scrollTop") === 0,
  );
  await fan.getByRole("button", { name: "To the newest" }).waitFor({ state: "detached" });
});

test("an own picture: refused in words, chosen and seen, too soon for another, removed", async () => {
  await fan.getByTestId("to-picture").press("Enter");
  await fan.getByTestId("own-picture").waitFor();
  const file = fan.getByTestId("own-picture-file");
  const told = (text: string) =>
    fan.getByTestId("own-picture-text").filter({ hasText: text }).waitFor();
  await file.setInputFiles({
    ...{ name: "notes.txt", mimeType: "image/png", buffer: Buffer.from("not a picture") },
  });
  await told("this file is no picture");
  await picture(fan, "chat-picture-refused", [PHONE]);
  await file.setInputFiles({
    ...{ name: "me.png", mimeType: "image/png", buffer: await portrait("#2050d0") },
  });
  await told("Everybody sees your new picture now");
  await fan.locator(".own-picture .face.is-here img").waitFor();
  await picture(fan, "chat-picture", [PHONE]);
  const me = (await fan.locator(".own-picture img").getAttribute("data-face"))!;
  expect((await fetch(`${address}/api/users/${me}/avatar`)).status).toBe(200);
  await file.setInputFiles({
    ...{ name: "me.png", mimeType: "image/png", buffer: await portrait("#20d050") },
  });
  await told("you changed it a moment ago");
  await fan.getByRole("button", { name: "Remove" }).press("Enter");
  await told("Your picture is gone");
  expect((await fetch(`${address}/api/users/${me}/avatar`)).status).toBe(404);
  expect(await fan.locator(".own-picture img").count()).toBe(0);
  expect(browser.troubles).toEqual([]);
});
