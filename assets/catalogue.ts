/**
 * What is built: packs of images, each from one source with its licence.
 *
 * Packs of npm packages come first and are the same everywhere; those of a
 * user's folder exist only where there is one.
 */
import type { Pack } from "./pack.ts";
import { animated } from "./packs/animated.ts";
import { avatars } from "./packs/avatars.ts";
import { flags } from "./packs/flags.ts";
import { marks } from "./packs/marks.ts";
import { reactions } from "./packs/reactions.ts";
import { stickers } from "./packs/stickers.ts";

/** In the order in which they are built and credited. */
export function catalogue(folder: string | null): Pack[] {
  const own = [flags, reactions, avatars, stickers];
  return folder === null ? own : [...own, marks, animated];
}
