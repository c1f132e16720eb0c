/**
 * Frames as somebody else draws them: Debian's rsvg-convert, another release of
 * librsvg on other libraries than sharp brings.
 */
import { execFile } from "node:child_process";
import sharp from "sharp";
import { findProgram, programs } from "../ops/debian_program.ts";
import type { Size } from "./pack.ts";

const PNG_BYTES_MAX = 4 * 1024 * 1024;

/** RGBA of `size`, colours multiplied by alpha: what of a pixel is seen. */
export async function drawnBySecond(svg: Uint8Array, size: Size): Promise<Uint8Array> {
  return premultiplied(await sharp(await pngBySecond(svg, size)).ensureAlpha().raw().toBuffer());
}

export function pngBySecond(svg: Uint8Array, { width, height }: Size): Promise<Uint8Array> {
  const program = findProgram(programs.rsvgConvert);
  if (program === null) throw new Error("Cannot draw: apt-get install librsvg2-bin");
  return new Promise((resolve, reject) => {
    const words = ["-w", `${width}`, "-h", `${height}`];
    const options = { encoding: "buffer", maxBuffer: PNG_BYTES_MAX } as const;
    const drawing = execFile(
      program,
      words,
      options,
      (error, png) => error === null ? resolve(png) : reject(error),
    );
    drawing.stdin!.end(svg);
  });
}

export interface Pixels extends Size {
  pixels: Uint8Array;
}

/** @param options `animated`: all frames below each other */
export async function decoded(path: string, options = { animated: false }): Promise<Pixels> {
  const { data, info } = await sharp(path, options).ensureAlpha().raw().toBuffer({
    resolveWithObject: true,
  });
  return { pixels: data, width: info.width, height: info.height };
}

/** Each frame of an animation, colours multiplied by alpha. */
export async function decodedFrames(path: string): Promise<Size & { frames: Uint8Array[] }> {
  const { pages = 1, width, pageHeight: height = 0 } = await sharp(path, { animated: true })
    .metadata();
  const { pixels } = await decoded(path, { animated: true });
  const strip = { pixels, width, height: pages * height };
  const frames = Array.from(
    { length: pages },
    (_, page) => cut(strip, { x: 0, y: page * height, w: width, h: height }),
  );
  return { width, height, frames };
}

/** The frame's pixels, colours multiplied by alpha. */
export function cut(sheet: Pixels, frame: { x: number; y: number; w: number; h: number }) {
  const pixels = new Uint8Array(frame.w * frame.h * 4);
  for (let row = 0; row < frame.h; row++) {
    const from = ((frame.y + row) * sheet.width + frame.x) * 4;
    pixels.set(sheet.pixels.subarray(from, from + frame.w * 4), row * frame.w * 4);
  }
  return premultiplied(pixels);
}

/** Mean over all pixels and channels, of 255; counted no further than to `enough`. */
export function meanDifference(a: Uint8Array, b: Uint8Array, enough = Infinity): number {
  const sumMax = enough * a.length;
  let sum = 0;
  for (let at = 0; at < a.length && sum <= sumMax; at++) sum += Math.abs(a[at]! - b[at]!);
  return sum / a.length;
}

function premultiplied(pixels: Uint8Array): Uint8Array {
  const seen = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += 4) {
    const alpha = pixels[at + 3]! / 255;
    for (let channel = 0; channel < 3; channel++) {
      seen[at + channel] = Math.round(pixels[at + channel]! * alpha);
    }
    seen[at + 3] = pixels[at + 3]!;
  }
  return seen;
}
