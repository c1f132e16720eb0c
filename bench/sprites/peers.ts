/**
 * The peers: a file for each image, by sharp's own defaults, and spritesmith,
 * which makes sheets of such files.
 *
 * A process of its own, so that neither's memory is the other's.
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import sharp from "sharp";
import { jobSource } from "../../assets/build_tasks.ts";
import type { JobFrame } from "../../assets/image_job.ts";
import type { SourceImage } from "../../assets/pack.ts";
import { flags } from "../../assets/packs/flags.ts";
import { reactions } from "../../assets/packs/reactions.ts";
import { make } from "../../assets/sheet_builder.ts";
import { planGrid } from "../../assets/sheet_plan.ts";
import { systemClock } from "../../runtime/clock.ts";
import { obey } from "../load_process.ts";

export interface SingleBytes {
  count: number;
  png: number;
  palettePng: number;
  webp: number;
}

export interface SheetTimes {
  ourMs: number;
  spritesmithMs: number;
}

interface Spritesmith {
  run(
    options: { src: string[] },
    done: (error: unknown, result: { image: Uint8Array }) => void,
  ): void;
}
const Spritesmith = createRequire(import.meta.url)("spritesmith") as Spritesmith;

const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 };

/** Singles of one density; their PNGs are left in `folder`, those of each pack in one of its own. */
async function singles({ folder, density }: { folder: string; density: number }) {
  const sums: SingleBytes = { count: 0, png: 0, palettePng: 0, webp: 0 };
  for (const pack of [flags, reactions]) {
    await mkdir(join(folder, pack.id), { recursive: true });
    const width = pack.box.width * density;
    const height = pack.box.height * density;
    for (const { id, bytes } of await pack.sources(null)) {
      const own = await sharp(bytes).metadata();
      const scale = Math.min(width / own.width, height / own.height);
      const drawn = await sharp(bytes, { density: 72 * scale })
        .resize({ width, height, fit: "contain", background: CLEAR })
        .png()
        .toBuffer();
      sums.count += 1;
      sums.png += drawn.length;
      sums.palettePng += (await sharp(drawn).png({ palette: true }).toBuffer()).length;
      sums.webp += (await sharp(drawn).webp().toBuffer()).length;
      await writeFile(join(folder, pack.id, `${id}.png`), drawn);
    }
  }
  return sums;
}

/** One sheet of the PNG files in `folder`, which are of one size, by each in turn. */
async function sheet({ folder }: { folder: string }): Promise<SheetTimes> {
  const names = (await readdir(folder)).sort();
  const since = systemClock.monotonic();
  const sources = await Promise.all(
    names.map(async (name): Promise<SourceImage> => {
      return { id: name, name, format: "raster", bytes: await readFile(join(folder, name)) };
    }),
  );
  const { width = 0, height = 0 } = await sharp(sources[0]!.bytes).metadata();
  const byId = new Map(sources.map((source) => [source.id, jobSource(source)]));
  for (const plan of planGrid(names, { width, height })) {
    const frames = plan.frames.map((frame): JobFrame => ({
      ...frame,
      source: byId.get(frame.id)!,
    }));
    const size = { width: plan.width, height: plan.height };
    await make({ kind: "sheet", ...size, frames, avif: false }, () => {});
  }
  const ourMs = systemClock.monotonic() - since;
  const src = names.map((name) => join(folder, name));
  const started = systemClock.monotonic();
  await new Promise<void>((resolve, reject) =>
    Spritesmith.run({ src }, (error) => error ? reject(error) : resolve())
  );
  return { ourMs, spritesmithMs: systemClock.monotonic() - started };
}

obey({ singles, sheet });
