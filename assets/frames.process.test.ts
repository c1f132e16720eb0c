import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import PQueue from "p-queue";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { systemClock } from "../runtime/clock.ts";
import { buildAssets } from "./build.ts";
import { catalogue } from "./catalogue.ts";
import { DENSITIES } from "./pack.ts";
import type { Manifest, ManifestSheet } from "./manifest.ts";
import { cut, decoded, drawnBySecond, meanDifference } from "./second_renderer_test_kit.ts";

/**
 * Of 255. Calibrated on 1,137 frames: drawings are at 0.7 at worst, emoji at 2.2, avatars at
 * 3.5, flags at 3.7; the next best frame that is no twin is above 6.
 */
const TOLERANCE = 6;

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

interface Frames {
  frames: Record<string, { frame: { x: number; y: number; w: number; h: number } }>;
}

const folder = temporaryFolder();
const out = folder.path("assets");
let manifest: Manifest;
beforeAll(async () => {
  const none = () => {};
  await buildAssets({
    folder: null,
    out,
    processes: 2,
    avif: false,
    clock: systemClock,
    progress: none,
  });
  manifest = read<Manifest>("manifest.json");
});
afterAll(() => folder.remove());

describe("every frame of every manifest", () => {
  for (const pack of catalogue(null)) {
    test(`${pack.id}: shows its source as another renderer draws it, and no other's`, async () => {
      const sources = new Map((await pack.sources(null)).map((source) => [source.id, source]));
      let worst = 0;
      for (const density of DENSITIES) {
        const sheets = manifest.packs[pack.id]!.sheets![`${density}x`]!;
        const [shown, drawn] = await framesOf(sheets, (id) => sources.get(id)!.bytes);
        expect([...shown.keys()].sort()).toEqual([...sources.keys()].sort());
        const wrong: string[] = [];
        for (const [id, pixels] of shown) {
          const own = meanDifference(pixels, drawn.get(id)!);
          worst = Math.max(worst, own);
          if (own > TOLERANCE) wrong.push(`${id}@${density}x is off by ${own.toFixed(2)}`);
          for (const [other, theirs] of drawn) {
            if (other === id || areTwins(id, other) || theirs.length !== pixels.length) continue;
            if (meanDifference(pixels, theirs, TOLERANCE) > TOLERANCE) continue;
            wrong.push(`${id}@${density}x could be ${other}`);
          }
        }
        expect(wrong).toEqual([]);
      }
      console.log(`${pack.id}: ${3 * sources.size} frames, worst ${worst.toFixed(2)} of 255`);
    });
  }

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
    const singles = Object.values(manifest.packs.flags!.singles!).flatMap((name) => {
      const { scale, files } = read<Singles>(name);
      return Object.entries(files).map(([id, hash]) => `flags-${id}@${scale}x.${hash}.webp`);
    });
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

/** By id: as the sheets show them, and as the second renderer draws their sources. */
async function framesOf(sheets: ManifestSheet[], sourceOf: (id: string) => Uint8Array) {
  const shown = new Map<string, Uint8Array>();
  const drawn = new Map<string, Uint8Array>();
  const queue = new PQueue({ concurrency: PROGRAMS_AT_ONCE });
  for (const { image, frames, width, height } of sheets) {
    const sheet = await decoded(join(out, image));
    expect([sheet.width, sheet.height]).toEqual([width, height]);
    expect(Math.max(width, height)).toBeLessThanOrEqual(2_048);
    await queue.addAll(
      Object.entries(read<Frames>(frames).frames).map(([id, { frame }]) => async () => {
        shown.set(id, cut(sheet, frame));
        drawn.set(id, await drawnBySecond(sourceOf(id), { width: frame.w, height: frame.h }));
      }),
    );
  }
  return [shown, drawn] as const;
}

function areTwins(a: string, b: string): boolean {
  return TWINS.some((twins) => twins.includes(a) && twins.includes(b));
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(out, name), "utf8"));
}
