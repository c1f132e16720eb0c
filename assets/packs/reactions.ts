/**
 * What people say at a match without words: 48 emoji.
 *
 * Named by what they mean, so a chat's wire and its moderation rules never
 * carry a code point.
 */
import type { Pack } from "../pack.ts";
import { packageImage, packageSource } from "./npm_package.ts";

const PACKAGE = "@twemoji/svg";

/** Id → the file's name in the package, which is its code point. */
const EMOJI: Record<string, string> = {
  "soccer-ball": "26bd",
  "goal-net": "1f945",
  trophy: "1f3c6",
  "gold-medal": "1f947",
  "silver-medal": "1f948",
  beers: "1f37b",
  stadium: "1f3df",
  "running-shoe": "1f45f",
  glove: "1f9e4",
  scarf: "1f9e3",
  shirt: "1f455",
  megaphone: "1f4e3",
  drum: "1f941",
  "yellow-card": "1f7e8",
  "red-card": "1f7e5",
  screen: "1f4fa",
  stopwatch: "23f1",
  hourglass: "23f3",
  fire: "1f525",
  rocket: "1f680",
  lightning: "26a1",
  explosion: "1f4a5",
  party: "1f389",
  confetti: "1f38a",
  sparkles: "2728",
  star: "2b50",
  hundred: "1f4af",
  crown: "1f451",
  goat: "1f410",
  eyes: "1f440",
  clap: "1f44f",
  "raised-hands": "1f64c",
  "folded-hands": "1f64f",
  muscle: "1f4aa",
  "thumbs-up": "1f44d",
  "thumbs-down": "1f44e",
  wave: "1f44b",
  heart: "2764",
  "broken-heart": "1f494",
  joy: "1f602",
  smile: "1f600",
  "heart-eyes": "1f60d",
  cool: "1f60e",
  thinking: "1f914",
  "mind-blown": "1f92f",
  shock: "1f631",
  cry: "1f62d",
  angry: "1f621",
};

export const reactions: Pack = {
  id: "reactions",
  cell: { width: 32, height: 32 },
  box: { width: 32, height: 32 },
  makes: "sheets",
  hasSingles: false,
  bytesMax: { 1: 30_000, 2: 62_000, 3: 90_000 },
  credits: [{
    title: "Emoji reactions",
    source: packageSource(PACKAGE),
    author: "Twitter, Inc. and other contributors (Twemoji); package by Samuel Kopp",
    licence: "graphics CC-BY 4.0 (https://creativecommons.org/licenses/by/4.0/), package MIT",
    url: "https://github.com/jdecked/twemoji",
  }],
  sources: () =>
    Promise.all(
      Object.entries(EMOJI).map(([id, file]) => packageImage(PACKAGE, `${file}.svg`, id)),
    ),
};
