/**
 * What clients read, in the form that each reads best.
 *
 * `manifest.json` is small and names everything else: sheets in the JSON Hash
 * form of PixiJS and TexturePacker, a stylesheet and a compact array form a
 * pack, a list of single files. Every other file is named by its content, so
 * the manifest's version, the hash of the rest of it, stands for the whole.
 * https://pixijs.download/release/docs/assets.SpritesheetData.html
 */
import { contentHash } from "./content_name.ts";
import type { Size } from "./pack.ts";
import type { SheetPlan } from "./sheet_plan.ts";

export const MANIFEST_FORMAT = 1;

export interface ManifestSheet extends Size {
  image: string;
  avif?: string;
  /** PixiJS JSON Hash of this sheet. */
  frames: string;
  bytes: number;
}

export interface ManifestAnimation extends Size {
  /** By density: `{"1x": {animation, poster}}`. */
  files: Record<string, { animation: string; poster: string }>;
}

export interface ManifestPack {
  /** Frames of it. */
  count: number;
  /** By density, the pages in order. */
  sheets?: Record<string, ManifestSheet[]>;
  css?: string;
  /** See `compactOf`. */
  compact?: string;
  /** By density, see `singlesOf`. */
  singles?: Record<string, string>;
  animations?: Record<string, ManifestAnimation>;
}

export interface Manifest {
  format: typeof MANIFEST_FORMAT;
  version: string;
  notice: string;
  packs: Record<string, ManifestPack>;
}

export function manifestOf(notice: string, packs: Record<string, ManifestPack>): Manifest {
  const rest = { notice, packs };
  return { format: MANIFEST_FORMAT, version: contentHash(encodeJson(rest)), ...rest };
}

export function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** @param others JSON files of the pages after this, given to the first one only. */
export function pixiSheetOf(
  { plan, density, image, others }: {
    plan: SheetPlan;
    density: number;
    image: string;
    others: string[];
  },
): unknown {
  const frames = plan.frames.map(({ id, ...box }) => {
    const { x, y, width: w, height: h } = scaled(box, density);
    return [id, {
      frame: { x, y, w, h },
      rotated: false,
      trimmed: false,
      spriteSourceSize: { x: 0, y: 0, w, h },
      sourceSize: { w, h },
    }];
  });
  return {
    frames: Object.fromEntries(frames),
    meta: {
      app: "golazo",
      version: String(MANIFEST_FORMAT),
      image,
      format: "RGBA8888",
      size: { w: plan.width * density, h: plan.height * density },
      scale: String(density),
      ...(others.length > 0 ? { related_multi_packs: others } : {}),
    },
  };
}

/**
 * `{scales: [1, 2, 3], pages: [{width, height, images: [a name a scale], frames: [[id, x, y,
 * width, height], …]}]}`, sizes and places in CSS pixels: what a mini app needs to set a
 * background by itself.
 */
export function compactOf(pages: { plan: SheetPlan; images: string[] }[], scales: number[]) {
  return {
    scales,
    pages: pages.map(({ plan, images }) => ({
      width: plan.width,
      height: plan.height,
      images,
      frames: plan.frames.map(({ id, x, y, width, height }) => [id, x, y, width, height]),
    })),
  };
}

/** `{pack, scale, files: {id: hash}}`; a name is `{pack}-{id}@{scale}x.{hash}.webp`. */
export function singlesOf(pack: string, scale: number, hashes: Record<string, string>) {
  return { pack, scale, files: hashes };
}

/** `.golazo-flags` and `.golazo-flags-fra` together show a frame; the browser picks the density. */
export function cssOf(
  pack: string,
  pages: { plan: SheetPlan; images: { density: number; file: string }[] }[],
): string {
  const base = `.golazo-${pack}`;
  const sizes = new Set(pages.flatMap(({ plan }) => plan.frames.map(sizeRule)));
  const isEven = sizes.size === 1;
  const rules = [
    `${base}{display:inline-block;background-repeat:no-repeat${isEven ? `;${[...sizes][0]}` : ""}}`,
  ];
  for (const { plan, images } of pages) {
    const names = plan.frames.map(({ id }) => `${base}-${id}`);
    const urls = images.map(({ density, file }) => `url(${file}) ${density}x`);
    rules.push(
      `${names.join(",")}{background-image:url(${images[0]!.file});` +
        `background-image:image-set(${urls.join(",")});` +
        `background-size:${plan.width}px ${plan.height}px}`,
    );
    for (const frame of plan.frames) {
      const place = `background-position:-${frame.x}px -${frame.y}px`;
      const size = isEven ? "" : `;${sizeRule(frame)}`;
      rules.push(`${base}-${frame.id}{${place}${size}}`);
    }
  }
  return `${rules.join("\n")}\n`;
}

function sizeRule({ width, height }: Size): string {
  return `width:${width}px;height:${height}px`;
}

function scaled(box: Size & { x: number; y: number }, by: number) {
  return { x: box.x * by, y: box.y * by, width: box.width * by, height: box.height * by };
}
