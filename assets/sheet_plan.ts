/**
 * Where each frame of a pack lies on its sheets.
 *
 * Planned once in CSS pixels and multiplied by the density, so one stylesheet
 * fits all densities; a side is bounded for the greatest. Equal cells lie on a
 * grid, which is the best there is for them and the same everywhere; frames of
 * many sizes are packed by their rectangles, the largest first. Never rotated:
 * neither CSS nor a mini app turns a frame back cheaply.
 */
import { MaxRectsPacker } from "maxrects-packer/dist/maxrects-packer.mjs";
import { assert } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { DENSITIES, type Size } from "./pack.ts";

export interface PlannedFrame extends Size {
  id: string;
  x: number;
  y: number;
}

export interface SheetPlan extends Size {
  frames: PlannedFrame[];
}

const SIDE_MAX = Math.floor(limits.assetSheetPixelsMax / Math.max(...DENSITIES));
/** Between frames and around them: what a scaled page blends in is transparent. */
const PADDING = 2;

/** Nearly square. */
export function planGrid(ids: readonly string[], cell: Size): SheetPlan[] {
  const step = { width: cell.width + PADDING, height: cell.height + PADDING };
  const columnsMax = Math.floor((SIDE_MAX - PADDING) / step.width);
  const rowsMax = Math.floor((SIDE_MAX - PADDING) / step.height);
  assert(columnsMax > 0 && rowsMax > 0, "a cell fits a sheet");
  const plans: SheetPlan[] = [];
  for (let from = 0; from < ids.length; from += columnsMax * rowsMax) {
    const page = ids.slice(from, from + columnsMax * rowsMax);
    const square = Math.round(Math.sqrt(page.length * step.height / step.width));
    const columns = Math.min(columnsMax, Math.max(square, Math.ceil(page.length / rowsMax)));
    const frames = page.map((id, at) => ({
      id,
      x: PADDING + (at % columns) * step.width,
      y: PADDING + Math.floor(at / columns) * step.height,
      ...cell,
    }));
    plans.push(planOf(frames));
  }
  return plans;
}

export function planMixed(sizes: readonly (Size & { id: string })[]): SheetPlan[] {
  const packer = new MaxRectsPacker(SIDE_MAX, SIDE_MAX, PADDING, {
    smart: true,
    pot: false,
    square: false,
    allowRotation: false,
    border: PADDING,
  });
  for (const { id, width, height } of sizes.toSorted(largestFirst)) {
    packer.add(width, height, id);
  }
  return packer.bins.map(({ rects }) =>
    planOf(
      rects
        .map(({ x, y, width, height, data }) => ({ id: data as string, x, y, width, height }))
        .toSorted((a, b) => a.id < b.id ? -1 : 1),
    )
  );
}

function planOf(frames: PlannedFrame[]): SheetPlan {
  const width = Math.max(...frames.map(({ x, width }) => x + width)) + PADDING;
  const height = Math.max(...frames.map(({ y, height }) => y + height)) + PADDING;
  assert(width <= SIDE_MAX && height <= SIDE_MAX, "a sheet stays within its bound");
  return { width, height, frames };
}

/** A total order, so that the packing does not hang on the order of files. */
function largestFirst(a: Size & { id: string }, b: Size & { id: string }): number {
  return Math.max(b.width, b.height) - Math.max(a.width, a.height) ||
    b.width * b.height - a.width * a.height || (a.id < b.id ? -1 : 1);
}
