/**
 * Two fans in the chat of a real server that has its images, by keyboard alone
 * and by touch: stickers, reactions, cheers, mentions, and all that a moderator
 * may do to a fan or to the room, in words that a fan understands.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { takeOverImages } from "../../../assets/shared_build_test_kit.ts";
import { sprites } from "../../../assets/sprites_test_kit.ts";
import { fanToken, tokenSettings } from "../../../drills/fan_token.ts";
import { ProcessGroup } from "../../../drills/process_group.ts";
import { until } from "../../../drills/until.ts";
import { systemClock } from "../../../runtime/clock.ts";
import {
  goTo,
  message,
  openChat,
  PHONE,
  picture,
  roomOfScheduledMatch,
  tabTo,
  TestBrowser,
  write,
} from "../../browser_test_kit.ts";

const built = mkdtempSync(join(tmpdir(), "golazo-chat-"));
/** Slow enough that no goal slows the rooms meanwhile. */
const group = new ProcessGroup({
  ...tokenSettings,
  ...{ GOLAZO_REPLAY_SPEED: "1", GOLAZO_CARDS: "off", GOLAZO_ASSETS: built },
});
let browser: TestBrowser;
let address = "";
let room = "";
let asked = 0;

beforeAll(async () => {
  await takeOverImages(built);
  const { code, stderr } = await sprites(["--out", built, "--json"]);
  expect(code, stderr).toBe(0);
  address = (await group.start()).address;
  browser = await TestBrowser.launch();
  room = await roomOfScheduledMatch(address);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  group.end();
  rmSync(built, { recursive: true, force: true });
});

async function moderate(action: string, more: object = {}): Promise<void> {
  const reply = await fetch(`${address}/api/mod/actions`, {
    method: "POST",
    headers: { authorization: `Bearer ${fanToken("mo", "moderator")}` },
    body: JSON.stringify({ room, action, clientId: `c${++asked}`, reason: "", ...more }),
  });
  expect(reply.status, await reply.text()).toBe(200);
}

async function post(subject: string, text: string): Promise<void> {
  const reply = await fetch(`${address}/api/rooms/${room}/messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${fanToken(subject)}` },
    body: JSON.stringify({ text, clientId: `c${++asked}` }),
  });
  expect(reply.status, await reply.text()).toBe(201);
}

const seen = (page: Page, testId: string, text: string) =>
  page.getByTestId(testId).filter({ hasText: text }).waitFor();
const gone = (page: Page, testId: string) =>
  page.getByTestId(testId).waitFor({ state: "detached" });

/** Who wrote it, as the server knows them. */
async function authorOf(text: string): Promise<{ id: string; user: string }> {
  const { messages } = await (await fetch(`${address}/api/rooms/${room}/messages`)).json();
  return messages.find((one: { text?: string }) => one.text === text);
}

let ana: Page;
let ben: Page;
const paths: string[] = [];

test("stickers: the pack comes with the panel, one is sent by keyboard and drawn", async () => {
  ana = await browser.visit(`${address}/#/match/${room}`);
  ana.on("request", (request) => paths.push(new URL(request.url()).pathname));
  ben = await browser.visit(`${address}/#/match/${room}`, { hasTouch: true });
  const loaded = (pack: string) => paths.some((path) => path.startsWith(`/assets/${pack}`));
  await ana.locator("img.flag").first().waitFor();
  expect([loaded("reactions"), loaded("stickers")]).toEqual([false, false]);
  for (const page of [ana, ben]) await openChat(page);
  await ana.locator('[data-sprite="reactions/fire"]').first().waitFor();
  expect(loaded("stickers")).toBe(false);

  await write(ana, "Good evening from the north stand");
  await message(ben, "Good evening").waitFor();
  await tabTo(ana, "stickers", "Shift+Tab");
  await ana.keyboard.press("Enter");
  await ana.getByTestId("sticker-panel").locator(".sprite").first().waitFor();
  expect(loaded("stickers")).toBe(true);
  await picture(ana, "chat-stickers");
  // Escape closes it, and the focus is where it was.
  await ana.getByRole("button", { name: "Red card" }).press("Escape");
  await gone(ana, "sticker-panel");
  await tabTo(ana, "stickers");
  await ana.keyboard.press("Enter");
  await until(
    "the first sticker has the focus",
    async () => await ana.evaluate("document.activeElement?.dataset?.chat") === "sticker",
  );
  for (let presses = 0; presses < 40; presses++) {
    if (await ana.evaluate("document.activeElement?.dataset?.id") === "red-card") break;
    await ana.keyboard.press("Tab");
  }
  await ana.keyboard.press("Enter");
  await gone(ana, "sticker-panel");
  for (const page of [ana, ben]) {
    await page.getByTestId("sticker").locator('[data-sprite="stickers/red-card"]').waitFor();
  }
  const { width, height } = (await ben.getByTestId("sticker").locator(".sprite").boundingBox())!;
  expect(height).toBeGreaterThan(60);
  expect(width / height).toBeCloseTo(64 / 80, 1);
});

test("reactions and cheers: by touch and by keyboard, counts seen live", async () => {
  const said = message(ben, "Good evening");
  await said.getByRole("button", { name: /^Actions/ }).tap();
  await said.getByRole("button", { name: "Fire" }).tap();
  await ana.getByTestId("reactions").getByRole("button", { name: "Fire: 1" }).waitFor();
  await goTo(ana, "Good evening");
  await ana.keyboard.press("Enter");
  await ana.getByRole("button", { name: "Fire", exact: true }).press("Enter");
  await ben.getByTestId("reactions").getByRole("button", { name: "Fire: 2" }).waitFor();
  await goTo(ana, "Good evening");
  await ana.keyboard.press("Enter");
  await picture(ana, "chat-react");
  await ana.keyboard.press("Escape");
  await ana.getByTestId("cheers").getByRole("button", { name: /Cheer: Heart/ }).press("Enter");
  await ben.getByTestId("cheers").getByRole("button", { name: "Cheer: Heart: 1 now" }).waitFor();
  await ben.getByTestId("cheers").getByRole("button", { name: "Cheer: Heart", exact: true })
    .waitFor();
});

test("mentions and replies: who is called is told, and led there", async () => {
  await goTo(ben, "Good evening");
  await ben.keyboard.press("Enter");
  await ben.getByRole("button", { name: "Mention" }).press("Enter");
  await ben.keyboard.type("where do you sit?");
  await ben.keyboard.press("Enter");
  await seen(ana, "chat-notice", "mentions you");
  await message(ana, "@you where do you sit?").waitFor();
  expect(await message(ana, "where do you sit?").getAttribute("class")).toContain("is-mention");
  await picture(ana, "chat-mention");
  await ana.getByRole("button", { name: "Show" }).press("Enter");
  await until(
    "the mention has the focus",
    async () =>
      String(await ana.evaluate("document.activeElement?.textContent")).includes(
        "where do you sit",
      ),
  );
  await gone(ana, "chat-notice");
  // A reply to a sticker names it.
  await goTo(ben, "Red card").catch(() => {});
  await ben.getByTestId("message").filter({ has: ben.getByTestId("sticker") }).focus();
  await ben.keyboard.press("Enter");
  await ben.getByRole("button", { name: "Reply" }).press("Enter");
  await seen(ben, "chat-about", "Sticker: Red card");
  await write(ben, "Never a red");
  await message(ana, "Sticker: Red card").waitFor();
  // More calls than one message may have: taken back, with the reason.
  await write(ben, "@a @b @c @d @e @f look");
  await seen(ben, "own-state", "Not sent: it calls too many people at once");
  await message(ana, "@f look").waitFor({ state: "detached" });
  await picture(ben, "chat-refused", [PHONE]);
  await ben.getByRole("button", { name: "Remove" }).press("Enter");
  await gone(ben, "own-state");
});

test("an own message: changed, deleted, gone from both", async () => {
  await write(ana, "What a pas");
  await ana.getByTestId("own-state").waitFor({ state: "detached" });
  await goTo(ana, "What a pas");
  await ana.keyboard.press("Enter");
  await ana.getByRole("button", { name: "Edit" }).press("Enter");
  await seen(ana, "chat-about", "Change your message");
  await ana.keyboard.type("s!");
  await ana.keyboard.press("Enter");
  await message(ben, "What a pass!").filter({ hasText: "edited" }).waitFor();
  await goTo(ana, "What a pass!");
  await ana.keyboard.press("Enter");
  await ana.getByRole("button", { name: "Delete" }).press("Enter");
  await message(ben, "What a pass!").waitFor({ state: "detached" });
  await message(ana, "What a pass!").waitFor({ state: "detached" });
});

test("a warning, a mute, and every state of the room, in words", async () => {
  const { user: target, id } = await authorOf("Good evening from the north stand");
  await moderate("warn", { target, reason: "No swearing, please" });
  await seen(ana, "chat-notice", "A moderator warns you: No swearing, please");
  await picture(ana, "chat-warned", [PHONE]);
  // Whoever comes again reads it still, until it is put away.
  await ana.reload();
  await openChat(ana);
  await seen(ana, "chat-notice", "No swearing, please");
  await ana.getByRole("button", { name: "I have read it" }).press("Enter");
  await gone(ana, "chat-notice");
  await ana.reload();
  await openChat(ana);
  await message(ana, "Good evening").waitFor();
  expect(await ana.getByTestId("chat-notice").count()).toBe(0);
  await moderate("pin", { target: id });
  for (const page of [ana, ben]) await seen(page, "pinned", "Good evening");

  await moderate("slow", { seconds: 30 });
  await seen(ana, "chat-mode", "one message every 30 s");
  // One of the two is put off, by when the last message was.
  await write(ana, "Slowly now");
  await seen(ana, "chat-mode", "You can write again in");
  await write(ana, "And not so fast");
  await seen(ana, "own-state", "Slow mode: sent again in");
  await picture(ana, "chat-slow", [PHONE]);
  await moderate("slow", { seconds: 0 });
  await gone(ana, "chat-mode");
  // Nobody waits for a slow mode that is over.
  for (const text of ["Slowly now", "And not so fast"]) await message(ben, text).waitFor();

  await moderate("restrict");
  await seen(ana, "chat-mode", "Reactions only for now");
  expect(await ana.getByTestId("chat-text").isDisabled()).toBe(true);
  await ana.getByTestId("cheers").getByRole("button", { name: /Cheer: Fire/ }).press("Enter");
  await ben.getByTestId("cheers").getByRole("button", { name: /Cheer: Fire: 1/ }).waitFor();
  await picture(ana, "chat-reactions-only");
  await moderate("unrestrict");
  await gone(ana, "chat-mode");

  await moderate("mute", { target, reason: "Cool down", until: systemClock.now() + 60_000 });
  await seen(ana, "chat-mode", "You are muted here until");
  await seen(ana, "chat-mode", "Cool down");
  await gone(ana, "cheers");
  await moderate("unmute", { target });
  await seen(ana, "chat-notice", "You can write again");
  await gone(ana, "chat-mode");
});

test("who comes late sees what was pinned long ago; an archived room is only read", async () => {
  const later = Array.from(
    { length: 60 },
    (_, at) => post(`fan-${at % 30}`, `Chant ${at} of many`),
  );
  await Promise.all(later);
  const late = await browser.visit(`${address}/#/match/${room}`);
  await openChat(late);
  await seen(late, "pinned", "Good evening from the north stand");
  expect(await message(late, "Good evening from the north stand").count()).toBe(0);
  await moderate("archive");
  for (const page of [late, ana]) await seen(page, "chat-mode", "This chat is over");
  await picture(late, "chat-archived");
  expect(browser.troubles).toEqual([]);
});
