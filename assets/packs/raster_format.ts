/**
 * What a file is by its first bytes, as a name proves nothing.
 */
export type RasterFormat = "png" | "webp" | "gif";

export function rasterFormat(bytes: Uint8Array): RasterFormat | null {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("RIFF") && head.endsWith("WEBP")) return "webp";
  return head.startsWith("GIF87a") || head.startsWith("GIF89a") ? "gif" : null;
}
