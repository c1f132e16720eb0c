/**
 * Names of built files: stem, hash of the bytes, extension.
 *
 * 60 bits in letters that no file system folds together. A name says all that a
 * cache has to know: the same name is the same bytes, for ever.
 */
import { createHash } from "node:crypto";

export const EXTENSIONS = ["webp", "avif", "json", "css", "txt"] as const;
export type Extension = (typeof EXTENSIONS)[number];

export const MANIFEST = "manifest.json";

const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
const HASH_CHARS = 12;
const NAME = /^[a-z0-9_-]{1,160}(?:@[1-9]x)?\.([a-z2-7]{12})\.(webp|avif|json|css|txt)$/;

/** `flags@2x.k3vq7zc5m2ta.webp` */
export function contentName(stem: string, bytes: Uint8Array, extension: Extension): string {
  return `${stem}.${contentHash(bytes)}.${extension}`;
}

export function contentHash(bytes: Uint8Array): string {
  const digest = createHash("sha256").update(bytes).digest();
  return Array.from(digest.subarray(0, HASH_CHARS), (byte) => LETTERS[byte & 31]).join("");
}

/** Null where it is no name of a built file. */
export function parseContentName(name: string): { hash: string; extension: Extension } | null {
  const [, hash = "", extension] = NAME.exec(name) ?? [];
  return extension === undefined ? null : { hash, extension: extension as Extension };
}
