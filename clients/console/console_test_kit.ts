/**
 * What tests of the console have in common: a real server, a room of it, a browser
 * in which moderators sign in by keyboard, and people who write and act by HTTP.
 */
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { fanToken, tokenSettings } from "../../drills/fan_token.ts";
import { ProcessGroup } from "../../drills/process_group.ts";
import { PHONE, roomOfScheduledMatch, tabTo, TestBrowser } from "../browser_test_kit.ts";

const STEPS_MAX = 120;

export class ConsoleHouse {
  readonly browser: TestBrowser;
  readonly address: string;
  /** Of a match still to come. */
  readonly room: string;
  readonly #group: ProcessGroup;
  #asked = 0;

  private constructor(browser: TestBrowser, group: ProcessGroup, address: string, room: string) {
    this.browser = browser;
    this.#group = group;
    this.address = address;
    this.room = room;
  }

  static async open(): Promise<ConsoleHouse> {
    // Slow enough that no goal slows the rooms meanwhile.
    const group = new ProcessGroup({ ...tokenSettings, GOLAZO_REPLAY_SPEED: "1" });
    try {
      const { address } = await group.start();
      const room = await roomOfScheduledMatch(address);
      return new ConsoleHouse(await TestBrowser.launch(), group, address, room);
    } catch (error) {
      group.end();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.#group.end();
  }

  visit(path: string, viewport = PHONE): Promise<Page> {
    return this.browser.visit(this.address + path, { viewport });
  }

  async signIn(page: Page, name: string): Promise<void> {
    await tabTo(page, "token");
    await page.keyboard.insertText(fanToken(name, "moderator"));
    await page.keyboard.press("Enter");
    await page.getByTestId("rooms").waitFor();
  }

  async openRoom(page: Page, room = this.room): Promise<void> {
    await tabTo(page, `room-${room}`);
    await page.keyboard.press("Enter");
    await page.getByTestId("items").waitFor();
  }

  /** By HTTP, as somebody else. */
  async ask(who: string, role: "fan" | "moderator", path: string, body: object): Promise<void> {
    const bytes = body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
    const reply = await fetch(this.address + path, {
      method: "POST",
      headers: { authorization: `Bearer ${fanToken(who, role)}` },
      body: bytes,
    });
    expect(reply.ok, `${path} ${reply.status} ${await reply.text()}`).toBe(true);
  }

  post(who: string, text: string, room = this.room): Promise<void> {
    const clientId = `c${++this.#asked}`;
    return this.ask(who, "fan", `/api/rooms/${room}/messages`, { text, clientId });
  }

  act(action: string, more: object): Promise<void> {
    const clientId = `c${++this.#asked}`;
    const { room } = this;
    return this.ask("max", "moderator", "/api/mod/actions", {
      ...{ room, action, clientId, reason: "" },
      ...more,
    });
  }
}

export const item = (page: Page, kind: string, text: string) =>
  page.getByTestId(`item-${kind}`).filter({ hasText: text });

/** Goes to a message with j and presses what is to be done with it. */
export async function press(page: Page, text: string, key: string): Promise<void> {
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const current = await page.locator("[data-item][aria-current]").textContent();
    if (current?.includes(text)) return await page.keyboard.press(key);
    await page.keyboard.press(steps % 20 < 10 ? "j" : "k");
  }
  throw new Error(`Cannot reach ${text} by j and k`);
}
