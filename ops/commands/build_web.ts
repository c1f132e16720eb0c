/**
 * Builds the fan's page into clients/web/dist: what is served is exactly this.
 *
 * Names carry the hash of their bytes, so a browser may keep them for ever and
 * only index.html is asked for again. The page has a budget: past it the build
 * fails, since a stadium's network is the one that it must load over.
 *
 *   deno run -A ops/commands/build_web.ts [--sourcemap]
 *
 * Prints one line a file and the sum; exits 1 naming the file and the reason.
 */
import { build, type BuildFailure } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const WEB = join(ROOT, "clients/web");
const DIST = join(WEB, "dist");

/** All of html, css and js as it goes over the wire: two round trips of a new connection, 14 + 29 KB. */
const GZIP_BYTES_MAX = 42 * 1024;

interface BuiltFile {
  /** As index.html names it before the build: `app.js`. */
  source: string;
  name: string;
  bytes: Uint8Array;
}

/** @throws {Error} naming the file and the reason. */
async function buildWeb(sourcemap: boolean): Promise<BuiltFile[]> {
  const { outputFiles } = await build({
    absWorkingDir: WEB,
    entryPoints: ["app.ts", "style.css", "icon.svg"],
    // What the server takes for a name that never changes its content.
    entryNames: "[name]-[hash]",
    loader: { ".svg": "copy" },
    outdir: DIST,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    charset: "utf8",
    legalComments: "none",
    sourcemap: sourcemap ? "external" : false,
    write: false,
    logLevel: "silent",
  });
  const built = outputFiles.map(({ path, contents }): BuiltFile => {
    const name = relative(DIST, path);
    return { source: name.replace(/-[A-Z2-7]{8}\./, "."), name, bytes: contents };
  });
  built.push(await indexFor(built));
  await rm(DIST, { recursive: true, force: true });
  await mkdir(DIST, { recursive: true });
  for (const { name, bytes } of built) await writeFile(join(DIST, name), bytes);
  return built;
}

/** The page with the hashed names in the place of the plain ones. */
async function indexFor(built: readonly BuiltFile[]): Promise<BuiltFile> {
  const file = join(WEB, "index.html");
  let html = await readFile(file, "utf8");
  for (const { source, name } of built) {
    if (source.endsWith(".map")) continue;
    if (!html.includes(`"${source}"`)) {
      throw new Error(`Cannot build ${file}: it must name "${source}", which was built`);
    }
    html = html.replace(`"${source}"`, `"/${name}"`);
  }
  const bytes = new TextEncoder().encode(html.replace(/\n\s*/g, "\n"));
  return { source: "index.html", name: "index.html", bytes };
}

function gzipBytes({ bytes }: BuiltFile): number {
  return gzipSync(bytes, { level: 9 }).length;
}

function reasonOf(thrown: unknown): string {
  const errors = (thrown as Partial<BuildFailure>).errors;
  if (!errors?.length) return thrown instanceof Error ? thrown.message : String(thrown);
  return errors.map(({ text, location }) =>
    location ? `${location.file}:${location.line}:${location.column}: ${text}` : text
  ).join("\n");
}

function report(built: readonly BuiltFile[]): void {
  let sum = 0;
  for (const file of built) {
    if (file.source.endsWith(".map")) continue;
    const zipped = gzipBytes(file);
    sum += zipped;
    console.log(`${file.name} ${file.bytes.length} B, ${zipped} B gzip`);
  }
  console.log(`clients/web/dist ${sum} B gzip of ${GZIP_BYTES_MAX}`);
  if (sum > GZIP_BYTES_MAX) {
    throw new Error(
      `Cannot ship clients/web/dist: needed at most ${GZIP_BYTES_MAX} B gzip, found ${sum}`,
    );
  }
}

try {
  report(await buildWeb(process.argv.includes("--sourcemap")));
} catch (thrown) {
  console.error(reasonOf(thrown));
  process.exitCode = 1;
}
