import { describe, expect, test } from "vitest";
import { contentHash, contentName, parseContentName } from "./content_name.ts";
import { compactOf, cssOf, manifestOf, pixiSheetOf } from "./manifest.ts";
import { planGrid, planMixed } from "./sheet_plan.ts";

const plan = planGrid(["ar", "fr"], { width: 32, height: 24 })[0]!;
const bytes = (text: string) => new TextEncoder().encode(text);

describe("contentName", () => {
  test("follows from the bytes, and is known again", () => {
    const name = contentName("flags@2x", bytes("a"), "webp");
    expect(name).toMatch(/^flags@2x\.[a-z2-7]{12}\.webp$/);
    expect(contentName("flags@2x", bytes("a"), "webp")).toBe(name);
    expect(contentName("flags@2x", bytes("b"), "webp")).not.toBe(name);
    expect(parseContentName(name)).toEqual({ hash: contentHash(bytes("a")), extension: "webp" });
    for (const other of ["manifest.json", "a.aaaaaaaaaaaa.html", "../a.aaaaaaaaaaaa.css", ".a"]) {
      expect(parseContentName(other), other).toBeNull();
    }
  });
});

describe("manifestOf", () => {
  test("has a version that changes with anything in it", () => {
    const { version } = manifestOf("notice.txt", { flags: { count: 2, css: "a" } });
    expect(manifestOf("notice.txt", { flags: { count: 2, css: "a" } }).version).toBe(version);
    expect(manifestOf("notice.txt", { flags: { count: 2, css: "b" } }).version).not.toBe(version);
  });
});

describe("a sheet's descriptions", () => {
  test("pixiSheetOf: places in pixels of its density, never rotated", () => {
    const sheet = pixiSheetOf({ plan, density: 2, image: "flags@2x.webp", others: ["p1.json"] });
    expect(sheet).toEqual({
      frames: {
        ar: frame(4, 4, 64, 48),
        fr: frame(4, 56, 64, 48),
      },
      meta: {
        app: "golazo",
        version: "1",
        image: "flags@2x.webp",
        format: "RGBA8888",
        size: { w: plan.width * 2, h: plan.height * 2 },
        scale: "2",
        related_multi_packs: ["p1.json"],
      },
    });
  });

  test("cssOf: one size for even frames, one each for mixed ones, every density", () => {
    const images = [{ density: 1, file: "a.webp" }, { density: 2, file: "b.webp" }];
    const css = cssOf("flags", [{ plan, images }]);
    expect(css).toContain("width:32px;height:24px");
    expect(css).toContain("background-image:image-set(url(a.webp) 1x,url(b.webp) 2x)");
    expect(css).toContain(".golazo-flags-fr{background-position:-2px -28px}");
    const mixed = planMixed([{ id: "a", width: 5, height: 9 }, { id: "b", width: 8, height: 2 }]);
    const sizes = cssOf("stickers", [{ plan: mixed[0]!, images }]);
    expect(sizes).toMatch(/\.golazo-stickers-a\{[^}]*width:5px;height:9px\}/);
    expect(sizes).toMatch(/\.golazo-stickers-b\{[^}]*width:8px;height:2px\}/);
  });

  test("compactOf: arrays in CSS pixels", () => {
    const compact = compactOf([{ plan, images: ["a.webp", "b.webp"] }], [1, 2]);
    expect(compact.pages[0]!.frames).toEqual([["ar", 2, 2, 32, 24], ["fr", 2, 28, 32, 24]]);
  });
});

function frame(x: number, y: number, w: number, h: number) {
  return {
    frame: { x, y, w, h },
    rotated: false,
    trimmed: false,
    spriteSourceSize: { x: 0, y: 0, w, h },
    sourceSize: { w, h },
  };
}
