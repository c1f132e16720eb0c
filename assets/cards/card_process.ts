/**
 * The process that paints cards, one after the other, and ends with its input.
 *
 * Text shaping and SVG are two big libraries of C and Rust at work on names from
 * outside: what goes wrong in them ends this process and no other. It reads
 * flags, its libraries read fonts, and it writes nothing.
 */
import { Buffer } from "node:buffer";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setPriority } from "node:os";
import process from "node:process";
import { createInterface } from "node:readline";
import sharp from "sharp";
import { reasonOf } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import type { CardAnswer, CardJob } from "./card_job.ts";
import { cardSvg, type Shape } from "./card_layout.ts";
import { missingFonts } from "./missing_fonts.ts";

sharp.cache(false);
sharp.concurrency(1);
/** Goals go first: of two cores with work for three, all of this gives way. */
const GIVES_WAY = 19;
try {
  setPriority(GIVES_WAY);
} catch {
  // Where a process may not, it paints as eagerly as others work.
}

/** SVG by country, the one folder that it may read. */
const [, , FLAGS = ""] = process.argv;
const flags = new Map<string, string | null>();

function flagOf(country: string): string | null {
  const known = flags.get(country);
  if (known !== undefined) return known;
  const path = join(FLAGS, `${country}.svg`);
  const svg = /^[a-z-]+$/.test(country) && existsSync(path) ? readFileSync(path, "utf8") : null;
  flags.set(country, svg);
  return svg;
}

/** 20 ms and 65 to 90 KB; a palette halves the bytes in 90 ms, when a goal wants both cores. */
async function paint(card: CardJob, shape: Shape): Promise<string> {
  const png = await sharp(Buffer.from(cardSvg(card, shape, flagOf)), {
    limitInputPixels: limits.assetSourcePixelsMax,
  })
    .timeout({ seconds: limits.assetImageSecondsMax })
    .removeAlpha()
    .png({ compressionLevel: 6 })
    .toBuffer();
  return png.toString("base64");
}

function say(answer: CardAnswer): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

say({ kind: "ready", missing: await missingFonts() });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    const card = JSON.parse(line) as CardJob;
    const [wide, square] = await Promise.all([paint(card, "wide"), paint(card, "square")]);
    const images = { wide, square };
    say({ kind: "painted", images, bytesHeld: process.memoryUsage().rss });
  } catch (thrown) {
    say({ kind: "refused", reason: reasonOf(thrown) });
  }
}
