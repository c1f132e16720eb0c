/**
 * Which scripts the fonts at hand cannot write.
 *
 * Asked of pango itself, by painting a letter of each: whatever fontconfig was
 * told and found, what counts is what comes out. A card is painted all the same,
 * with boxes in the place of those letters; an operator is told what to install.
 */
import { Buffer } from "node:buffer";
import sharp from "sharp";
import type { MissingFont } from "./card_job.ts";

/** Letters that have no straight stroke at their left, as the box of a missing one has. */
const SAMPLES: readonly [sample: string, font: MissingFont][] = [
  ["a", { scripts: "Latin", debianPackage: "fonts-noto-core" }],
  ["ж", { scripts: "Cyrillic", debianPackage: "fonts-noto-core" }],
  ["س", { scripts: "Arabic", debianPackage: "fonts-noto-core" }],
  ["永", { scripts: "Chinese and Japanese", debianPackage: "fonts-noto-cjk" }],
  ["한", { scripts: "Korean", debianPackage: "fonts-noto-cjk" }],
  ["ש", { scripts: "Hebrew", debianPackage: "fonts-noto-core" }],
  ["ด", { scripts: "Thai", debianPackage: "fonts-noto-core" }],
  ["अ", { scripts: "Devanagari", debianPackage: "fonts-noto-core" }],
  ["ა", { scripts: "Georgian", debianPackage: "fonts-noto-core" }],
];

/** Where the system has no font for a script, pango draws a box in the letter's place. */
export async function missingFonts(): Promise<MissingFont[]> {
  const missing: MissingFont[] = [];
  for (const [sample, font] of SAMPLES) if (await isBox(sample)) missing.push(font);
  return missing;
}

const SAMPLE_SIZE = 60;
const DARK = 128;

/** Whether its leftmost ink is one stroke from top to bottom. */
async function isBox(sample: string): Promise<boolean> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="120">` +
    `<rect width="120" height="120" fill="#fff"/><text x="20" y="80" font-family="Inter" ` +
    `font-size="${SAMPLE_SIZE}">${sample}</text></svg>`;
  const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().greyscale().raw()
    .toBuffer({ resolveWithObject: true });
  const isInk = (x: number, y: number) => data[(y * info.width + x) * info.channels]! < DARK;
  const rows = range(info.height).filter((y) => range(info.width).some((x) => isInk(x, y)));
  const columns = range(info.width).filter((x) => rows.some((y) => isInk(x, y)));
  if (rows.length === 0) return true;
  return columns.slice(0, 3).some((x) => rows.filter((y) => isInk(x, y)).length === rows.length);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, at) => at);
}
