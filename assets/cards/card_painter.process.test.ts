/**
 * Cards as they are painted: what a name does to the image, and what becomes of
 * a process that is killed.
 */
import { Buffer } from "node:buffer";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyAll, scheduled, started } from "../../actors/match/match.testing.ts";
import { temporaryFolder } from "../../db/embedded/temporary_folder.ts";
import { systemClock } from "../../runtime/clock.ts";
import { CardPainter } from "./card_painter.ts";
import { cardOf, type CardView } from "./card_view.ts";

/** The home team's column of a wide card, with the softness of an edge. */
const COLUMN = { left: 226 - 196 - 1, right: 226 + 196 + 1 };
/** Below the flags and above the scorers. */
const NAME_ROWS = [262, 380];
/** The middle of the home team's flag on a wide card. */
const MARK = { x: 226, y: 184 };
const NAMES = [
  "Argentina",
  "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
  "W".repeat(60),
  "Ж".repeat(60),
  "Ψ".repeat(60),
  "المنتخب الوطني السعودي لكرة القدم للرجال",
  "ששששששששששששששששששששש",
  "中华人民共和国国家男子足球代表队训练中心",
  `<svg href="x"> & "Sons"`,
];
const folder = temporaryFolder();
const plain = cardOf(applyAll([scheduled(), started("firstHalf")]).view);
let painter: CardPainter;

beforeAll(() => {
  painter = new CardPainter({ folder: folder.path("painter"), clock: systemClock });
});
afterAll(async () => {
  await painter.stop();
  folder.remove();
});

async function pixelsOf(name: string) {
  const card: CardView = { ...plain, home: { ...plain.home, name } };
  const { wide } = await painter.paint(card);
  return await sharp(wide).removeAlpha().raw().toBuffer({ resolveWithObject: true });
}

describe("CardPainter", () => {
  test("says which scripts no font has, and what brings one", async () => {
    for (const { scripts, debianPackage } of await painter.ready) {
      expect(["Latin", "Cyrillic", "Arabic"]).not.toContain(scripts);
      expect(debianPackage).toMatch(/^fonts-noto-/);
    }
  });

  test("writes in its own letters, wherever its folder is said to be from", async () => {
    mkdirSync("data", { recursive: true });
    const path = mkdtempSync(join("data", "painter-"));
    const other = new CardPainter({ folder: path, clock: systemClock });
    const [here, there] = await Promise.all([painter.paint(plain), other.paint(plain)]);
    await other.stop();
    rmSync(path, { recursive: true });
    expect(Buffer.compare(here.wide, there.wide)).toBe(0);
  });

  test("keeps the longest names in their column, in any script", async () => {
    const empty = await pixelsOf("");
    for (const name of NAMES) {
      const { data, info } = await pixelsOf(name);
      const changed: number[] = [];
      const [first, last] = NAME_ROWS.map((row) => row * info.width * info.channels);
      for (let at = first!; at < last!; at += info.channels) {
        // A flag's edge shifts by a shade; ink on the night does not.
        const isInk = data[at]! > 160 && data[at]! - empty.data[at]! > 100;
        if (isInk) changed.push((at / info.channels) % info.width);
      }
      expect(changed.length, name).toBeGreaterThan(100);
      expect(changed.reduce((a, b) => Math.min(a, b)), name).toBeGreaterThanOrEqual(COLUMN.left);
      expect(changed.reduce((a, b) => Math.max(a, b)), name).toBeLessThanOrEqual(COLUMN.right);
    }
  });

  test("shows a country's flag", async () => {
    const card: CardView = {
      ...plain,
      home: { ...plain.home, mark: { kind: "flag", country: "fr" } },
    };
    const { wide } = await painter.paint(card);
    const { data, info } = await sharp(wide).removeAlpha().raw().toBuffer({
      resolveWithObject: true,
    });
    const shades = [-64, 0, 64].map((beside) => {
      const at = (MARK.y * info.width + MARK.x + beside) * info.channels;
      return [...data.subarray(at, at + 3)].map((value) => value > 128);
    });
    const [blue, white, red] = [[false, false, true], [true, true, true], [true, false, false]];
    expect(shades).toEqual([blue, white, red]);
  });

  test("may read flags and nothing else", () => {
    const words = readFileSync(`/proc/${painter.pid}/cmdline`, "utf8").split("\0");
    expect(words.filter((word) => /^(-A|--allow-(all|read|write|net|run).*)$/.test(word)))
      .toEqual([expect.stringMatching(/^--allow-read=\/[^,]*\/flag-icons\/flags\/4x3$/)]);
  });

  test("gives way to goals: nearly all of its work is at the lowest priority", async () => {
    for (let cards = 0; cards < 10; cards++) await painter.paint(plain);
    const threads = readdirSync(`/proc/${painter.pid}/task`).map((id) => {
      const stat = readFileSync(`/proc/${painter.pid}/task/${id}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return { nice: Number(fields[16]), ticks: Number(fields[11]) + Number(fields[12]) };
    });
    const ticks = (of: typeof threads) => of.reduce((sum, { ticks }) => sum + ticks, 0);
    expect(ticks(threads)).toBeGreaterThan(20);
    const eager = threads.filter(({ nice }) => nice < 19);
    expect(ticks(eager)).toBeLessThan(0.4 * ticks(threads));
  });

  test("paints the same bytes for the same card", async () => {
    expect(await painter.paint(plain)).toEqual(await painter.paint(plain));
  });

  test("gives a card back where its process dies, and leaves nothing behind", async () => {
    const other = new CardPainter({ folder: folder.path("other"), clock: systemClock });
    await other.ready;
    const painting = other.paint(plain);
    process.kill(other.pid!, "SIGKILL");
    await expect(painting).rejects.toMatchObject({ code: "cardPainter", retryable: true });
    expect((await other.ended).wasRun).toBe(true);
    await expect(other.paint(plain)).rejects.toMatchObject({ code: "cardPainter" });
    expect(() => process.kill(other.pid!, 0)).toThrow();
  });
});
