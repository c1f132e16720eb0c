/**
 * Builds the pages: the fan's into clients/web/dist, the moderators' into
 * clients/console/dist. What is served is exactly this.
 *
 * Names carry the hash of their bytes, so a browser may keep them for ever and
 * only index.html is asked for again. The fan's first load has a budget: past it
 * the build fails, since a stadium's network is the one that it must load over.
 * What is fetched later, when somebody opens a part of the page, has its own.
 *
 *   deno run -A ops/commands/build_web.ts [--sourcemap]
 *
 * Prints one line a file and the sums; exits 1 naming the file and the reason.
 */
import { build, type BuildFailure, type Metafile, type Plugin, transform } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");

interface Page {
  /** From the project's root; built into its `dist`. */
  folder: string;
  /** Where it is served. */
  at: string;
  entries: string[];
  /** All of html, css and js of the first load, as it goes over the wire. */
  firstBytesMax: number;
  /** Of one part that is fetched later. */
  laterBytesMax: number;
}

const PAGES: Page[] = [
  {
    folder: "clients/web",
    at: "/",
    entries: ["app.ts", "style.css", "icon.svg"],
    // Two round trips of a new connection, 14 + 29 KB.
    firstBytesMax: 42 * 1024,
    // One round trip of a connection that has been used.
    laterBytesMax: 14 * 1024,
  },
  {
    folder: "clients/console",
    at: "/console/",
    entries: ["console.ts", "console.css"],
    firstBytesMax: 42 * 1024,
    laterBytesMax: 14 * 1024,
  },
];

interface BuiltFile {
  /** As index.html names it before the build: `app.js`. */
  source: string;
  name: string;
  bytes: Uint8Array;
  isLater: boolean;
}

/** A style that comes with a part of the page: text for the CSSOM. */
const STYLE_AS_TEXT: Plugin = {
  name: "style as text",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/, namespace: "file" }, async ({ path, with: attributes }) => {
      if (attributes.type !== "text") return null;
      const source = await readFile(path, "utf8");
      const { code } = await transform(source, { loader: "css", minify: true });
      return { contents: `export default ${JSON.stringify(code)}`, loader: "js" };
    });
  },
};

/** @throws {Error} naming the file and the reason. */
async function buildPage(page: Page, sourcemap: boolean): Promise<BuiltFile[]> {
  const folder = join(ROOT, page.folder);
  const dist = join(folder, "dist");
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    entryPoints: page.entries,
    // What the server takes for a name that never changes its content.
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    loader: { ".svg": "copy" },
    plugins: [STYLE_AS_TEXT],
    outdir: dist,
    bundle: true,
    splitting: true,
    metafile: true,
    minify: true,
    format: "esm",
    // Private fields as they are: 2 KB less; the style's `:has` needs newer browsers anyway.
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    sourcemap: sourcemap ? "external" : false,
    write: false,
    logLevel: "silent",
  });
  const later = laterFiles(metafile);
  const built = outputFiles.map(({ path, contents }): BuiltFile => {
    const name = relative(dist, path);
    const source = name.replace(/-[A-Z2-7]{8}\./, ".");
    return { source, name, bytes: contents, isLater: later.has(name) };
  });
  built.push(await indexFor(folder, page.at, built));
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  for (const { name, bytes } of built) await writeFile(join(dist, name), bytes);
  return built;
}

/** What only a dynamic import leads to. */
function laterFiles({ outputs }: Metafile): Set<string> {
  const first = new Set<string>();
  const visit = (path: string) => {
    if (first.has(path)) return;
    first.add(path);
    for (const { path: next, kind } of outputs[path]?.imports ?? []) {
      if (kind !== "dynamic-import") visit(next);
    }
  };
  const dynamic = new Set(
    Object.values(outputs).flatMap(({ imports }) =>
      imports.filter(({ kind }) => kind === "dynamic-import").map(({ path }) => path)
    ),
  );
  for (const [path, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint !== undefined && !dynamic.has(path)) visit(path);
  }
  const scripts = Object.keys(outputs).filter((path) => path.endsWith(".js"));
  return new Set(scripts.filter((path) => !first.has(path)).map((path) => basename(path)));
}

/** The page with the hashed names in the place of the plain ones. */
async function indexFor(
  folder: string,
  at: string,
  built: readonly BuiltFile[],
): Promise<BuiltFile> {
  const file = join(folder, "index.html");
  let html = await readFile(file, "utf8");
  const shared: string[] = [];
  for (const { source, name, isLater } of built) {
    if (source.endsWith(".map") || isLater) continue;
    if (source.startsWith("chunk.")) {
      shared.push(`<link rel="modulepreload" href="${at}${name}">`);
      continue;
    }
    if (!html.includes(`"${source}"`)) {
      throw new Error(`Cannot build ${file}: it must name "${source}", which was built`);
    }
    html = html.replace(`"${source}"`, `"${at}${name}"`);
  }
  // Fetched at once and not only when the script that needs it is there.
  html = html.replace("</head>", `${shared.join("\n")}</head>`);
  const bytes = new TextEncoder().encode(html.replace(/\n\s*/g, "\n"));
  return { source: "index.html", name: "index.html", bytes, isLater: false };
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

function report({ folder, firstBytesMax, laterBytesMax }: Page, built: readonly BuiltFile[]): void {
  let first = 0;
  for (const file of built) {
    if (file.source.endsWith(".map")) continue;
    const zipped = gzipBytes(file);
    const when = file.isLater ? ", fetched later" : "";
    console.log(`${folder}/dist/${file.name} ${file.bytes.length} B, ${zipped} B gzip${when}`);
    if (!file.isLater) first += zipped;
    else if (zipped > laterBytesMax) tooLarge(`${folder}/dist/${file.name}`, laterBytesMax, zipped);
  }
  console.log(`${folder}/dist ${first} B gzip of ${firstBytesMax} at first`);
  if (first > firstBytesMax) tooLarge(`${folder}/dist`, firstBytesMax, first);
}

function tooLarge(what: string, most: number, found: number): never {
  throw new Error(`Cannot ship ${what}: needed at most ${most} B gzip, found ${found}`);
}

try {
  for (const page of PAGES) {
    report(page, await buildPage(page, process.argv.includes("--sourcemap")));
  }
} catch (thrown) {
  console.error(reasonOf(thrown));
  process.exitCode = 1;
}
