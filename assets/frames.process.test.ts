import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import PQueue from "p-queue";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { systemClock } from "../runtime/clock.ts";
import { buildAssets } from "./build.ts";
import { catalogue } from "./catalogue.ts";
import { DENSITIES } from "./pack.ts";
import type { Manifest, ManifestSheet } from "./manifest.ts";
import {
  cut,
  decoded,
  decodedFrames,
  drawnBySecond,
  meanDifference,
  pngBySecond,
} from "./second_renderer_test_kit.ts";
import { takeOverImages } from "./shared_build_test_kit.ts";

/**
 * Of 255. Calibrated on 1,146 frames. As WebP drawings are at 1.6 at worst, emoji at 2.2, marks
 * at 3.4, avatars at 3.5, flags at 3.7; as AVIF avatars at 1.8, emoji at 3.1, flags at 5.7; the
 * next best frame that is no twin is above 6.
 */
const TOLERANCE = 6;
/** Large plain shapes, which are at 1.2 at worst; at the least quality that WebP has, at 3.4. */
const MOVING_TOLERANCE = 2.5;

/** Territories that fly the flag of their state, or one that only a close look tells apart. */
const TWINS = [
  ["bl", "cp", "fr", "gf", "gp", "mf", "pm", "re", "wf", "yt"],
  ["bq", "nl"],
  ["um", "us"],
  ["au", "hm"],
  ["no", "sj"],
  ["gb", "sh"],
  ["dg", "io"],
  ["eg", "iq"],
];
const PROGRAMS_AT_ONCE = 2;
/** AVIF of every sheet is half a minute of a core, and the other core has tests of its own. */
const BUILD_MS_MAX = 240_000;

interface Frames {
  frames: Record<string, { frame: { x: number; y: number; w: number; h: number } }>;
}

/** Of a folder as a user has one: its PNGs and its animation are drawn by the second renderer. */
const OWN: Record<string, Drawn> = {
  "marks/reds": disc(120, 120, "#c8102e", "#ffffff"),
  "marks/blues": disc(120, 120, "#ffffff", "#034694"),
  "stickers/ole": disc(90, 60, "#0a7d32", "#ffd100"),
};
const BOUNCE = ["#c8102e", "#034694", "#ffd100", "#0a7d32"].map((colour, at) =>
  disc(288, 288, colour, "#ffffff", 0.25 + at / 6)
);

const folder = temporaryFolder();
const out = folder.path("assets");
const own = folder.path("own");
let manifest: Manifest;
beforeAll(async () => {
  for (const part of ["marks", "stickers", "animated"]) {
    mkdirSync(join(own, part), { recursive: true });
  }
  for (const [name, { svg, ...size }] of Object.entries(OWN)) {
    writeFileSync(join(own, `${name}.png`), await pngBySecond(svg, size));
  }
  const pages = await Promise.all(BOUNCE.map(({ svg, ...size }) => pngBySecond(svg, size)));
  const moving = sharp(pages.map((page) => Buffer.from(page)), { join: { animated: true } });
  const bounce = await moving.webp({ loop: 0, delay: pages.map(() => 80), lossless: true })
    .toBuffer();
  writeFileSync(join(own, "animated/bounce.webp"), bounce);
  await takeOverImages(out);
  await buildAssets({
    ...{ folder: own, out, processes: 2, avif: true, clock: systemClock },
    progress: () => {},
  });
  manifest = read<Manifest>("manifest.json");
}, BUILD_MS_MAX);
afterAll(() => folder.remove());

describe("every frame of every manifest", () => {
  for (const pack of catalogue(own).filter(({ makes }) => makes === "sheets")) {
    test(`${pack.id}: shows its source as another renderer draws it, and no other's`, async () => {
      const sources = new Map((await pack.sources(own)).map((source) => [source.id, source]));
      const svgOf = (id: string) => {
        const { format, bytes } = sources.get(id)!;
        return format === "svg" ? bytes : OWN[`${pack.id}/${id}`]!.svg;
      };
      const worst: Record<string, number> = { webp: 0, avif: 0 };
      const wrong: string[] = [];
      for (const density of DENSITIES) {
        const sheets = manifest.packs[pack.id]!.sheets![`${density}x`]!;
        const { webp, avif, drawn } = await framesOf(sheets, svgOf);
        for (const [format, shown] of [["webp", webp], ["avif", avif]] as const) {
          expect([...shown.keys()].sort()).toEqual([...sources.keys()].sort());
          for (const [id, pixels] of shown) {
            const off = meanDifference(pixels, drawn.get(id)!);
            worst[format] = Math.max(worst[format]!, off);
            const name = `${id}@${density}x.${format}`;
            if (off > TOLERANCE) wrong.push(`${name} is off by ${off.toFixed(2)}`);
            for (const [other, theirs] of drawn) {
              if (other === id || areTwins(id, other) || theirs.length !== pixels.length) continue;
              if (meanDifference(pixels, theirs, TOLERANCE) > TOLERANCE) continue;
              wrong.push(`${name} could be ${other}`);
            }
          }
        }
      }
      const told = Object.entries(worst).map(([format, off]) => `${format} ${off.toFixed(2)}`);
      console.log(`${pack.id}: ${3 * sources.size} frames, worst ${told.join(", ")} of 255`);
      expect(wrong).toEqual([]);
    });
  }

  test("animations: each frame and the poster show what the second renderer draws", async () => {
    const { files, ...size } = manifest.packs.animated!.animations!.bounce!;
    let [worst, next] = [0, Infinity];
    for (const density of DENSITIES) {
      const { animation, poster } = files[`${density}x`]!;
      const { frames, width, height } = await decodedFrames(join(out, animation));
      expect([width, height]).toEqual([size.width * density, size.height * density]);
      expect(frames.length).toBe(BOUNCE.length);
      const drawn = await Promise.all(
        BOUNCE.map(({ svg }) => drawnBySecond(svg, { width, height })),
      );
      const still = await decoded(join(out, poster));
      const first = cut(still, { x: 0, y: 0, w: width, h: height });
      for (const [at, shown] of [...frames.entries(), [0, first] as const]) {
        worst = Math.max(worst, meanDifference(shown, drawn[at]!));
        const others = drawn.filter((_, other) => other !== at);
        next = Math.min(next, ...others.map((other) => meanDifference(shown, other)));
      }
    }
    console.log(`animated: worst ${worst.toFixed(2)}, next best ${next.toFixed(2)} of 255`);
    expect(worst).toBeLessThanOrEqual(MOVING_TOLERANCE);
    expect(next).toBeGreaterThan(TOLERANCE);
  });

  test("flags: single files show what the sheet shows", async () => {
    const lists = Object.values(manifest.packs.flags!.singles!).map((name) => read<Singles>(name));
    expect(lists.map(({ files }) => Object.keys(files).length)).toEqual([271, 271, 271]);
    const sources = new Map(
      (await catalogue(null)[0]!.sources(null)).map((source) => [source.id, source]),
    );
    for (const id of ["ar", "fr", "gb-eng", "es-ct", "my"]) {
      for (const { pack, scale, files } of lists) {
        const name = `${pack}-${id}@${scale}x.${files[id]}.webp`;
        const { width, height, ...image } = await decoded(join(out, name));
        expect([width, height]).toEqual([32 * scale, 24 * scale]);
        const shown = cut({ width, height, ...image }, { x: 0, y: 0, w: width, h: height });
        const drawn = await drawnBySecond(sources.get(id)!.bytes, { width, height });
        expect(meanDifference(shown, drawn), name).toBeLessThanOrEqual(TOLERANCE);
      }
    }
  });

  test("the notice credits every pack, and nothing is there that the manifest does not lead to", () => {
    const notice = readFileSync(join(out, manifest.notice), "utf8");
    expect(notice).toMatch(/flag-icons 7\.5\.0[\s\S]*licence: MIT/);
    expect(notice).toMatch(/@twemoji\/svg 15\.0\.0[\s\S]*CC-BY 4\.0/);
    expect(notice).toMatch(/Inter \(letters[\s\S]*Open Font License 1\.1/);
    expect(notice).toMatch(/Noto Sans Arabic \(letters[\s\S]*Open Font License 1\.1/);
    expect(notice).toMatch(/@dicebear\/thumbs 9\.4\.3[\s\S]*CC0 1\.0/);
    const singles = Object.values(manifest.packs).flatMap((pack) =>
      Object.values(pack.singles ?? {}).flatMap((name) => {
        const { pack, scale, files } = read<Singles>(name);
        return Object.entries(files).map(([id, hash]) => `${pack}-${id}@${scale}x.${hash}.webp`);
      })
    );
    const named = new Set(
      [...JSON.stringify(manifest).matchAll(/"([^"]+\.[a-z2-7]{12}\.[a-z]+)"/g)].map((one) =>
        one[1]!
      ).concat(singles),
    );
    const there = readdirSync(out).filter((name) => /\.[a-z2-7]{12}\./.test(name));
    expect(there.sort()).toEqual([...named].sort());
  });
});

interface Singles {
  pack: string;
  scale: number;
  files: Record<string, string>;
}

type ById = Map<string, Uint8Array>;

/** By id: as the sheets of either format show them, and as the second renderer draws them. */
async function framesOf(sheets: ManifestSheet[], svgOf: (id: string) => Uint8Array) {
  const found = { webp: new Map() as ById, avif: new Map() as ById, drawn: new Map() as ById };
  const queue = new PQueue({ concurrency: PROGRAMS_AT_ONCE });
  for (const { image, avif, frames, width, height } of sheets) {
    const [webpSheet, avifSheet] = await Promise.all(
      [image, avif!].map((name) => decoded(join(out, name))),
    );
    for (const sheet of [webpSheet!, avifSheet!]) {
      expect([sheet.width, sheet.height]).toEqual([width, height]);
    }
    expect(Math.max(width, height)).toBeLessThanOrEqual(2_048);
    await queue.addAll(
      Object.entries(read<Frames>(frames).frames).map(([id, { frame }]) => async () => {
        found.webp.set(id, cut(webpSheet!, frame));
        found.avif.set(id, cut(avifSheet!, frame));
        found.drawn.set(id, await drawnBySecond(svgOf(id), { width: frame.w, height: frame.h }));
      }),
    );
  }
  return found;
}

interface Drawn {
  svg: Uint8Array;
  width: number;
  height: number;
}

/** @param x its middle, as a part of the width */
function disc(width: number, height: number, ground: string, colour: string, x = 0.5): Drawn {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="${ground}"/>` +
    `<circle cx="${x * width}" cy="${height / 2}" r="${height / 4}" fill="${colour}"/></svg>`;
  return { svg: new TextEncoder().encode(svg), width, height };
}

function areTwins(a: string, b: string): boolean {
  return TWINS.some((twins) => twins.includes(a) && twins.includes(b));
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(out, name), "utf8"));
}
