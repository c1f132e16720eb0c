/**
 * What the builder asks an image process for and what it answers: a line of
 * JSON each way, so that a process needs neither files nor network.
 */
import type { Size } from "./pack.ts";

export interface JobSource {
  name: string;
  format: "svg" | "raster";
  /** Base64. */
  bytes: string;
}

/** In pixels of the image that is made. */
export interface JobFrame extends Size {
  source: JobSource;
  x: number;
  y: number;
}

export type ImageJob =
  | ({ kind: "sheet"; frames: JobFrame[]; avif: boolean } & Size)
  /** One image for each size. */
  | { kind: "single"; source: JobSource; sizes: Size[] }
  /** An animation and its poster for each size. */
  | { kind: "animation"; source: JobSource; sizes: Size[] }
  /** The middle of a picture, upright, for each size. */
  | { kind: "portrait"; source: JobSource; sizes: Size[] }
  /** Nothing is made: what is it? */
  | { kind: "probe"; source: JobSource };

export interface MadeImage extends Size {
  format: "webp" | "avif";
  encoding: string;
  bytes: string;
}

export interface Probe extends Size {
  pages: number;
}

export type ImageAnswer =
  /** First line of a process: what it encodes with. */
  | { kind: "ready"; versions: Record<string, string> }
  /** Now working on it: whom to blame where the process dies. */
  | { kind: "at"; name: string }
  | { kind: "made"; images: MadeImage[] }
  | { kind: "probed"; probe: Probe }
  /** The image is at fault. */
  | { kind: "refused"; name: string; reason: string };
