/**
 * How images are encoded: lossy and near-lossless tried, the smaller kept of
 * those that look right.
 *
 * Lossy WebP has a quarter of the colour's resolution, which small flags with
 * hard edges do not bear: at 32 x 24 it turns some by 15 of 255. Near-lossless
 * at 20 turns none by more than 4 and is the smaller one nearly always (the sheet of
 * flags at 1x: 61 kB for 64); at 60 it is for what even that is too
 * coarse for. Effort 6 and smartSubsample are left out: 3 % smaller for 26 times
 * the time, and 8 to 20 % larger.
 */
export interface WebpEncoding {
  name: "lossy" | "near-lossless";
  options: { quality: number; effort: number; nearLossless?: boolean };
}

export const STILL: readonly WebpEncoding[] = [
  { name: "lossy", options: { quality: 80, effort: 4 } },
  { name: "near-lossless", options: { quality: 20, effort: 4, nearLossless: true } },
];

/** Where none of those looks right; this one always does. */
export const STILL_SAFE: WebpEncoding = {
  name: "near-lossless",
  options: { quality: 60, effort: 4, nearLossless: true },
};

/** Not measured against a bound: what moves is seen for 80 ms. */
export const ANIMATED: readonly WebpEncoding[] = [
  { name: "lossy", options: { quality: 75, effort: 4 } },
  { name: "near-lossless", options: { quality: 60, effort: 4, nearLossless: true } },
];

export const AVIF = { quality: 60, effort: 4 } as const;

/** Of 255, a frame's mean over pixels and channels: 6 is what is promised, renderers differ by 1. */
export const DIFFERENCE_MAX = 5;

export interface Encoded {
  encoding: string;
  bytes: Uint8Array;
}

/** The smallest; of equals the first. At least one. */
export function smallest(tried: readonly Encoded[]): Encoded {
  return tried.reduce((best, one) => one.bytes.length < best.bytes.length ? one : best);
}
