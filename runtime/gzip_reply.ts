/**
 * Text over HTTP, a third of it for whoever takes gzip.
 *
 * Compressed once by whoever keeps the bytes, since everybody opens the same
 * page at a goal; another coding is another representation, so its ETag is
 * another one too (RFC 9110, 8.8.3.3).
 */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { HttpReply, RequestHeaders } from "./http_route.ts";

export type Coding = "br" | "gzip";

/** Null where it would not get smaller. */
export async function gzipOf(text: string | Uint8Array): Promise<Uint8Array | null> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const zipped = await promisify(gzip)(bytes);
  return zipped.length < bytes.length ? zipped : null;
}

/** By RFC 9110, 12.5.3: named and not given the weight 0. */
export function takesCoding(headers: RequestHeaders, coding: Coding): boolean {
  const given = (headers.get("accept-encoding") ?? "").toLowerCase().split(",")
    .map((part) => part.trim().split(/\s*;\s*/))
    .find(([name]) => name === coding);
  return given !== undefined && !given.some((part) => /^q=0(\.0*)?$/.test(part));
}

export function takesGzip(headers: RequestHeaders): boolean {
  return takesCoding(headers, "gzip");
}

/** The same reply with the body compressed, where there is one that is and it is taken. */
export function zippedReply(
  reply: HttpReply,
  zipped: Uint8Array | null,
  asked: RequestHeaders,
): HttpReply {
  const headers = { ...reply.headers, vary: "accept-encoding" };
  if (zipped === null || !takesGzip(asked)) return { ...reply, headers };
  const etag = reply.headers?.etag;
  return {
    ...reply,
    headers: {
      ...headers,
      ...etag === undefined ? {} : { etag: zippedTag(etag) },
      "content-encoding": "gzip",
    },
    body: zipped,
  };
}

export function zippedTag(etag: string, coding: Coding = "gzip"): string {
  return etag.replace(/"$/, `-${coding}"`);
}
