import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { pause, systemClock } from "../runtime/clock.ts";
import type { BuildSummary } from "./build_report.ts";
import { sharedBuild } from "./shared_build_test_kit.ts";
import {
  animation,
  bombPng,
  namesOf,
  notServed,
  plainPng,
  sprites,
  startSprites,
} from "./sprites_test_kit.ts";

const temporary = temporaryFolder();
const [folder, out] = [temporary.path("images"), temporary.path("out")];
const words = ["--folder", folder, "--out", out, "--json"];
let first: BuildSummary;
beforeAll(async () => {
  const { code, stdout, stderr, ...built } = await sharedBuild();
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  cpSync(built.images, folder, { recursive: true });
  cpSync(built.out, out, { recursive: true });
  first = JSON.parse(stdout);
});
afterAll(() => temporary.remove());

/** Served files by name. */
function bytesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => !name.startsWith("."));
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(folder, name)).toString("base64")]),
  );
}

describe("deno task sprites", () => {
  test("sums up what it did", () => {
    expect(first).toMatchObject({ isNew: true, images: 271 + 48 + 48 + 12 + 2 + 1 + 1 });
    expect(first.requestsSaved).toBe(270 + 47 + 47 + 12 + 1);
    expect(first.packs.map(({ id }) => id)).toEqual([
      ...["flags", "reactions", "avatars", "stickers", "marks", "animated"],
    ]);
    for (const { bytesAfter } of first.packs) {
      expect(Object.values(bytesAfter).every((bytes) => bytes > 0)).toBe(true);
    }
  });

  test("gives the same bytes in another folder, time zone and number of processes", async () => {
    const [moved, other] = [temporary.path("moved images"), temporary.path("other")];
    cpSync(folder, moved, { recursive: true });
    const env = { TZ: "Asia/Kathmandu", LC_ALL: "C", GOLAZO_ASSETS_FOLDER: moved };
    const { code } = await sprites(["--out", other, "--jobs", "3"], env);
    expect(code).toBe(0);
    expect(bytesOf(other)).toEqual(bytesOf(out));
  });

  test("makes nothing again that is there, and makes again what was damaged", async () => {
    const again = JSON.parse((await sprites(words)).stdout) as BuildSummary;
    expect(again).toMatchObject({ version: first.version, isNew: false, made: [] });
    const sheet = namesOf(out).find((name) => name.startsWith("reactions@2x"))!;
    const whole = readFileSync(join(out, sheet));
    truncateSync(join(out, sheet), 100);
    const repaired = JSON.parse((await sprites(words)).stdout) as BuildSummary;
    expect(repaired).toMatchObject({ version: first.version, made: ["reactions@2x"] });
    expect(readFileSync(join(out, sheet)).equals(whole)).toBe(true);
  });

  test("rebuilds only the sheets of a changed image, and keeps the files of two manifests", async () => {
    const mine = temporary.path("changing");
    const target = temporary.path("kept");
    cpSync(folder, mine, { recursive: true });
    cpSync(out, target, { recursive: true });
    const build = async (colour: string) => {
      writeFileSync(join(mine, "marks/reds.png"), await plainPng(colour, 120, 120));
      const { stdout } = await sprites(["--folder", mine, "--out", target, "--json"]);
      return JSON.parse(stdout) as BuildSummary;
    };
    const before = namesOf(target);
    const second = await build("#900");
    expect(second.made).toEqual(["marks-reds", "marks@1x", "marks@2x", "marks@3x"]);
    expect(second.isNew).toBe(true);
    expect(second.version).not.toBe(first.version);
    expect(await notServed(target, before)).toEqual([]);
    expect(await notServed(target, namesOf(target))).toEqual([]);
    await build("#500");
    expect(await notServed(target, namesOf(target))).toEqual([]);
    const gone = (await notServed(target, before)).map((line) => line.split(".")[0]);
    expect(new Set(gone)).toEqual(
      new Set([
        "marks",
        ...["marks@1x", "marks@2x", "marks@3x"],
        ...["marks-compact", "marks-singles@1x", "marks-singles@2x", "marks-singles@3x"],
        ...["marks-reds@1x", "marks-reds@2x", "marks-reds@3x"],
      ]),
    );
  });
});

describe("bad input ends with its reason, and what was served is served", () => {
  const cases: [string, string, (path: string) => unknown, RegExp][] = [
    ["missing", "marks/gone.png", (path) => symlinkSync("nowhere.png", path), /leads nowhere/],
    [
      "corrupt",
      "marks/half.png",
      async (path) => {
        writeFileSync(path, await plainPng("#123", 300, 300));
        truncateSync(path, 300);
      },
      /export it again/,
    ],
    [
      "huge",
      "marks/huge.png",
      (path) => writeFileSync(path, new Uint8Array(1024 * 1024 + 1)),
      /at most 1048576 bytes, found 1048577/,
    ],
    [
      "wrongly typed",
      "marks/liar.webp",
      async (path) => writeFileSync(path, await plainPng("#123", 9, 9)),
      /needed webp by its name, found png by its first bytes/,
    ],
    [
      "no image",
      "stickers/text.png",
      (path) => writeFileSync(path, "<svg/>"),
      /neither PNG, WebP nor GIF/,
    ],
    [
      "duplicate",
      "marks/reds.webp",
      (path) => writeFileSync(path, ""),
      /the name "reds" is taken by .*marks\/reds\.png/,
    ],
    [
      "duplicate of ours",
      "stickers/goal.png",
      async (path) => writeFileSync(path, await plainPng("#123", 9, 9)),
      /one of our own/,
    ],
    ["badly named", "marks/Bayern München.png", (path) => writeFileSync(path, ""), /\[a-z0-9_-\]/],
    [
      "a link out of the folder",
      "marks/passwd.png",
      (path) => symlinkSync("/etc/passwd", path),
      /a link out of the folder/,
    ],
    [
      "a decompression bomb",
      "marks/bomb.png",
      (path) => writeFileSync(path, bombPng(14_000)),
      /exceeds pixel limit/,
    ],
    [
      "a bomb of frames",
      "animated/bomb.webp",
      async (path) => writeFileSync(path, await animation(70, 500)),
      /exceeds pixel limit/,
    ],
    [
      "still where it should move",
      "animated/still.png",
      async (path) => writeFileSync(path, await plainPng("#123", 9, 9)),
      /needed an animation, found 1 frame/,
    ],
    [
      "moving where it should be still",
      "marks/moving.webp",
      async (path) => writeFileSync(path, await animation(3, 20)),
      /needed a still image, found 3 frames/,
    ],
    [
      "too heavy",
      "animated/noise.webp",
      async (path) => writeFileSync(path, await animation(6, 96, true)),
      /Cannot ship animated-noise@\dx: needed at most \d+ bytes, found \d+/,
    ],
    ["a folder of no meaning", "flags", (path) => mkdirSync(path), /needed only the folders/],
  ];
  for (const [what, path, put, reason] of cases) {
    test(what, async () => {
      const [file, before] = [join(folder, path), bytesOf(out)];
      await put(file);
      try {
        const { code, stderr, stdout } = await sprites(words);
        expect({ code, stdout }).toEqual({ code: 65, stdout: "" });
        expect(stderr).toMatch(reason);
        expect(stderr).toContain(file);
        expect(stderr.trim().split("\n").length).toBe(1);
        expect(bytesOf(out)).toEqual(before);
        expect(await notServed(out, namesOf(out))).toEqual([]);
      } finally {
        rmSync(file, { recursive: true });
      }
    });
  }

  test("no folder, and words that are none", async () => {
    const before = bytesOf(out);
    const missing = await sprites(["--folder", join(folder, "nowhere"), "--out", out]);
    expect(missing).toMatchObject({ code: 65, stderr: expect.stringContaining("nowhere") });
    expect(bytesOf(out)).toEqual(before);
    expect(await notServed(out, namesOf(out))).toEqual([]);
    const unknown = await sprites(["--sheets", "7"]);
    expect(unknown).toMatchObject({ code: 64, stderr: expect.stringContaining("--sheets") });
    const jobs = await sprites(["--jobs", "none"]);
    expect(jobs).toMatchObject({ code: 64, stderr: expect.stringContaining("--jobs") });
  });

  test("a full disk", async () => {
    const heavy = join(folder, "animated/heavy.webp");
    writeFileSync(heavy, await animation(3, 96, true));
    const disk = mountSmallDisk(out);
    const before = bytesOf(disk.path);
    try {
      const { code, stderr } = await sprites(
        ["--folder", folder, "--out", disk.path],
        {},
        disk.shell,
      );
      expect({ code, stderr }).toEqual({
        code: 73,
        stderr: expect.stringMatching(/^Cannot write .*(ENOSPC|EFBIG|no space|too large)/i),
      });
      expect(stderr).toContain(disk.path);
      expect(bytesOf(disk.path)).toEqual(before);
      expect(await notServed(disk.path, namesOf(disk.path))).toEqual([]);
    } finally {
      disk.remove();
      rmSync(heavy);
    }
  });

  test("SIGKILL in mid-build, and the next build cleans up", async () => {
    const target = temporary.path("killed");
    cpSync(out, target, { recursive: true });
    const before = namesOf(target);
    const isNew = (name: string) => name.endsWith(".avif");
    const { child, ended } = startSprites(["--folder", folder, "--out", target, "--avif"]);
    while (!readdirSync(target).some(isNew)) await pause(systemClock, 5);
    child.kill("SIGKILL");
    await ended;
    expect(existsSync(join(target, ".building"))).toBe(true);
    expect(namesOf(target)).toEqual(before);
    expect(await notServed(target, before)).toEqual([]);
    const { code, stdout } = await sprites(["--folder", folder, "--out", target, "--json"]);
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, version: first.version });
    expect(bytesOf(target)).toEqual(bytesOf(out));
  });

  test("another build at work", async () => {
    const target = temporary.path("busy");
    mkdirSync(target);
    writeFileSync(join(target, ".building"), `${process.ppid}`);
    const { code, stderr } = await sprites(["--out", target]);
    expect({ code, stderr }).toEqual({
      code: 73,
      stderr: expect.stringMatching(/\.building: the build of process \d+ is at work/),
    });
  });
});

/** With a copy of `from` and room for little more; without root, a limit of the size of a file. */
function mountSmallDisk(from: string) {
  const path = temporary.path("disk");
  mkdirSync(path);
  try {
    const kilobytes = Number(
      execFileSync("du", ["-sk", from], { encoding: "utf8" }).split("\t")[0],
    );
    const size = `size=${kilobytes + 60}k`;
    execFileSync("mount", ["-t", "tmpfs", "-o", size, "golazo", path], { stdio: "ignore" });
  } catch {
    cpSync(from, path, { recursive: true });
    return { path, shell: "trap '' XFSZ; ulimit -f 40", remove: () => {} };
  }
  cpSync(from, path, { recursive: true });
  return { path, shell: "", remove: () => void execFileSync("umount", [path]) };
}
