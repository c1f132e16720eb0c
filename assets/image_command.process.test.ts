/**
 * What a process that decodes images may do, tried by a script in its place.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { afterAll, expect, test } from "vitest";
import { temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { pause, systemClock } from "../runtime/clock.ts";
import { imageCommand, imageEnvironment } from "./image_command.ts";
import { ImageWorkers } from "./image_workers.ts";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const ENTRY = /image_process\.ts$/;
const SCRIPT = `
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import process from "node:process";

const [, , own, other, aside] = process.argv;
const tried = {};
const attempt = async (what, task) => {
  try {
    await task();
    tried[what] = "done";
  } catch {
    tried[what] = "refused";
  }
};
await attempt("own file", () => readFileSync(own));
await attempt("other file", () => readFileSync(other));
await attempt("write", () => writeFileSync(aside, ""));
await attempt("program", () => execFileSync("true"));
await attempt("network", () => new Promise((resolve, reject) =>
  connect(9, "127.0.0.1").on("error", (error) =>
    error.code === "ECONNREFUSED" ? resolve() : reject(error))));
tried.secret = process.env.GOLAZO_SECRET ?? "none";
console.log(JSON.stringify(tried));
process.exit(0);
`;

test("imageCommand lets a process read what it is started for, and do nothing else", () => {
  const reads = folder.path("flags");
  mkdirSync(reads);
  const [own, other] = [`${reads}/flag`, folder.path("other")];
  for (const file of [own, other]) writeFileSync(file, "");
  writeFileSync(folder.path("script.mjs"), SCRIPT);
  process.env.GOLAZO_SECRET = "a secret";
  const env = imageEnvironment();
  delete process.env.GOLAZO_SECRET;
  const tryAll = (reads: string | null) => {
    const words = [...imageCommand(folder.path("script.mjs"), reads), own, other];
    const stdout = execFileSync(process.execPath, [...words, folder.path("aside")], { env });
    return JSON.parse(stdout.toString());
  };
  const refused = {
    ...{ "other file": "refused", write: "refused", program: "refused", network: "refused" },
    secret: "none",
  };
  expect(tryAll(reads)).toEqual({ "own file": "done", ...refused });
  expect(tryAll(null)).toEqual({ "own file": "refused", ...refused });
});

test("ImageWorkers' processes may read no file and still make images", async () => {
  const before = new Set(children());
  const workers = new ImageWorkers({ processes: 1, clock: systemClock });
  try {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>';
    const bytes = Buffer.from(svg).toString("base64");
    const source = { name: "square", format: "svg" as const, bytes };
    const making = workers.run({ kind: "single", source, sizes: [{ width: 8, height: 8 }] });
    while (children().every((pid) => before.has(pid))) await pause(systemClock, 1);
    const [pid] = children().filter((one) => !before.has(one));
    expect(wordsOf(pid!).filter((word) => /^(-A|--allow-(all|read|write|net|run).*)$/.test(word)))
      .toEqual([]);
    expect(await making).toMatchObject({ kind: "made", images: [{ width: 8, height: 8 }] });
  } finally {
    await workers.stop();
  }
});

/** By what Linux knows of every process. */
function children(): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      const [, parent] = /\) \w (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))!;
      return Number(parent) === process.pid && wordsOf(pid).some((word) => ENTRY.test(word));
    } catch {
      return false;
    }
  });
}

function wordsOf(pid: string): string[] {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
}
