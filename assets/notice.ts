/**
 * NOTICE: where every pack's images are from, and on what terms.
 */
import type { Pack } from "./pack.ts";

export function noticeOf(packs: readonly Pack[]): string {
  const parts = packs.flatMap(({ id, credits }) =>
    credits.map(({ title, source, author, licence, url }) =>
      [
        `${title} (pack "${id}")`,
        `  source:  ${source}`,
        `  author:  ${author}`,
        `  licence: ${licence}`,
        `  see:     ${url}`,
      ].join("\n")
    )
  );
  const changes = "Changed from their sources: drawn as pixels at several sizes, put together\n" +
    "on sheets, and encoded as WebP (and AVIF where that was asked for).";
  return `Images of this server\n\n${parts.join("\n\n")}\n\n${changes}\n`;
}
