import { beforeEach, describe, expect, test } from "vitest";
import { AssetBook } from "./asset_book.ts";
import { clientLimits } from "./client_limits.ts";

const FILES: Record<string, unknown> = {
  "/assets/compact-1.json": {
    scales: [1, 2, 3],
    pages: [{
      width: 100,
      height: 40,
      images: ["s@1x", "s@2x", "s@3x"],
      frames: [["fire", 2, 2, 32, 32], ["clap", 36, 2, 32, 32]],
    }],
  },
  "/assets/singles@1x": { pack: "flags", scale: 1, files: { ar: "aaa" } },
  "/assets/singles@3x": { pack: "flags", scale: 3, files: { ar: "ccc" } },
};

let manifest: { version: string; packs: Record<string, unknown> };
let asked: string[];
let changes: number;
let timers: { at: number; task: () => void }[];
let now: number;
let isAway: boolean;
let book: AssetBook;

beforeEach(() => {
  manifest = manifestOf("v1");
  [asked, changes, timers, now, isAway] = [[], 0, [], 0, false];
  book = new AssetBook({
    density: 2,
    onChange: () => void changes++,
    platform: {
      fraction: () => 0.5,
      after(delayMs, task) {
        timers.push({ at: now + delayMs, task });
        return () => {};
      },
      request({ path }) {
        asked.push(path);
        const plain = path.split("?")[0]!;
        const value = plain === "/assets/manifest.json" ? manifest : FILES[plain] ?? null;
        if (isAway) return Promise.reject(new Error("offline"));
        return Promise.resolve({ status: value === null ? 404 : 200, value, retryAfterMs: 0 });
      },
    },
  });
});

function manifestOf(version: string) {
  return {
    version,
    packs: {
      reactions: { compact: "compact-1.json" },
      flags: { singles: { "1x": "singles@1x", "3x": "singles@3x" } },
    },
  };
}

async function pass(ms: number): Promise<void> {
  now += ms;
  const due = timers.filter(({ at }) => at <= now);
  timers = timers.filter(({ at }) => at > now);
  for (const { task } of due) task();
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

async function say(version: string): Promise<void> {
  const assets = { version, url: "/assets/manifest.json" };
  const publication = { channel: 1, offset: 0, body: "assets" as const, assets };
  book.receive({ kind: "publication", publication });
  await pass(0);
}

describe("AssetBook", () => {
  test("asks for nothing before the server says that there are images", async () => {
    expect(book.frame("reactions", "fire")).toBeNull();
    expect(book.single("flags", "ar")).toBeNull();
    await pass(60_000);
    expect(asked).toEqual([]);
  });

  test("reads a pack when it is first asked for, once", async () => {
    await say("v1");
    expect(asked).toEqual(["/assets/manifest.json?v=v1-1"]);
    expect([book.frame("reactions", "fire"), book.frame("reactions", "clap")]).toEqual([
      null,
      null,
    ]);
    await pass(0);
    expect(asked.slice(1)).toEqual(["/assets/compact-1.json"]);
    expect(book.frame("reactions", "clap")).toEqual({
      image: "/assets/s@2x",
      sheetWidth: 100,
      sheetHeight: 40,
      ...{ x: 36, y: 2, width: 32, height: 32 },
    });
    expect(book.frame("reactions", "nothing")).toBeNull();
    expect(book.ids("reactions")).toEqual(["fire", "clap"]);
    expect(changes).toBe(2);
  });

  test("names single files in the finest density", async () => {
    await say("v1");
    book.single("flags", "ar");
    await pass(0);
    expect(book.single("flags", "ar")).toBe("/assets/flags-ar@3x.ccc.webp");
    expect(book.single("flags", "fr")).toBeNull();
    expect(book.single("marks", "ar")).toBeNull();
  });

  test("a new version is read within a spread, and costs what has changed", async () => {
    await say("v1");
    book.frame("reactions", "fire");
    await pass(0);
    manifest = manifestOf("v2");
    await say("v2");
    expect(book.version).toBe("v1");
    await pass(clientLimits.manifestSpreadMsMax);
    expect(book.version).toBe("v2");
    expect(book.frame("reactions", "fire")).not.toBeNull();
    expect(asked.slice(2)).toEqual(["/assets/manifest.json?v=v2-1"]);
    await say("v2");
    await pass(60_000);
    expect(asked.length).toBe(3);
  });

  test("asks past a cache that is behind, and goes on with what it has meanwhile", async () => {
    manifest = manifestOf("v0");
    await say("v1");
    expect(book.version).toBe("v0");
    manifest = manifestOf("v1");
    await pass(clientLimits.manifestAgainMs);
    expect(book.version).toBe("v1");
    expect(asked).toEqual(["/assets/manifest.json?v=v1-1", "/assets/manifest.json?v=v1-2"]);
  });

  test("gives up in the end where nobody answers, and a list is asked for again", async () => {
    await say("v1");
    isAway = true;
    book.frame("reactions", "fire");
    await pass(0);
    isAway = false;
    expect(book.frame("reactions", "fire")).toBeNull();
    await pass(clientLimits.manifestAgainMs);
    book.frame("reactions", "fire");
    await pass(0);
    expect(book.frame("reactions", "fire")).not.toBeNull();
    isAway = true;
    asked = [];
    await say("v9");
    for (let at = 0; at < 20; at++) await pass(clientLimits.manifestSpreadMsMax);
    expect(asked.length).toBe(clientLimits.manifestTriesMax);
    expect(book.version).toBe("v1");
  });
});
