/**
 * NOTICE: where every pack's images and the fonts of share cards are from, and
 * on what terms.
 */
import { FONT_CREDITS } from "./cards/fonts_config.ts";
import type { Credit, Pack } from "./pack.ts";

export function noticeOf(packs: readonly Pack[]): string {
  const parts = [
    ...packs.flatMap(({ id, credits }) => credits.map((credit) => partOf(credit, `pack "${id}"`))),
    ...FONT_CREDITS.map((credit) => partOf(credit, "letters of the share cards")),
  ];
  const changes = "Changed from their sources: drawn as pixels at several sizes, put together\n" +
    "on sheets, and encoded as WebP (and AVIF where that was asked for).";
  return `Images of this server\n\n${parts.join("\n\n")}\n\n${changes}\n`;
}

function partOf({ title, source, author, licence, url }: Credit, use: string): string {
  return [
    `${title} (${use})`,
    `  source:  ${source}`,
    `  author:  ${author}`,
    `  licence: ${licence}`,
    `  see:     ${url}`,
  ].join("\n");
}
