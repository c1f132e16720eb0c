/**
 * From packs and their sources to tasks: what is to be made, each under a key
 * that changes with anything that its bytes depend on.
 */
import { createHash } from "node:crypto";
import { DENSITIES, type Density, type Pack, type Size, type SourceImage } from "./pack.ts";
import { ANIMATED, AVIF, DIFFERENCE_MAX, STILL, STILL_SAFE } from "./encode_policy.ts";
import type { ImageJob, JobSource } from "./image_job.ts";
import { planGrid, planMixed, type SheetPlan } from "./sheet_plan.ts";

export interface BuildTask {
  /** For people: `flags@2x`. */
  name: string;
  key: string;
  job: ImageJob;
  /** Of the files' names, one for each image that is made. */
  stems: string[];
}

/** Everything that is made of one pack. */
export interface PackTasks {
  pack: Pack;
  sources: SizedImage[];
  sheets: { density: Density; page: number; plan: SheetPlan; task: BuildTask }[];
  singles: { id: string; task: BuildTask }[];
  animations: { id: string; size: Size; task: BuildTask }[];
}

export interface SizedImage extends SourceImage {
  size: Size;
}

export interface TaskOptions {
  avif: boolean;
  /** Of what encodes. */
  versions: Record<string, string>;
}

export function packTasks(pack: Pack, sources: SizedImage[], options: TaskOptions): PackTasks {
  const { id, cell } = pack;
  const isAnimated = pack.makes === "animations";
  const task = (name: string, job: ImageJob, stems: string[]): BuildTask => ({
    name,
    key: keyOf(job, options.versions),
    job,
    stems,
  });
  const animationOf = ({ id: image, size }: SizedImage, source: JobSource) =>
    task(
      `${id}-${image}`,
      { kind: "animation", source, sizes: atDensities(size) },
      DENSITIES.flatMap((density) => [
        `${id}-${image}@${density}x`,
        `${id}-${image}-poster@${density}x`,
      ]),
    );
  const singleOf = ({ id: image, size }: SizedImage, source: JobSource) =>
    task(
      `${id}-${image}`,
      { kind: "single", source, sizes: atDensities(size) },
      DENSITIES.map((density) => `${id}-${image}@${density}x`),
    );
  const jobSources = new Map(sources.map((source) => [source.id, jobSource(source)]));
  const plans = isAnimated
    ? []
    : cell === null
    ? planMixed(sources.map(({ id, size }) => ({ id, ...size })))
    : planGrid(sources.map(({ id }) => id), cell);
  return {
    pack,
    sources,
    sheets: plans.flatMap((plan, page) =>
      DENSITIES.map((density) => {
        const stem = `${id}${page === 0 ? "" : `-${page}`}@${density}x`;
        const frames = plan.frames.map(({ id, x, y, width, height }) => ({
          source: jobSources.get(id)!,
          x: x * density,
          y: y * density,
          width: width * density,
          height: height * density,
        }));
        const size = { width: plan.width * density, height: plan.height * density };
        const job: ImageJob = { kind: "sheet", ...size, frames, avif: options.avif };
        return { density, page, plan, task: task(stem, job, options.avif ? [stem, stem] : [stem]) };
      })
    ),
    singles: pack.hasSingles
      ? sources.map((source) => ({
        id: source.id,
        task: singleOf(source, jobSources.get(source.id)!),
      }))
      : [],
    animations: isAnimated
      ? sources.map((source) => ({
        id: source.id,
        size: source.size,
        task: animationOf(source, jobSources.get(source.id)!),
      }))
      : [],
  };
}

export function jobSource({ name, format, bytes }: SourceImage): JobSource {
  return { name, format, bytes: Buffer.from(bytes).toString("base64") };
}

function atDensities({ width, height }: Size): Size[] {
  return DENSITIES.map((density) => ({ width: width * density, height: height * density }));
}

/** Where the source lies says nothing about what becomes of it. */
function keyOf(job: ImageJob, versions: Record<string, string>): string {
  const withoutNames = JSON.stringify(job, (key, value) => key === "name" ? undefined : value);
  const policy = JSON.stringify({ versions, STILL, STILL_SAFE, ANIMATED, AVIF, DIFFERENCE_MAX });
  return createHash("sha256").update(policy).update(withoutNames).digest("base64url");
}
