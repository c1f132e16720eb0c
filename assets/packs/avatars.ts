/**
 * Faces for fans who have set none: 48, drawn from fixed seeds.
 *
 * A fan's face is picked by their id among these, so it needs no upload, no
 * moderation and no request of its own.
 */
import { createAvatar } from "@dicebear/core";
import * as thumbs from "@dicebear/thumbs";
import type { Pack } from "../pack.ts";
import { packageSource } from "./npm_package.ts";

/** Those of the first hundred that nobody takes for one another: 11 of 255 apart, pixel by pixel. */
const SEEDS = [
  1,
  2,
  3,
  4,
  5,
  6,
  7,
  9,
  10,
  12,
  15,
  16,
  18,
  20,
  21,
  25,
  27,
  29,
  30,
  32,
  33,
  34,
  35,
  37,
  38,
  39,
  41,
  43,
  45,
  46,
  47,
  52,
  53,
  55,
  56,
  60,
  61,
  63,
  65,
  66,
  67,
  68,
  71,
  72,
  74,
  75,
  80,
  86,
];

export const avatars: Pack = {
  id: "avatars",
  cell: { width: 40, height: 40 },
  box: { width: 40, height: 40 },
  makes: "sheets",
  hasSingles: false,
  bytesMax: { 1: 25_000, 2: 38_000, 3: 56_000 },
  credits: [{
    title: "Avatars",
    source: `${packageSource("@dicebear/thumbs")}, drawn by ${packageSource("@dicebear/core")}`,
    author: "DiceBear",
    licence: "design CC0 1.0 (https://creativecommons.org/publicdomain/zero/1.0/), code MIT",
    url: "https://www.dicebear.com/styles/thumbs/",
  }],
  sources: () =>
    Promise.resolve(
      SEEDS.map((seed, at) => {
        const id = `fan-${String(at + 1).padStart(2, "0")}`;
        const svg = createAvatar(thumbs, { seed: `fan-${seed}` }).toString();
        return {
          id,
          name: `avatars/${id}.svg`,
          format: "svg" as const,
          bytes: new TextEncoder().encode(svg),
        };
      }),
    ),
};
