/**
 * A moderator and a fan at a real server, each in a browser of their own, by
 * keyboard events alone: hold, approve, delete, ban, undo, and all that a case
 * offers. The fan's page follows within a second. The token alone is pasted.
 */
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../drills/until.ts";
import { message, openChat, picture, tabTo, WIDE, write } from "../browser_test_kit.ts";
import { ConsoleHouse, item, press } from "./console_test_kit.ts";

const FOLLOWS_MS_MAX = 1_000;

let house: ConsoleHouse;
beforeAll(async () => {
  house = await ConsoleHouse.open();
});
afterAll(() => house?.close());

async function follows(what: string, seen: () => Promise<unknown>): Promise<void> {
  const since = performance.now();
  await seen();
  const tookMs = performance.now() - since;
  console.log(`${what}: the fan's page followed in ${Math.round(tookMs)} ms`);
  expect(tookMs, what).toBeLessThan(FOLLOWS_MS_MAX);
}

test("a moderator holds, approves, deletes, bans and takes back; the fan's page follows", async () => {
  const mod = await house.visit("/console", WIDE);
  await house.signIn(mod, "mo");
  await house.openRoom(mod);
  const fan = await house.visit(`/#/match/${house.room}`);
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
  expect(house.browser.troubles).toEqual([]);
});

test("a case: its picture, the room's roles, what holds everywhere, each by its key", async () => {
  const grey = { create: { width: 200, height: 200, channels: 3 as const, background: "#808" } };
  await house.ask("eve", "fan", "/api/avatar", await sharp(grey).png().toBuffer());
  await house.post("eve", "Buy my things, all of you");
  const mod = await house.visit("/console", WIDE);
  await house.signIn(mod, "mae");
  await house.openRoom(mod);
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
  const pages = () =>
    fetch(`${house.address}/api/rooms/${house.room}/messages`).then((reply) => reply.text());
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
  expect(house.browser.troubles).toEqual([]);
});
