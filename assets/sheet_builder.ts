/**
 * Makes images with sharp, the only file that does.
 *
 * Every source is decoded within bounds of pixels and time, and a warning is
 * an error: half an image is none. A sheet is put together by copying pixels,
 * so a frame on it is exactly what its source became and nothing blends.
 */
import process from "node:process";
import sharp from "sharp";
import { limits } from "../runtime/limits.ts";
import type { Size } from "./pack.ts";
import {
  ANIMATED,
  AVIF,
  DIFFERENCE_MAX,
  type Encoded,
  smallest,
  STILL,
  STILL_SAFE,
  type WebpEncoding,
} from "./encode_policy.ts";
import type { ImageAnswer, ImageJob, JobSource, MadeImage } from "./image_job.ts";
import { type Box, worstDifference } from "./pixel_difference.ts";

sharp.cache(false);
sharp.concurrency(1);

/** What bytes depend on beside inputs and options. */
export const versions: Record<string, string> = {
  sharp: sharp.versions.sharp ?? "",
  vips: sharp.versions.vips,
  webp: sharp.versions.webp ?? "",
  rsvg: sharp.versions.rsvg ?? "",
  cgif: sharp.versions.cgif ?? "",
  heif: sharp.versions.heif ?? "",
  aom: sharp.versions.aom ?? "",
  cpu: process.arch,
};

const BOUNDS = { limitInputPixels: limits.assetSourcePixelsMax, failOn: "warning" } as const;
const TIMEOUT = { seconds: limits.assetImageSecondsMax };
const ANIMATION_TIMEOUT = { seconds: limits.assetAnimationSecondsMax };
/** A face in a circle of 64 pixels: 1 to 3 KB. */
const PORTRAIT = { quality: 82, effort: 4 } as const;
const TRANSPARENT = { r: 0, g: 0, b: 0, alpha: 0 };
const CHANNELS = 4;
/** Of an SVG that says its size in pixels. */
const SVG_DENSITY = 72;

/** @throws what sharp throws, after `at` named the source. */
export async function make(job: ImageJob, at: (name: string) => void): Promise<ImageAnswer> {
  switch (job.kind) {
    case "sheet":
      return { kind: "made", images: await makeSheet(job, at) };
    case "single":
      at(job.source.name);
      return {
        kind: "made",
        images: await each(job.sizes, async (size) => {
          const pixels = await rasterise(job.source, size);
          return [madeImage("webp", size, await encodeStill(pixels, size))];
        }),
      };
    case "animation":
      at(job.source.name);
      return { kind: "made", images: await each(job.sizes, (size) => animate(job.source, size)) };
    case "portrait":
      at(job.source.name);
      return { kind: "made", images: await each(job.sizes, (size) => portray(job.source, size)) };
    case "probe":
      at(job.source.name);
      return { kind: "probed", probe: await probe(job.source) };
  }
}

async function makeSheet(
  job: ImageJob & { kind: "sheet" },
  at: (name: string) => void,
): Promise<MadeImage[]> {
  const sheet = new Uint8Array(job.width * job.height * CHANNELS);
  for (const { source, x, y, width, height } of job.frames) {
    at(source.name);
    const pixels = await rasterise(source, { width, height });
    for (let row = 0; row < height; row++) {
      const line = pixels.subarray(row * width * CHANNELS, (row + 1) * width * CHANNELS);
      sheet.set(line, ((y + row) * job.width + x) * CHANNELS);
    }
  }
  // From here on no source is to blame.
  at("");
  const images = [madeImage("webp", job, await encodeStill(sheet, job, job.frames))];
  if (job.avif) {
    const bytes = await raw(sheet, job).avif(AVIF).toBuffer();
    images.push(madeImage("avif", job, { encoding: "avif", bytes }));
  }
  return images;
}

/** Pixels of four channels that fill `size`, the image whole and in the middle. */
async function rasterise(source: JobSource, size: Size): Promise<Uint8Array> {
  const bytes = Buffer.from(source.bytes, "base64");
  let image = sharp(bytes, BOUNDS);
  if (source.format === "svg") {
    // Drawn at its size at once: an enlarged drawing is a blurred one.
    const { width, height } = await image.metadata();
    const density = SVG_DENSITY * Math.min(size.width / width, size.height / height);
    image = sharp(bytes, { ...BOUNDS, density });
  } else {
    const { pages = 1 } = await image.metadata();
    if (pages > 1) throw new Error(`needed a still image, found ${pages} frames`);
  }
  return await image
    .timeout(TIMEOUT)
    .resize({ ...size, fit: "contain", background: TRANSPARENT })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw()
    .toBuffer();
}

/** @param boxes each of which has to look right; absent: the whole. */
async function encodeStill(
  pixels: Uint8Array,
  size: Size,
  boxes: readonly Box[] = [{ x: 0, y: 0, ...size }],
): Promise<Encoded> {
  const encode = async ({ name, options }: WebpEncoding): Promise<Encoded> => {
    return { encoding: name, bytes: await raw(pixels, size).webp(options).toBuffer() };
  };
  const good: Encoded[] = [];
  for (const encoding of STILL) {
    const one = await encode(encoding);
    const seen = await sharp(one.bytes).ensureAlpha().raw().toBuffer();
    const difference = worstDifference(pixels, seen, { width: size.width, boxes });
    if (difference <= DIFFERENCE_MAX) good.push(one);
  }
  return good.length > 0 ? smallest(good) : await encode(STILL_SAFE);
}

/** The animation, then its first frame. */
async function animate(source: JobSource, size: Size): Promise<MadeImage[]> {
  const bytes = Buffer.from(source.bytes, "base64");
  const tried: Encoded[] = [];
  for (const { name, options } of ANIMATED) {
    const made = await sharp(bytes, { ...BOUNDS, animated: true })
      .timeout(ANIMATION_TIMEOUT)
      .resize({ ...size, fit: "fill" })
      .webp(options)
      .toBuffer();
    tried.push({ encoding: name, bytes: made });
  }
  const poster = await sharp(bytes, BOUNDS)
    .timeout(TIMEOUT)
    .resize({ ...size, fit: "fill" })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw()
    .toBuffer();
  return [
    madeImage("webp", size, smallest(tried)),
    madeImage("webp", size, await encodeStill(poster, size)),
  ];
}

/** Pixels alone: what a camera or a stranger wrote beside them is left behind. */
async function portray(source: JobSource, size: Size): Promise<MadeImage[]> {
  const bytes = await sharp(Buffer.from(source.bytes, "base64"), BOUNDS)
    .timeout(TIMEOUT)
    .autoOrient()
    .resize({ ...size, fit: "cover" })
    .toColourspace("srgb")
    .webp(PORTRAIT)
    .toBuffer();
  return [madeImage("webp", size, { encoding: "portrait", bytes })];
}

/** Size of one frame, and how many; decodes all of them, so what is broken is found. */
async function probe(source: JobSource): Promise<Size & { pages: number }> {
  const image = sharp(Buffer.from(source.bytes, "base64"), { ...BOUNDS, animated: true });
  const { width, height, pageHeight = height, pages = 1 } = await image.metadata();
  await image.timeout(TIMEOUT).stats();
  return { width, height: pageHeight, pages };
}

/** Pixels of ours: a sheet's AVIF may take longer than any source, and is bound by its task. */
function raw(pixels: Uint8Array, { width, height }: Size) {
  return sharp(pixels, { raw: { width, height, channels: CHANNELS } });
}

function madeImage(format: "webp" | "avif", size: Size, { encoding, bytes }: Encoded): MadeImage {
  const { width, height } = size;
  return { format, encoding, width, height, bytes: Buffer.from(bytes).toString("base64") };
}

async function each(
  sizes: readonly Size[],
  one: (size: Size) => Promise<MadeImage[]>,
): Promise<MadeImage[]> {
  const made: MadeImage[] = [];
  for (const size of sizes) made.push(...await one(size));
  return made;
}
