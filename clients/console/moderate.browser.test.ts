/**
 * A moderator and a fan at a real server, each in a browser of their own, by
 * keyboard events alone: hold, approve, delete, ban, undo. The fan's page follows
 * within a second. The token alone is pasted.
 *
 * Nothing serious may be found by axe in any view of the console and in the chat,
 * by day or night, on a phone or wide; the pictures are kept in artefacts/.
 */
import type { Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ProcessGroup } from "../../drills/process_group.ts";
import { until } from "../../drills/until.ts";
import { secretKey } from "../../gateway/auth/secret_key.ts";
import { TokenSigner } from "../../gateway/auth/token_signer.ts";
import { systemClock } from "../../runtime/clock.ts";
import { systemRandom } from "../../runtime/random.ts";
import {
  goTo,
  message,
  openChat,
  PHONE,
  picture,
  tabTo,
  TestBrowser,
  WIDE,
  write,
} from "../browser_test_kit.ts";

const SECRET = "a token secret of at least 32 bytes";
const FOLLOWS_MS_MAX = 1_000;
const STEPS_MAX = 120;

let browser: TestBrowser;
/** Slow enough that no goal slows the rooms meanwhile. */
const group = new ProcessGroup({ GOLAZO_REPLAY_SPEED: "1", GOLAZO_TOKEN_SECRET: SECRET });
let address = "";
let room = "";
let signer: TokenSigner;
let asked = 0;

beforeAll(async () => {
  address = (await group.start()).address;
  browser = await TestBrowser.launch();
  const secret = await secretKey(new TextEncoder().encode(SECRET));
  const terms = { issuer: null, audience: null, subjectClaim: "sub", roleClaim: "role" };
  signer = new TokenSigner({ secret, terms, clock: systemClock, random: systemRandom });
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

async function token(subject: string, role: "fan" | "moderator"): Promise<string> {
  return (await signer.sign(subject, role, 3_600_000)).token;
}

/** By HTTP, as somebody else. */
async function ask(who: string, role: "fan" | "moderator", path: string, body: object) {
  const bytes = body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
  const reply = await fetch(address + path, {
    method: "POST",
    headers: { authorization: `Bearer ${await token(who, role)}` },
    body: bytes,
  });
  expect(reply.ok, `${path} ${reply.status} ${await reply.text()}`).toBe(true);
}
const post = (who: string, text: string, to = room) =>
  ask(who, "fan", `/api/rooms/${to}/messages`, { text, clientId: `c${++asked}` });
const act = (action: string, more: object) =>
  ask("max", "moderator", "/api/mod/actions", {
    ...{ room, action, clientId: `c${++asked}`, reason: "" },
    ...more,
  });

const visit = (path: string, viewport = PHONE) => browser.visit(address + path, { viewport });

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

const item = (page: Page, kind: string, text: string) =>
  page.getByTestId(`item-${kind}`).filter({ hasText: text });

/** Goes to a message with j and presses what is to be done with it. */
async function press(page: Page, text: string, key: string): Promise<void> {
  for (let steps = 0; steps < STEPS_MAX; steps++) {
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
  expect(browser.troubles).toEqual([]);
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
  await goTo(ben, "Offside, surely");
  await ben.keyboard.press("Enter");
  await ben.getByRole("button", { name: "Report" }).waitFor();
  await picture(ben, "chat-actions");
  await ben.getByRole("button", { name: "Fire", exact: true }).press("Enter");
  await ben.getByTestId("reactions").getByRole("button", { name: "Fire: 1" }).waitFor();
  await ana.getByTestId("reactions").getByRole("button", { name: "Fire: 1" }).waitFor();
  await ben.keyboard.press("Enter");
  await ben.getByRole("button", { name: "Report" }).press("Enter");
  await ben.getByRole("button", { name: "Abuse" }).press("Enter");
  await picture(ana, "chat-own");

  // A server without images has no stickers to choose from; one that comes is named.
  expect(await ana.getByTestId("stickers").count()).toBe(0);
  await ask("zoe", "fan", `/api/rooms/${room}/messages`, { sticker: "red-card", clientId: "s1" });
  await ana.getByTestId("sticker").filter({ hasText: "Red card" }).waitFor();

  await openRoom(mod);
  await item(mod, "live", "Sticker: Red card").waitFor();
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
  expect(browser.troubles).toEqual([]);
});

test("a case: its picture, the room's roles, what holds everywhere, each by its key", async () => {
  const grey = { create: { width: 200, height: 200, channels: 3 as const, background: "#808" } };
  await ask("eve", "fan", "/api/avatar", await sharp(grey).png().toBuffer());
  await post("eve", "Buy my things, all of you");
  const mod = await visit("/console", WIDE);
  await signIn(mod, "mae");
  await openRoom(mod);
  await item(mod, "live", "Buy my things").waitFor();
  await press(mod, "Buy my things", "c");
  await mod.getByTestId("picture").waitFor();
  await until(
    "the picture is drawn",
    () =>
      mod.getByTestId("picture").evaluate((image) => (image as HTMLImageElement).naturalWidth > 0),
  );
  const done = (text: string) => mod.getByTestId("done").filter({ hasText: text }).waitFor();
  for (
    const [key, text] of [
      ["w", "Warned: eve"],
      ["m", "Muted for 10 minutes: eve"],
      ["M", "May write again: eve"],
      ["b", "Banned from this room: eve"],
      ["e", "Ban ended here: eve"],
      ["o", "Moderates this room: eve"],
      ["O", "Does not moderate this room: eve"],
    ] as const
  ) {
    await mod.keyboard.press(key);
    await done(text);
  }
  await picture(mod, "console-case-actions");
  await mod.keyboard.press("v");
  await done("Picture removed: eve");
  await mod.getByText("No picture").waitFor();
  // Everywhere, and only when it is meant.
  const pages = () => fetch(`${address}/api/rooms/${room}/messages`).then((reply) => reply.text());
  await mod.keyboard.press("P");
  await mod.getByTestId("confirm-text").filter({ hasText: "in every room, for good" }).waitFor();
  await picture(mod, "console-confirm");
  await mod.keyboard.press("Escape");
  expect(await pages()).toContain("Buy my things");
  await mod.keyboard.press("P");
  await tabTo(mod, "confirm");
  await mod.keyboard.press("Enter");
  await done("All messages are being removed in every room: eve");
  await until("it is gone", async () => !(await pages()).includes("Buy my things"));
  await mod.getByTestId("rows").getByText("purge", { exact: true }).first().waitFor();
  expect(await mod.getByTestId("rows").getByRole("button", { name: /^Undo purge/ }).count())
    .toBe(0);
  expect(browser.troubles).toEqual([]);
});

test(
  "reactions only, unpin and archive by key; queue, history and audit go on page by page",
  async () => {
    const rooms: { id: string }[] = (await (await fetch(`${address}/api/rooms`)).json()).rooms;
    const other = rooms.map(({ id }) => id).find((id) => id !== room)!;
    await act("slow", { room: other, seconds: 0 });
    for (let at = 0; at < 60; at++) {
      await post(
        `fan-${at}`,
        `Song number ${at} of the evening`,
        other,
      );
    }
    for (let at = 0; at < 55; at++) {
      await post(`seller-${at}`, `See http://tickets.example.test/${at}`, other);
    }
    for (let at = 0; at < 110; at++) await act("slow", { room: other, seconds: at % 2 ? 0 : 30 });

    const mod = await visit("/console");
    await signIn(mod, "moe");
    await tabTo(mod, `room-${other}`);
    await mod.keyboard.press("Enter");
    await mod.getByTestId("item-held").first().waitFor();
    expect(await mod.getByTestId("item-held").count()).toBe(50);
    await mod.getByTestId("more").filter({ hasText: "5 more that wait, of 5" }).waitFor();
    await mod.keyboard.press("n");
    await until("all that wait", async () => await mod.getByTestId("item-held").count() === 55);
    expect(await mod.getByTestId("item-live").count()).toBe(50);
    expect(await item(mod, "live", "Song number 0 of").count()).toBe(0);
    await mod.getByTestId("more").filter({ hasText: "Older messages" }).waitFor();
    await tabTo(mod, "more");
    await picture(mod, "console-older");
    await mod.keyboard.press("Enter");
    await item(mod, "live", "Song number 0 of").waitFor();
    await mod.getByTestId("more").waitFor({ state: "detached" });

    const done = (text: string) => mod.getByTestId("done").filter({ hasText: text }).waitFor();
    const stateIs = (text: string) =>
      mod.getByTestId("room-state").filter({ hasText: text }).waitFor();
    // An old one, only here by the page.
    await item(mod, "live", "Song number 0 of").click();
    await mod.keyboard.press("p");
    await done("Pinned");
    await item(mod, "live", "Song number 0 of").getByText("Pinned").waitFor();
    await mod.keyboard.press("p");
    await done("Not pinned any more");
    await mod.keyboard.press("d");
    await done("Deleted for good");
    await item(mod, "live", "Song number 0 of").waitFor({ state: "detached" });
    await mod.keyboard.press("i");
    await stateIs("Reactions only");
    await mod.keyboard.press("i");
    await done("Everybody may write");

    await mod.keyboard.press("t");
    await mod.getByTestId("chain").filter({ hasText: "100 linked" }).waitFor();
    await mod.getByTestId("more").waitFor();
    await mod.keyboard.press("n");
    await mod.getByTestId("chain").filter({ hasText: "linked, from the first on" }).waitFor();
    await mod.getByTestId("more").waitFor({ state: "detached" });
    expect(await mod.getByTestId("rows").getByRole("listitem").count()).toBeGreaterThan(110);

    await mod.goBack();
    await mod.getByTestId("items").waitFor();
    await mod.keyboard.press("Z");
    await mod.getByTestId("confirm-text").filter({ hasText: "ends this room for good" }).waitFor();
    await tabTo(mod, "confirm");
    await mod.keyboard.press("Enter");
    await stateIs("Archived");
    expect(await mod.getByTestId("act-slow").count()).toBe(0);
    expect(browser.troubles).toEqual([]);
  },
  120_000,
);
