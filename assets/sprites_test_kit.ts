/**
 * The command as its task runs it, a folder of images to feed it, and the
 * origin's view on what it left.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { systemClock } from "../runtime/clock.ts";
import type { HttpRequest } from "../runtime/http_route.ts";
import { assetRoutes } from "./asset_routes.ts";
import type { Manifest } from "./manifest.ts";

const ENTRY = fileURLToPath(new URL("../ops/commands/sprites.ts", import.meta.url));
export const COMMAND: readonly string[] = [
  process.execPath,
  "run",
  "--no-prompt",
  ...["--allow-read", "--allow-write", "--allow-env", "--allow-run", "--allow-sys"],
  ENTRY,
];

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export function startSprites(words: string[], env: Record<string, string> = {}, shell = "") {
  const [program, ...args] = shell === ""
    ? [...COMMAND, ...words]
    : ["sh", "-c", `${shell}; exec "$@"`, "sh", ...COMMAND, ...words];
  const child = spawn(program!, args, {
    env: { ...process.env, GOLAZO_ASSETS_FOLDER: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (bytes) => (said.stdout += bytes));
  child.stderr.on("data", (bytes) => (said.stderr += bytes));
  const ended = new Promise<Ended>((resolve) =>
    child.once("close", (code) => resolve({ code, ...said }))
  );
  return { child, ended };
}

export function sprites(words: string[], env: Record<string, string> = {}, shell = "") {
  return startSprites(words, env, shell).ended;
}

/** Two marks, a sticker, an animation. */
export async function writeImages(folder: string): Promise<void> {
  for (const part of ["marks", "stickers", "animated"]) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  writeFileSync(join(folder, "marks/reds.png"), await plainPng("#c00", 120, 120));
  writeFileSync(join(folder, "marks/blues.png"), await plainPng("#00c", 120, 90));
  writeFileSync(join(folder, "stickers/ole.png"), await plainPng("#0a0", 90, 60));
  writeFileSync(join(folder, "animated/bounce.webp"), await animation(4, 64));
}

export function plainPng(background: string, width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 4, background } }).png().toBuffer();
}

/** Of a seed's noise, which does not get small. */
export function animation(frames: number, side: number, isNoise = false): Promise<Buffer> {
  let seed = 1;
  const noise = () => (seed = (seed * 48_271) % 2_147_483_647) & 255;
  const pages = Array.from({ length: frames }, (_, page) => {
    const pixels = new Uint8Array(side * side * 4).map(() => isNoise ? noise() : page * 9);
    return sharp(pixels, { raw: { width: side, height: side, channels: 4 } }).png().toBuffer();
  });
  return Promise.all(pages).then((pages) =>
    sharp(pages, { join: { animated: true } })
      .webp({ loop: 0, delay: pages.map(() => 80), lossless: isNoise })
      .toBuffer()
  );
}

/** Black, one bit a pixel: 24 KB that would be 784 MB of RGBA at a side of 14,000. */
export function bombPng(side: number): Uint8Array {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([1, 0, 0, 0, 0], 8);
  const lines = deflateSync(Buffer.alloc(side * (1 + Math.ceil(side / 8))));
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", lines),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** Every name that the manifest of `out` leads to, itself first. */
export function namesOf(out: string): string[] {
  const read = (name: string) => JSON.parse(readFileSync(join(out, name), "utf8"));
  const manifest: Manifest = read("manifest.json");
  const singles = Object.values(manifest.packs).flatMap(({ singles }) => {
    if (singles === undefined) return [];
    return Object.values(singles).flatMap((name) => {
      const { pack, scale, files } = read(name);
      return Object.entries(files).map(([id, hash]) => `${pack}-${id}@${scale}x.${hash}.webp`);
    });
  });
  const named = [...JSON.stringify(manifest).matchAll(/"([^"]+\.[a-z2-7]{12}\.[a-z]+)"/g)];
  return ["manifest.json", ...named.map((one) => one[1]!), ...singles];
}

/** Those of `names` that the origin does not serve. */
export async function notServed(out: string, names: string[]): Promise<string[]> {
  const [route] = assetRoutes({ folder: out, clock: systemClock });
  const missing: string[] = [];
  for (const name of names) {
    const request = { params: { rest: name }, headers: new Headers() } as unknown as HttpRequest;
    const { status, stream } = await route!.answer(request);
    stream?.source.destroy();
    if (status !== 200) missing.push(`${name}: ${status}`);
  }
  return missing;
}
