/**
 * Built images in the tree: where they are, and who tells which there are.
 *
 * Every public door serves its own folder, and of the processes with a door one
 * tells. Where gateways have folders of their own a page may be told by one and
 * answered by another that is not as far yet, and asks again.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { MANIFEST } from "../assets/content_name.ts";
import { limits } from "../runtime/limits.ts";
import { AssetVoice } from "./asset_voice.ts";
import type { TreeOptions } from "./built.ts";
import { type ChildSpec, lastingChild } from "./child_spec.ts";
import type { Config } from "./config.ts";
import { StandBy } from "./stand_by.ts";

/** Below the data folder. */
const ASSETS_FOLDER = "assets";

/** Where the images are, if any are built. */
export function assetsFolder({ assets, data }: Pick<Config, "assets" | "data">): string {
  return assets ?? join(data, ASSETS_FOLDER);
}

/** False also where this process may not look. */
export function hasAssets(config: Pick<Config, "assets" | "data">): boolean {
  try {
    return existsSync(join(assetsFolder(config), MANIFEST));
  } catch {
    return false;
  }
}

export function assets({ config, parts, built, node }: TreeOptions): ChildSpec {
  return {
    id: "assets",
    restart: "permanent",
    shutdownMs: 2 * limits.shutdownMsMax,
    start() {
      const { cells } = built.hot;
      const { voice } = built.readers;
      const path = join(assetsFolder(config), MANIFEST);
      return StandBy.start({
        ...{ cells, clock: parts.clock, key: "lease/assets", holder: node },
        work() {
          const telling = new AssetVoice({ ...parts, path, voice, cells });
          telling.begin();
          return lastingChild(() => telling.stop());
        },
      });
    },
  };
}
