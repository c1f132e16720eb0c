/**
 * Every view of the console at a real server, by keyboard events alone, and what
 * is done there to a whole room: its queue, history and audit, page by page.
 *
 * Nothing serious may be found by axe in any view of the console and in the chat,
 * by day or night, on a phone or wide; the pictures are kept in artefacts/.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../drills/until.ts";
import { goTo, message, openChat, PHONE, picture, tabTo, write } from "../browser_test_kit.ts";
import { ConsoleHouse, item, press } from "./console_test_kit.ts";

let house: ConsoleHouse;
beforeAll(async () => {
  house = await ConsoleHouse.open();
});
afterAll(() => house?.close());

test("every view of the console lets nobody out", async () => {
  const mod = await house.visit("/console");
  await tabTo(mod, "token");
  await mod.keyboard.type("no token at all");
  await mod.keyboard.press("Enter");
  await mod.getByTestId("refusal").waitFor();
  await picture(mod, "console-sign-in");
  await mod.reload();
  await house.signIn(mod, "mia");

  const [ana, ben] = [
    await house.visit(`/#/match/${house.room}`),
    await house.visit(`/#/match/${house.room}`),
  ];
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
  await house.ask("zoe", "fan", `/api/rooms/${house.room}/messages`, {
    sticker: "red-card",
    clientId: "s1",
  });
  await ana.getByTestId("sticker").filter({ hasText: "Red card" }).waitFor();

  await house.openRoom(mod);
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
  await mod.getByTestId(`room-${house.room}`).waitFor();
  await picture(mod, "console-rooms");
  await house.openRoom(mod);
  await mod.keyboard.press("t");
  await mod.getByTestId("chain").filter({ hasText: "from the first on" }).waitFor();
  await picture(mod, "console-audit");
  await mod.keyboard.press("/");
  await mod.keyboard.type("guest");
  await mod.keyboard.press("Enter");
  await mod.getByTestId("found-users").getByRole("link").first().waitFor();
  await picture(mod, "console-search");
  expect(house.browser.troubles).toEqual([]);
});

test(
  "reactions only, unpin and archive by key; queue, history and audit go on page by page",
  async () => {
    const rooms: { id: string }[] =
      (await (await fetch(`${house.address}/api/rooms`)).json()).rooms;
    const other = rooms.map(({ id }) => id).find((id) => id !== house.room)!;
    await house.act("slow", { room: other, seconds: 0 });
    for (let at = 0; at < 60; at++) {
      await house.post(
        `fan-${at}`,
        `Song number ${at} of the evening`,
        other,
      );
    }
    for (let at = 0; at < 55; at++) {
      await house.post(`seller-${at}`, `See http://tickets.example.test/${at}`, other);
    }
    for (let at = 0; at < 110; at++) {
      await house.act("slow", { room: other, seconds: at % 2 ? 0 : 30 });
    }

    const mod = await house.visit("/console");
    await house.signIn(mod, "moe");
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
    expect(house.browser.troubles).toEqual([]);
  },
  120_000,
);
