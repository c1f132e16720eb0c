/**
 * A built web page: files of one folder, and nothing outside of it.
 *
 * A file whose name carries the hash of its content never changes and is kept
 * for a year; the others are asked for again each time and answered by their
 * ETag. Text goes out compressed, once for all who ask: over a stadium's network the
 * page is a third. What a path leads to is resolved to the end, links included, before it
 * is compared with the folder. No listing, no hidden file.
 */
import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { type Coding, takesCoding, zippedTag } from "../../runtime/gzip_reply.ts";
import {
  type HttpReply,
  type HttpRequest,
  problemReply,
  type RequestHeaders,
  type Route,
} from "../../runtime/http_route.ts";

export interface PageOptions {
  folder: string;
  /** Where it stands: `/console`; the root by default. */
  at?: string;
  /** Said where the folder is missing: `deno task web`. */
  buildCommand: string;
}

interface PageFile {
  /** Size and time of change; read again when it is another. */
  stamp: string;
  etag: string;
  body: Uint8Array;
  /** Compressed, the smallest first; none where that makes it no smaller. */
  coded: { coding: Coding; body: Uint8Array }[];
}

const INDEX = "index.html";
/** As esbuild writes it: eight letters and digits of base 32 before the extension. */
const HASHED = /-[A-Z2-7]{8}(\.[a-z0-9]+)+$/;

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};

/** Pictures and fonts are compressed already. */
const ZIPPED = new Set([".html", ".js", ".css", ".json", ".map", ".webmanifest", ".txt", ".svg"]);

export function pageRoutes({ folder, at = "", buildCommand }: PageOptions): Route[] {
  /** By resolved path: as many as the folder has files. */
  const files = new Map<string, PageFile>();
  async function answer({ params: { rest = "" }, headers }: HttpRequest): Promise<HttpReply> {
    const path = await resolveInside(folder, rest || INDEX);
    if (path !== null) return fileReply(path, await read(files, path), headers);
    return rest === "" ? notBuilt(buildCommand) : nothingHere();
  }
  const inside: Route = { method: "GET", path: `${at}/*`, answer };
  return at === "" ? [inside] : [{ method: "GET", path: at, answer }, inside];
}

/** The real path of a regular file inside the folder, or null. */
async function resolveInside(folder: string, rest: string): Promise<string | null> {
  const parts = rest.split("/");
  if (parts.some((part) => part.startsWith(".") || /[\\\0]/.test(part))) return null;
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, ...parts));
    return path.startsWith(root + sep) && (await stat(path)).isFile() ? path : null;
  } catch (thrown) {
    if (isAbsence(thrown)) return null;
    throw thrown;
  }
}

async function read(files: Map<string, PageFile>, path: string): Promise<PageFile> {
  const { size, mtimeMs } = await stat(path);
  const stamp = `${size} ${mtimeMs}`;
  const known = files.get(path);
  if (known?.stamp === stamp) return known;
  const body = await readFile(path);
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  const file = { stamp, etag, body, coded: await codedText(path, body) };
  files.set(path, file);
  return file;
}

async function codedText(path: string, body: Uint8Array): Promise<PageFile["coded"]> {
  if (!ZIPPED.has(extname(path))) return [];
  const coded: PageFile["coded"] = [
    // A tenth less than gzip, where there is TLS; what proxies on the way would spoil is gzip's.
    { coding: "br", body: await promisify(brotliCompress)(body) },
    { coding: "gzip", body: await promisify(gzip)(body, { level: 9 }) },
  ];
  return coded.filter((one) => one.body.length < body.length);
}

function fileReply(path: string, file: PageFile, asked: RequestHeaders): HttpReply {
  const headers = {
    "content-type": TYPES[extname(path)] ?? "application/octet-stream",
    "cache-control": HASHED.test(path) ? "public, max-age=31536000, immutable" : "no-cache",
    etag: file.etag,
    ...file.coded.length === 0 ? {} : { vary: "accept-encoding" },
  };
  const taken = file.coded.find(({ coding }) => takesCoding(asked, coding));
  if (taken === undefined) return { status: 200, headers, body: file.body };
  const etag = zippedTag(file.etag, taken.coding);
  return {
    status: 200,
    headers: { ...headers, etag, "content-encoding": taken.coding },
    body: taken.body,
  };
}

function notBuilt(buildCommand: string): HttpReply {
  return {
    status: 503,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
    body: `The web page is not built. Build it with: ${buildCommand}\n`,
  };
}

function nothingHere(): HttpReply {
  return problemReply({ status: 404, code: "notFound", detail: "There is nothing here" });
}

function isAbsence(thrown: unknown): boolean {
  const { code } = thrown as { code?: string };
  return code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "ENAMETOOLONG";
}
