/**
 * Where the fonts of the cards are, as fontconfig is told.
 *
 * Inter (Latin, Cyrillic, Greek) and Noto Sans Arabic come from npm under the
 * OFL 1.1; Chinese, Japanese and Korean are too heavy for that and come from
 * Debian (`fonts-noto-cjk`, or `fonts-droid-fallback` of 2 MB), as other scripts
 * do (`fonts-noto-core`). Pango takes TrueType and OpenType alone, so no package
 * of web fonts will do.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Credit } from "../pack.ts";
import { packageSource } from "../packs/npm_package.ts";

const require = createRequire(import.meta.url);
const PACKAGES = ["@expo-google-fonts/inter", "@expo-google-fonts/noto-sans-arabic"];
const WEIGHTS = ["600SemiBold", "800ExtraBold"];

const LICENCE = "SIL Open Font License 1.1 (https://scripts.sil.org/OFL), package MIT";
export const FONT_CREDITS: readonly Credit[] = [{
  title: "Inter",
  source: packageSource("@expo-google-fonts/inter"),
  author: "The Inter Project Authors; package by Expo",
  licence: LICENCE,
  url: "https://github.com/rsms/inter",
}, {
  title: "Noto Sans Arabic",
  source: packageSource("@expo-google-fonts/noto-sans-arabic"),
  author: "The Noto Project Authors; package by Expo",
  licence: LICENCE,
  url: "https://github.com/notofonts/arabic",
}];

/** What fontconfig reads: our folders, the system's, and where it notes what it found. */
export function fontsConfig(cacheFolder: string): string {
  const ours = PACKAGES.flatMap((name) => {
    const folder = dirname(require.resolve(`${name}/package.json`));
    return WEIGHTS.map((weight) => join(folder, weight));
  });
  const system = ["/usr/share/fonts", "/usr/local/share/fonts"];
  const dirs = [...ours, ...system].map((folder) => `<dir>${xml(folder)}</dir>`);
  return `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n` +
    `<fontconfig>${dirs.join("")}<cachedir>${xml(cacheFolder)}</cachedir></fontconfig>\n`;
}

function xml(text: string): string {
  return text.replace(/[<>&]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
