/**
 * Real files through the real process: what is made of good ones, and that each
 * bad one is refused by its name and leaves nothing behind.
 */
import { Buffer } from "node:buffer";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Avatar, AvatarAnswer } from "../../actors/ports/avatars.ts";
import { temporaryFolder } from "../../db/embedded/temporary_folder.ts";
import { systemClock } from "../../runtime/clock.ts";
import { limits } from "../../runtime/limits.ts";
import { systemRandom } from "../../runtime/random.ts";
import { AvatarDesk } from "./avatar_desk.ts";
import { avatarImageRoute } from "./avatar_image_route.ts";

const temporary = temporaryFolder();
const folder = temporary.path("avatars");
const desk = new AvatarDesk({ folder, clock: systemClock, random: systemRandom });
afterAll(async () => {
  await desk.stop();
  temporary.remove();
});

let users = 0;
/** Of a user each: nobody sends two so soon. */
const take = (bytes: Uint8Array, user = `user ${++users}`) => desk.take(user, bytes);
const avatarOf = (answer: AvatarAnswer): Avatar => {
  if (answer.outcome !== "ok") throw new Error(`${answer.code}: ${answer.reason}`);
  return answer.avatar;
};
const fileOf = (name: string) => readFileSync(`${folder}/${name}`);
const codeOf = async (bytes: Uint8Array) => {
  const before = existsSync(folder) ? readdirSync(folder).length : 0;
  const answer = await take(bytes);
  expect(existsSync(folder) ? readdirSync(folder).length : 0).toBe(before);
  return answer.outcome === "ok" ? "ok" : answer.code;
};

/** Left half red, right half blue, upright; a marker in its metadata. */
let photo: Buffer;
beforeAll(async () => {
  const half = { width: 100, height: 300, channels: 3 as const };
  const red = await sharp({ create: { ...half, background: "#ff0000" } }).png().toBuffer();
  const blue = await sharp({ create: { ...half, background: "#0000ff" } }).png().toBuffer();
  photo = await sharp({ create: { ...half, width: 200, background: "#000" } })
    .composite([{ input: red, left: 0, top: 0 }, { input: blue, left: 100, top: 0 }])
    .withExif({ IFD0: { Copyright: "MARKER-OF-A-CAMERA" } })
    .jpeg({ quality: 95 })
    .toBuffer();
});
const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 4, background: "#00ff0080" } });

function chunk(kind: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(kind, "latin1"), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** Grey pixels that deflate to nothing. */
function bomb(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc(side * (1 + Math.ceil(side / 8))), { level: 9 });
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    ...[chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))],
  ]);
}

/** Puts a chunk behind the header. */
function withChunk(png: Buffer, kind: string, content: string): Buffer {
  const behind = 8 + 12 + 13;
  const added = chunk(kind, Buffer.from(content, "latin1"));
  return Buffer.concat([png.subarray(0, behind), added, png.subarray(behind)]);
}

describe("AvatarDesk", () => {
  test("makes WebP of 64 and 128 pixels of PNG, JPEG and WebP", async () => {
    for (
      const bytes of [
        photo,
        await plain(300, 90).png().toBuffer(),
        await plain(8, 8).webp().toBuffer(),
      ]
    ) {
      const avatar = avatarOf(await take(bytes));
      for (const side of [64, 128] as const) {
        const { format, width, height } = await sharp(fileOf(avatar[side])).metadata();
        expect({ format, width, height }).toEqual({ format: "webp", width: side, height: side });
      }
    }
  });

  test("turns a photo upright, and leaves what a camera wrote behind", async () => {
    // Stored lying on its side, with a word that says so.
    const lying = await sharp(photo).rotate(90).withExif({
      IFD0: { Copyright: "MARKER-OF-A-CAMERA", Orientation: "8" },
    }).withMetadata({ orientation: 8 }).jpeg().toBuffer();
    const avatar = avatarOf(await take(lying));
    const bytes = fileOf(avatar[128]);
    const metadata = await sharp(bytes).metadata();
    expect([metadata.exif, metadata.icc, metadata.xmp, metadata.orientation]).toEqual(
      [undefined, undefined, undefined, undefined],
    );
    expect(bytes.includes("MARKER")).toBe(false);
    const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({
      resolveWithObject: true,
    });
    const at = (
      x: number,
      y: number,
    ) => [...data.subarray((y * info.width + x) * 3).subarray(0, 3)];
    const [[r1, , b1], [r2, , b2]] = [at(20, 64), at(108, 64)] as [number[], number[]];
    expect(r1! > 200 && b1! < 60 && r2! < 60 && b2! > 200).toBe(true);
  });

  test("is one user's alone: replaced, removed, and never another's", async () => {
    const png = await plain(20, 20).png().toBuffer();
    const ana = avatarOf(await take(png, "ana"));
    const bea = avatarOf(await take(png, "../../bea"));
    expect(Object.values(ana)).not.toContain(bea[64]);
    expect(await desk.of("ana")).toEqual(ana);
    expect(await desk.take("ana", png)).toMatchObject({ code: "tooSoon" });
    expect(await desk.remove("ana")).toEqual(ana);
    expect(await desk.of("ana")).toBeNull();
    expect(existsSync(`${folder}/${ana[64]}`)).toBe(false);
    expect(existsSync(`${folder}/${bea[64]}`)).toBe(true);
    expect(await desk.remove("ana")).toBeNull();
  });

  test("its images are for ever, and nothing else in the folder is served", async () => {
    const avatar = avatarOf(await take(photo));
    const get = (name: string) =>
      avatarImageRoute(folder).answer(
        { params: { name } } as unknown as Parameters<
          ReturnType<typeof avatarImageRoute>["answer"]
        >[0],
      );
    const reply = await get(avatar[64]);
    expect(reply).toMatchObject({
      status: 200,
      headers: {
        "content-type": "image/webp",
        "cache-control": "public, max-age=31536000, immutable",
      },
    });
    expect(Buffer.from(reply.body as Uint8Array).equals(fileOf(avatar[64]))).toBe(true);
    for (
      const name of ["of", "../audit.key", `of/${"0".repeat(32)}.json`, `${"0".repeat(32)}.webp`]
    ) {
      expect((await get(name)).status).toBe(404);
    }
  });

  describe("refuses by name", () => {
    let png: Buffer;
    beforeEach(async () => {
      png = await plain(40, 40).png().toBuffer();
    });

    test("what is no picture of the three kinds", async () => {
      const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
      expect(await codeOf(Buffer.from(svg))).toBe("notAnImage");
      expect(await codeOf(Buffer.from("<!doctype html><p>hello"))).toBe("notAnImage");
      expect(await codeOf(Buffer.from("GIF89a..............."))).toBe("notAnImage");
      expect(await codeOf(new Uint8Array())).toBe("notAnImage");
      expect(await codeOf(await plain(9, 9).tiff().toBuffer())).toBe("notAnImage");
    });

    test("a bomb, before anything decodes it", async () => {
      const bytes = bomb(14_000);
      expect(bytes.length).toBeLessThan(limits.avatarBytesMax);
      const since = systemClock.monotonic();
      expect(await codeOf(bytes)).toBe("tooManyPixels");
      expect(systemClock.monotonic() - since).toBeLessThan(500);
    });

    test("what is cut short", async () => {
      expect(await codeOf(png.subarray(0, png.length - 20))).toBe("truncated");
      expect(await codeOf(png.subarray(0, 20))).toBe("truncated");
      expect(await codeOf(photo.subarray(0, 30))).toBe("truncated");
      expect(await codeOf(photo.subarray(0, photo.length - 300))).toBe("undecodable");
      const webp = await plain(40, 40).webp().toBuffer();
      expect(await codeOf(webp.subarray(0, webp.length - 10))).toBe("truncated");
    });

    test("what lies about itself", async () => {
      const spoilt = Buffer.from(png);
      const pixels = spoilt.indexOf("IDAT") + 4;
      spoilt.fill(0xaa, pixels + 4, pixels + 14);
      expect(await codeOf(spoilt)).toBe("undecodable");
      const large = Buffer.from(png);
      large.writeUInt32BE(3_000, 16);
      expect(await codeOf(large)).toBe("undecodable");
    });

    test("an animation", async () => {
      expect(await codeOf(withChunk(png, "acTL", "\0\0\0\x02\0\0\0\0"))).toBe("animated");
      const frames = await sharp({
        create: { width: 10, height: 20, channels: 3, background: "#fff", pageHeight: 10 },
      } as never).composite([{
        input: { create: { width: 10, height: 10, channels: 3, background: "#f00" } },
        ...{ left: 0, top: 10 },
      }]).webp({ loop: 0, delay: [100, 100] }).toBuffer();
      expect((await sharp(frames).metadata()).pages).toBe(2);
      expect(await codeOf(frames)).toBe("animated");
    });

    test("a picture that is a page as well", async () => {
      const page = "<html><script>alert(document.cookie)</script></html>";
      expect(await codeOf(withChunk(png, "tEXt", `Comment\0${page}`))).toBe("polyglot");
      expect(await codeOf(Buffer.concat([png, Buffer.from(page)]))).toBe("polyglot");
      expect(await codeOf(Buffer.concat([png, Buffer.from("PK\x03\x04")]))).toBe("polyglot");
      expect(await codeOf(Buffer.concat([photo, Buffer.from(page)]))).toBe("polyglot");
      const webp = await plain(40, 40).webp().toBuffer();
      expect(await codeOf(Buffer.concat([webp, Buffer.from(page)]))).toBe("polyglot");
    });
  });
});
