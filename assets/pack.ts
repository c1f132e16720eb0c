/**
 * What a pack of images is: declared, never computed.
 *
 * Its cell, what is made of it, what it may weigh, whom it is owed to, and how
 * its sources are come by.
 */

/** In CSS pixels: what a frame is at density 1. */
export interface Size {
  width: number;
  height: number;
}

export interface SourceImage {
  /** Unique in its pack, `[a-z0-9_-]`: `gb-eng`. */
  id: string;
  /** What a person looks for when it is wrong: a path in a package or in the user's folder. */
  name: string;
  format: "svg" | "raster";
  bytes: Uint8Array;
  /** Where the pack's frames have sizes of their own. */
  size?: Size;
}

export interface Credit {
  title: string;
  /** Package and version, or where else it is from. */
  source: string;
  author: string;
  licence: string;
  url: string;
}

export interface Pack {
  id: string;
  /** Of every frame; null where each has its own. */
  cell: Size | null;
  /** Frames larger than that are made to fit, smaller ones too. */
  box: Size;
  /** `sheets`: stills together; `animations`: each a file with a still poster. */
  makes: "sheets" | "animations";
  /** Whether each frame is a file of its own too, for pages that need one or two. */
  hasSingles: boolean;
  /** What all sheets of a density, or one animation, may weigh. */
  bytesMax: Record<Density, number>;
  credits: readonly Credit[];
  /** @throws {Failure} `badInput` naming the file. */
  sources(folder: string | null): Promise<SourceImage[]>;
}

export const DENSITIES = [1, 2, 3] as const;
export type Density = (typeof DENSITIES)[number];
