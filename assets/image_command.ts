/**
 * How a process is started that decodes what may be anybody's image, or shapes
 * anybody's name: it computes and may do nothing else.
 *
 * No network, no writing, no programs, no secret of our surroundings, and of all
 * files at most those of one folder; a program's own modules are read
 * whatever it may read. Deno holds its JavaScript to that. sharp is C, which
 * Deno cannot hold, so a fault in it has the rights of the user that the server
 * runs as: that user should own nothing but the data folder.
 */
import process from "node:process";
import { runtimeName } from "../runtime/platform.ts";

/** What a program needs to be found and run. */
const PASSED_ON = ["PATH", "HOME", "TMPDIR", "LANG", "DENO_DIR", "XDG_CACHE_HOME"];

/** For our own runtime. @param reads the one folder that it may read; Deno knows none with a comma */
export function imageCommand(entry: string, reads: string | null = null): string[] {
  if (!runtimeName().startsWith("deno")) return [entry];
  const mayRead = reads === null ? [] : [`--allow-read=${reads}`];
  return ["run", "--no-prompt", "--allow-ffi", "--allow-env", "--allow-sys", ...mayRead, entry];
}

export function imageEnvironment(own: Record<string, string> = {}): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  // One arena: memory that libvips gave back is given back (sharp's own advice).
  return { ...Object.fromEntries(passed), MALLOC_ARENA_MAX: "2", ...own };
}
