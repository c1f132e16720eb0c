/**
 * A process that turns jobs into images, one after the other, and ends with its
 * input.
 *
 * What it decodes may be anybody's file, so it is no server's process: it is
 * given bytes and gives bytes, may read no file, and can be killed at any moment.
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { reasonOf } from "../runtime/failure.ts";
import type { ImageAnswer, ImageJob } from "./image_job.ts";
import { make, versions } from "./sheet_builder.ts";

function say(answer: ImageAnswer): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

say({ kind: "ready", versions });
for await (const line of createInterface({ input: process.stdin })) {
  let name = "";
  try {
    const at = (source: string) => {
      name = source;
      say({ kind: "at", name });
    };
    say(await make(JSON.parse(line) as ImageJob, at));
  } catch (thrown) {
    const [reason = ""] = reasonOf(thrown).split("\n");
    say({ kind: "refused", name, reason });
  }
}
