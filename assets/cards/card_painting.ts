/**
 * What the process that paints does: cards, one after the other, until its input ends.
 *
 * Text shaping and SVG are two big libraries of C and Rust at work on names from
 * outside: what goes wrong in them ends this process and no other. It reads
 * flags, its libraries read fonts, and it writes nothing.
 */
import { Buffer } from "node:buffer";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

/**
 * 15 to 19 ms and 65 to 95 KB. Level 6 has a tenth less in a quarter more, a palette half of it
 * in 90 ms, when a goal wants both cores.
 */
async function paint(card: CardJob, shape: Shape): Promise<string> {
  const png = await sharp(Buffer.from(cardSvg(card, shape, flagOf)), {
    limitInputPixels: limits.assetSourcePixelsMax,
  })
    .timeout({ seconds: limits.assetImageSecondsMax })
    .removeAlpha()
    .png({ compressionLevel: 3 })
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
    // One after the other: a goal that comes meanwhile finds a core that is free.
    const images = { wide: await paint(card, "wide"), square: await paint(card, "square") };
    say({ kind: "painted", images, bytesHeld: process.memoryUsage().rss });
  } catch (thrown) {
    say({ kind: "refused", reason: reasonOf(thrown) });
  }
}
