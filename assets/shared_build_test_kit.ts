/**
 * One build of all images for a whole run of the tests, made by the first file
 * that asks for it.
 *
 * A build from nothing takes 17 s of a core. Tests that need images, and do not
 * prove how they are made, take over what this run's own build made: by the
 * builder's keys, so a changed source or encoder is made again whoever asks.
 * Nothing of it outlives the run.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { until } from "../drills/until.ts";
import { type Ended, sprites, writeImages } from "./sprites_test_kit.ts";

declare module "vitest" {
  interface ProvidedContext {
    sharedBuildFolder: string;
  }
}

/** Files that wait for it give up before their hooks' 120 s do. */
const BUILD_MS_MAX = 110_000;
const MANIFEST = "manifest.json";
const STATE = ".state.json";

export interface SharedBuild extends Ended {
  /** The user's images that went into it. */
  images: string;
  out: string;
}

/** Vitest calls it once a run, before any file of tests, and what it answers at the end. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "golazo-shared-build-"));
  project.provide("sharedBuildFolder", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

/** The command's own build of `writeImages`; to be copied, not written to. */
export async function sharedBuild(): Promise<SharedBuild> {
  const folder = inject("sharedBuildFolder");
  const [images, out, told] = [join(folder, "images"), join(folder, "out"), join(folder, "told")];
  if (isFirst(join(folder, "begun"))) {
    await writeImages(images);
    const ended = await sprites(["--folder", images, "--out", out, "--json"]);
    writeFileSync(`${told}.aside`, JSON.stringify(ended));
    renameSync(`${told}.aside`, told);
  }
  await until("this run's images are built", () => existsSync(told), BUILD_MS_MAX);
  return { images, out, ...JSON.parse(readFileSync(told, "utf8")) as Ended };
}

/** A folder in which nothing is served yet, and whose first build finds its images made. */
export async function takeOverImages(target: string): Promise<void> {
  const { code, stderr, out } = await sharedBuild();
  if (code !== 0) throw new Error(`Cannot take over this run's images: ${stderr}`);
  const isOurs = (path: string) => basename(path) !== MANIFEST;
  cpSync(out, target, { recursive: true, filter: isOurs });
  const { cache } = JSON.parse(readFileSync(join(out, STATE), "utf8"));
  writeFileSync(join(target, STATE), JSON.stringify({ kept: [], cache }));
}

function isFirst(claim: string): boolean {
  try {
    mkdirSync(claim);
    return true;
  } catch (thrown) {
    if ((thrown as { code?: string }).code === "EEXIST") return false;
    throw thrown;
  }
}
