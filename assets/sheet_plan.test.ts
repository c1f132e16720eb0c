import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planGrid, planMixed, type SheetPlan } from "./sheet_plan.ts";

const SIDE_MAX = 682;
const PADDING = 2;
const ids = (count: number) => Array.from({ length: count }, (_, at) => `id-${at}`);

/** Frames keep their distance from each other and from the edge. */
function expectApart({ width, height, frames }: SheetPlan): void {
  expect(width).toBeLessThanOrEqual(SIDE_MAX);
  expect(height).toBeLessThanOrEqual(SIDE_MAX);
  for (const [at, one] of frames.entries()) {
    expect(one.x).toBeGreaterThanOrEqual(PADDING);
    expect(one.y).toBeGreaterThanOrEqual(PADDING);
    expect(one.x + one.width + PADDING).toBeLessThanOrEqual(width);
    expect(one.y + one.height + PADDING).toBeLessThanOrEqual(height);
    for (const other of frames.slice(at + 1)) {
      const isBeside = one.x + one.width + PADDING <= other.x ||
        other.x + other.width + PADDING <= one.x;
      const isBelow = one.y + one.height + PADDING <= other.y ||
        other.y + other.height + PADDING <= one.y;
      expect(isBeside || isBelow, `${one.id} and ${other.id}`).toBe(true);
    }
  }
}

describe("planGrid", () => {
  test("puts 271 flags on one nearly square sheet", () => {
    const [sheet, ...more] = planGrid(ids(271), { width: 32, height: 24 });
    expect(more).toEqual([]);
    expectApart(sheet!);
    expect(sheet!.width / sheet!.height).toBeCloseTo(1, 0);
    expect(sheet!.frames.map(({ id }) => id)).toEqual(ids(271));
  });

  test("takes another page where one is full", () => {
    const pages = planGrid(ids(1_000), { width: 40, height: 40 });
    expect(pages.length).toBe(4);
    for (const page of pages) expectApart(page);
    expect(pages.flatMap(({ frames }) => frames.map(({ id }) => id))).toEqual(ids(1_000));
  });

  test("makes no sheet of nothing", () => {
    expect(planGrid([], { width: 40, height: 40 })).toEqual([]);
    expect(planMixed([])).toEqual([]);
  });
});

describe("planMixed", () => {
  test("packs any sizes apart, the same whatever the order in which they come", () => {
    const side = fc.integer({ min: 1, max: 128 });
    const sizes = fc.array(fc.tuple(side, side), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(sizes, fc.infiniteStream(fc.nat()), (sizes, chance) => {
        const frames = sizes.map(([width, height], at) => ({ id: `id-${at}`, width, height }));
        const plans = planMixed(frames);
        for (const plan of plans) expectApart(plan);
        const placed = plans.flatMap((plan) => plan.frames);
        expect(placed.map(({ id, width, height }) => ({ id, width, height })).sort(byId))
          .toEqual(frames.toSorted(byId));
        const order = new Map(frames.map(({ id }) => [id, chance.next().value]));
        const shuffled = frames.toSorted((a, b) => order.get(a.id)! - order.get(b.id)!);
        expect(planMixed(shuffled)).toEqual(plans);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}
