/**
 * How far an encoded image is from its pixels, frame by frame.
 *
 * A whole sheet's mean would let one small flag go grey among two hundred good
 * ones. Colours count as far as they are seen, which is by their alpha.
 */
import type { Size } from "./pack.ts";

export interface Box extends Size {
  x: number;
  y: number;
}

const CHANNELS = 4;

/** The worst frame's mean over its pixels and channels, of 255. RGBA, rows of `width` pixels. */
export function worstDifference(
  a: Uint8Array,
  b: Uint8Array,
  { width, boxes }: { width: number; boxes: readonly Box[] },
): number {
  return Math.max(...boxes.map((box) => boxDifference(a, b, width, box)));
}

function boxDifference(a: Uint8Array, b: Uint8Array, width: number, box: Box): number {
  let sum = 0;
  for (let row = box.y; row < box.y + box.height; row++) {
    const from = (row * width + box.x) * CHANNELS;
    for (let at = from; at < from + box.width * CHANNELS; at += CHANNELS) {
      const [alphaA, alphaB] = [a[at + 3]!, b[at + 3]!];
      sum += Math.abs(alphaA - alphaB);
      for (let channel = at; channel < at + 3; channel++) {
        sum += Math.abs(a[channel]! * alphaA - b[channel]! * alphaB) / 255;
      }
    }
  }
  return sum / (box.width * box.height * CHANNELS);
}
