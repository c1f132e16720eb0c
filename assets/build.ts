/**
 * A build of all packs: read, plan, make what is new, weigh, write, and only
 * then let the manifest name it.
 *
 * What was made before under the same key is taken over, so one changed image
 * costs its sheet and nothing else. The same sources and encoders give the
 * same bytes, wherever, whenever and by however many processes.
 */
import type { Clock } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { AssetStore, type Cache, type StoredImage } from "./asset_store.ts";
import { BuildReport, type BuildSummary } from "./build_report.ts";
import {
  type BuildTask,
  jobSource,
  type PackTasks,
  packTasks,
  type SizedImage,
} from "./build_tasks.ts";
import { catalogue } from "./catalogue.ts";
import type { Pack, Size, SourceImage } from "./pack.ts";
import type { MadeImage } from "./image_job.ts";
import { ImageWorkers } from "./image_workers.ts";
import { encodeJson, manifestOf } from "./manifest.ts";
import { noticeOf } from "./notice.ts";
import { checkFolder } from "./packs/source_folder.ts";
import { publishPack } from "./publish_pack.ts";
import { checkWeight } from "./weight_rules.ts";

export interface BuildOptions {
  /** The user's images; null: none. */
  folder: string | null;
  out: string;
  /** Image processes at a time. */
  processes: number;
  avif: boolean;
  clock: Clock;
  /** Told after each task. */
  progress(done: number, all: number, name: string): void;
}

const ID = /^[a-z0-9_-]{1,64}$/;

/** @throws {Failure} `badInput`, `overweight`, `cannotWrite`, `imageProcess` */
export async function buildAssets(options: BuildOptions): Promise<BuildSummary> {
  const { folder, out, clock } = options;
  const report = new BuildReport(clock);
  if (folder !== null) await checkFolder(folder);
  const packs = catalogue(folder);
  const sources = await Promise.all(packs.map((pack) => readSources(pack, folder)));
  const store = await AssetStore.open(out);
  const workers = new ImageWorkers(options);
  try {
    const versions = await workers.versions();
    const work: PackTasks[] = [];
    for (const [at, pack] of packs.entries()) {
      const sized = await Promise.all(sources[at]!.map((source) => sizedOf(pack, source, workers)));
      work.push(packTasks(pack, sized, { avif: options.avif, versions }));
    }
    const made = await makeAll(work, { store, workers, report, options });
    for (const pack of work) checkWeight(pack, made);
    const entries = await Promise.all(
      work.map(async (pack) => [pack.pack.id, await publishPack(pack, made, store)] as const),
    );
    const notice = await store.put("notice", "txt", new TextEncoder().encode(noticeOf(packs)));
    const manifest = manifestOf(
      notice,
      Object.fromEntries(entries.map(([id, one]) => [id, one.pack])),
    );
    const files = [notice, ...entries.flatMap(([, { files }]) => files)];
    const isNew = await store.commit(
      manifest.version,
      encodeJson(manifest),
      files,
      Object.fromEntries(made),
    );
    return report.summary({ manifest, isNew, files: files.length, work, made });
  } finally {
    await workers.stop();
    await store.close();
  }
}

/** @throws {Failure} `badInput` where two have one name, a name is none, or there are too many. */
async function readSources(pack: Pack, folder: string | null): Promise<SourceImage[]> {
  const sources = await pack.sources(folder);
  const refuse = (why: string) => new Failure("badInput", `Cannot build ${pack.id}: ${why}`);
  if (sources.length > limits.assetPackImagesMax) {
    throw refuse(`needed at most ${limits.assetPackImagesMax} images, found ${sources.length}`);
  }
  const known = new Map<string, string>();
  for (const { id, name } of sources) {
    if (!ID.test(id)) throw refuse(`${name} needs a name of [a-z0-9_-], at most 64; rename it`);
    const other = known.get(id);
    if (other !== undefined) throw refuse(`${name} and ${other} have one name; rename one`);
    known.set(id, name);
  }
  return sources.sort((a, b) => a.id < b.id ? -1 : 1);
}

/** What anybody's folder has is looked at whole before it is planned with. */
async function sizedOf(
  pack: Pack,
  source: SourceImage,
  workers: ImageWorkers,
): Promise<SizedImage> {
  if (source.format === "svg") return { ...source, size: source.size ?? pack.cell ?? pack.box };
  const answer = await workers.run({ kind: "probe", source: jobSource(source) });
  if (answer.kind !== "probed") throw new Failure("imageProcess", "Cannot read a probe's answer");
  const { pages, ...size } = answer.probe;
  const isAnimated = pack.makes === "animations";
  if (isAnimated !== pages > 1) {
    const needed = isAnimated ? "an animation" : "a still image";
    const found = `needed ${needed}, found ${pages} frame${pages > 1 ? "s" : ""}`;
    throw new Failure("badInput", `Cannot use ${source.name}: ${found}; put it elsewhere`);
  }
  return { ...source, size: pack.cell ?? fitted(size, pack.box) };
}

function fitted({ width, height }: Size, box: Size): Size {
  const scale = Math.min(box.width / width, box.height / height);
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

interface Making {
  store: AssetStore;
  workers: ImageWorkers;
  report: BuildReport;
  options: BuildOptions;
}

/** By key. */
async function makeAll(work: PackTasks[], making: Making): Promise<Map<string, StoredImage[]>> {
  const tasks = work.flatMap(({ sheets, singles, animations }) =>
    [...sheets, ...animations, ...singles].map(({ task }) => task)
  );
  let done = 0;
  const made = await Promise.all(tasks.map(async (task) => {
    const images = await makeOne(task, making);
    making.options.progress(done += 1, tasks.length, task.name);
    return [task.key, images] as const;
  }));
  return new Map(made);
}

async function makeOne(
  task: BuildTask,
  { store, workers, report }: Making,
): Promise<Cache[string]> {
  const known = await store.made(task.key);
  if (known !== null) return known;
  const answer = await workers.run(task.job);
  if (answer.kind !== "made") throw new Failure("imageProcess", `Cannot make ${task.name}`);
  report.made(task.name);
  return await Promise.all(answer.images.map((image, at) => put(store, task.stems[at]!, image)));
}

async function put(store: AssetStore, stem: string, image: MadeImage): Promise<StoredImage> {
  const bytes = Buffer.from(image.bytes, "base64");
  const file = await store.put(stem, image.format, bytes);
  const { width, height, encoding } = image;
  return { file, bytes: bytes.length, width, height, encoding };
}
