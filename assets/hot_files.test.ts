import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TemporaryFolder, temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { contentName } from "./content_name.ts";
import { HotFiles } from "./hot_files.ts";

const FLAG = Buffer.from("a flag in two bytes or so");

let temporary: TemporaryFolder;
let clock: SimulatedClock;
let hot: HotFiles;
beforeEach(() => {
  temporary = temporaryFolder();
  clock = new SimulatedClock();
  hot = new HotFiles(temporary.path("."), clock);
});
afterEach(() => temporary.remove());

function write(bytes: Uint8Array, stem = "flags-ar@1x"): string {
  const name = contentName(stem, bytes, "webp");
  writeFileSync(temporary.path(name), bytes);
  return name;
}
/** Of so many bytes, another one for each number. */
const noise = (length: number, number = 0) =>
  new Uint8Array(length).map((_, at) => (at * 31 + number) % 251);

describe("HotFiles", () => {
  test("reads a file once for all who ask for it, and again for nobody", async () => {
    const name = write(FLAG);
    const [first, second] = await Promise.all([hot.get(name), hot.get(name)]);
    expect(first).toEqual(FLAG);
    expect(second).toBe(first);
    expect(await hot.get(name)).toBe(first);
    expect(hot.bytes).toBe(FLAG.length);
  });

  test("forgets within a second what is removed, and reads what was replaced anew", async () => {
    const [gone, replaced] = [write(FLAG, "gone"), write(FLAG, "replaced")];
    const first = await hot.get(replaced);
    await hot.get(gone);
    rmSync(temporary.path(gone));
    writeFileSync(temporary.path("aside"), FLAG);
    renameSync(temporary.path("aside"), temporary.path(replaced));
    expect(await hot.get(gone)).toEqual(FLAG);
    await clock.advance(limits.assetHotLookMs);
    expect(await hot.get(gone)).toBe("missing");
    const second = await hot.get(replaced);
    expect(second).toEqual(first);
    expect(second).not.toBe(first);
    expect(hot.bytes).toBe(FLAG.length);
  });

  test("keeps what is as it was, however often it looks", async () => {
    const name = write(FLAG);
    const first = await hot.get(name);
    for (let look = 0; look < 3; look++) {
      await clock.advance(limits.assetHotLookMs);
      expect(await hot.get(name)).toBe(first);
    }
    expect(hot.bytes).toBe(FLAG.length);
  });

  test("keeps nothing that is not what its name says", async () => {
    const name = write(FLAG);
    writeFileSync(temporary.path(name), "another");
    expect(await hot.get(name)).toBe("unkept");
    writeFileSync(temporary.path(name), FLAG);
    await hot.get(name);
    // Damaged in place, of the same length.
    writeFileSync(temporary.path(name), FLAG.map((byte) => byte ^ 1));
    utimesSync(temporary.path(name), 1, 1);
    await clock.advance(limits.assetHotLookMs);
    expect(await hot.get(name)).toBe("unkept");
    expect(hot.bytes).toBe(0);
  });

  test("keeps no large file, no link, no folder and nothing that is not there", async () => {
    const large = write(noise(limits.assetHotFileBytesMax + 1), "large");
    expect(await hot.get(large)).toBe("unkept");
    const name = contentName("link", FLAG, "webp");
    writeFileSync(temporary.path("flag"), FLAG);
    symlinkSync(temporary.path("flag"), temporary.path(name));
    mkdirSync(temporary.path(contentName("folder", FLAG, "webp")));
    expect(await hot.get(name)).toBe("missing");
    expect(await hot.get(contentName("folder", FLAG, "webp"))).toBe("missing");
    expect(await hot.get(contentName("nothing", FLAG, "webp"))).toBe("missing");
    expect(hot.bytes).toBe(0);
  });

  test("holds no more than it may, and lets go of what nobody has asked for since", async () => {
    const count = Math.ceil(limits.assetHotBytesMax / limits.assetHotFileBytesMax);
    const names = Array.from(
      { length: count },
      (_, at) => write(noise(limits.assetHotFileBytesMax, at), `sheet-${at}`),
    );
    const [first] = names as [string];
    const bytes = await hot.get(first);
    for (const name of names) await hot.get(name);
    await clock.advance(limits.assetHotLookMs);
    expect(await hot.get(first)).toBe(bytes);
    const second = await hot.get(names[1]!);
    await clock.advance(limits.assetHotLookMs);
    await hot.get(first);
    await hot.get(write(FLAG, "one-more"));
    expect(hot.bytes).toBeLessThanOrEqual(limits.assetHotBytesMax);
    expect(await hot.get(first)).toBe(bytes);
    expect(second).toBeInstanceOf(Uint8Array);
    // The third was asked for longest ago.
    expect(hot.get(names[2]!)).toBeInstanceOf(Promise);
  });
});
