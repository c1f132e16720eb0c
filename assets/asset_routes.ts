/**
 * The CDN's origin: the built folder under `/assets/*`.
 *
 * A file named by its content is kept for a year; the manifest, which names the
 * others, for seconds, and stale for minutes while a cache asks again. Only
 * names that a build gives are looked for, so there is nothing to list, to climb
 * out by or to find hidden; what is open is read to its end whatever is renamed
 * or removed meanwhile. What is asked for most is kept in memory, large files are
 * streamed. Text goes out compressed to whoever takes that and asks
 * for the whole.
 */
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../runtime/clock.ts";
import { gzipOf, takesGzip, zippedReply, zippedTag } from "../runtime/gzip_reply.ts";
import {
  type HttpReply,
  problemReply,
  type RequestHeaders,
  type Route,
} from "../runtime/http_route.ts";
import { limits } from "../runtime/limits.ts";
import { type ByteRange, parseRange } from "./byte_range.ts";
import { contentHash, type Extension, MANIFEST, parseContentName } from "./content_name.ts";
import { HotFiles } from "./hot_files.ts";
import { openAsset } from "./open_asset.ts";

export interface AssetRoutesOptions {
  /** Where `deno task sprites` wrote to. It may be missing, or come later. */
  folder: string;
  clock: Clock;
  /** As the CDN calls it: `Surrogate-Key`, `Cache-Tag`, `Edge-Cache-Tag`; absent: none is sent. */
  purgeTagHeader?: string;
  /** What the CDN is told to purge by. */
  purgeTag?: string;
}

const TYPES: Record<Extension, string> = {
  webp: "image/webp",
  avif: "image/avif",
  json: "application/json; charset=utf-8",
  css: "text/css; charset=utf-8",
  txt: "text/plain; charset=utf-8",
};
const TEXTS = new Set<Extension>(["json", "css", "txt"]);
const FOR_EVER = `public, max-age=${limits.assetFileAgeSeconds}, immutable`;
const FOR_NOW = `public, max-age=${limits.assetManifestAgeSeconds}, ` +
  `stale-while-revalidate=${limits.assetManifestStaleSeconds}`;
/** Any page may show and read them; there is nothing in them that is anybody's. */
const OPEN_TO_ALL = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "etag, content-range, accept-ranges",
  "cross-origin-resource-policy": "cross-origin",
};

export function assetRoutes(options: AssetRoutesOptions): Route[] {
  const { folder, clock, purgeTagHeader, purgeTag = "golazo-assets" } = options;
  const tag = purgeTagHeader === undefined ? {} : { [purgeTagHeader.toLowerCase()]: purgeTag };
  const hot = new HotFiles(folder, clock);
  /** Of texts, by hash: the latest are kept. */
  const zippedTexts = new Map<string, Uint8Array | null>();
  const zippedOf = async (hash: string, body: Uint8Array) => {
    const known = zippedTexts.get(hash);
    if (known !== undefined) return known;
    const zipped = await gzipOf(body);
    zippedTexts.set(hash, zipped);
    for (const oldest of zippedTexts.keys()) {
      if (zippedTexts.size > limits.assetZippedMax) zippedTexts.delete(oldest);
    }
    return zipped;
  };
  return [{
    method: "GET",
    path: "/assets/*",
    async answer({ params: { rest = "" }, headers }) {
      const named = parseContentName(rest);
      if (named === null && rest !== MANIFEST) return nothingHere();
      const found = await findAsset(folder, rest, named === null ? null : hot);
      if (found === null) return nothingHere();
      const { body, file } = found;
      let isGivenAway = false;
      try {
        const hash = named?.hash ?? contentHash(body!);
        const etag = `"${hash}"`;
        const isText = body !== null && TEXTS.has(named?.extension ?? "json");
        const shared = {
          ...OPEN_TO_ALL,
          ...tag,
          etag,
          "cache-control": named === null ? FOR_NOW : FOR_EVER,
          "accept-ranges": "bytes",
          ...isText ? { vary: "accept-encoding" } : {},
        };
        const known = headers.get("if-none-match");
        if (isText && takesGzip(headers) && isKnown(known, zippedTag(etag))) {
          return { status: 304, headers: { ...shared, etag: zippedTag(etag) } };
        }
        if (isKnown(known, etag)) return { status: 304, headers: shared };
        const { length } = found;
        const range = askedRange(headers, etag, length);
        if (range === "unsatisfiable") {
          return { status: 416, headers: { ...shared, "content-range": `bytes */${length}` } };
        }
        const reply: HttpReply = {
          status: range === null ? 200 : 206,
          headers: {
            ...shared,
            "content-type": TYPES[named?.extension ?? "json"],
            ...(range === null
              ? {}
              : { "content-range": `bytes ${range.first}-${range.last}/${length}` }),
          },
        };
        const { first, last } = range ?? { first: 0, last: length - 1 };
        if (isText && range === null) {
          return zippedReply({ ...reply, body }, await zippedOf(hash, body), headers);
        }
        if (body !== null) return { ...reply, body: body.subarray(first, last + 1) };
        isGivenAway = true;
        return { ...reply, stream: streamOf(file!, first, last) };
      } finally {
        if (!isGivenAway) await file?.close();
      }
    },
  }];
}

interface FoundAsset {
  length: number;
  /** Null: it is streamed from `file`, which is open. */
  body: Uint8Array | null;
  file: FileHandle | null;
}

/** @param hot null where no name says what the content is: that is read each time, and whole */
async function findAsset(
  folder: string,
  name: string,
  hot: HotFiles | null,
): Promise<FoundAsset | null> {
  const kept = hot === null ? "unkept" : await hot.get(name);
  if (kept === "missing") return null;
  if (kept !== "unkept") return { length: kept.length, body: kept, file: null };
  const file = await openAsset(join(folder, name));
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const isStreamed = hot !== null && size > limits.assetChunkBytes;
    if (isStreamed) return { length: size, body: null, file };
    const body = await file.readFile();
    await file.close();
    return { length: body.length, body, file: null };
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

/** The stream closes the file, at its end or wherever it is destroyed. */
function streamOf(file: FileHandle, start: number, end: number): HttpReply["stream"] {
  const source = file.createReadStream({ start, end, highWaterMark: limits.assetChunkBytes });
  return { length: end - start + 1, source };
}

function isKnown(header: string | null, etag: string): boolean {
  if (header === null) return false;
  const tags = header.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(etag);
}

/** Null: the whole, also where a part was asked of another state of the file (RFC 9110, 13.1.5). */
function askedRange(
  headers: RequestHeaders,
  etag: string,
  length: number,
): ByteRange | null | "unsatisfiable" {
  const header = headers.get("range");
  const condition = headers.get("if-range");
  if (header === null || (condition !== null && condition !== etag)) return null;
  return parseRange(header, length);
}

function nothingHere(): HttpReply {
  const reply = problemReply({ status: 404, code: "notFound", detail: "There is no such image" });
  return { ...reply, headers: { ...reply.headers, "access-control-allow-origin": "*" } };
}
