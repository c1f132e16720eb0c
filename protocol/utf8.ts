/**
 * Text to UTF-8 and back without TextEncoder and TextDecoder.
 *
 * Some engines that clients run in have neither. pbf brings its own, but its
 * writer mangles characters from U+20000 up (the flag of England is made of
 * such), its reader swallows a leading U+FEFF and paints over bad bytes. Here
 * the same text gives the same bytes everywhere, and bad bytes give no text.
 * Well-formed is what table 3-7 of the Unicode standard says: no overlong form,
 * no surrogate, nothing past U+10FFFF.
 */

/** Arguments of one call stay far below every engine's limit. */
const RUN_MAX = 4_096;

/** How many bytes `writeUtf8` writes. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    length += unit < 0x800 ? 1 : 2;
    // A pair of units is one character of four bytes.
    if (unit >= 0xd800 && unit <= 0xdbff && text.codePointAt(index)! > 0xffff) index++;
  }
  return length;
}

/** Writes into `bytes` from `at` on. A lone surrogate becomes U+FFFD, as TextEncoder has it. */
export function writeUtf8(text: string, bytes: Uint8Array, at: number): void {
  for (let index = 0; index < text.length; index++) {
    let code = text.charCodeAt(index);
    if (code < 0x80) {
      bytes[at++] = code;
      continue;
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      code = text.codePointAt(index)!;
      if (code > 0xffff) index++;
      else code = 0xfffd;
    }
    if (code < 0x800) {
      bytes[at++] = 0xc0 | (code >> 6);
    } else if (code < 0x1_0000) {
      bytes[at++] = 0xe0 | (code >> 12);
      bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
    } else {
      bytes[at++] = 0xf0 | (code >> 18);
      bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
      bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (code & 0x3f);
  }
}

/** The text of `bytes` from `start` to `end`, or null where that is not well-formed UTF-8. */
export function utf8Text(bytes: Uint8Array, start: number, end: number): string | null {
  let text = "";
  let at = start;
  while (at < end) {
    const asciiEnd = endOfAscii(bytes, at, Math.min(end, at + RUN_MAX));
    if (asciiEnd > at) {
      text += String.fromCharCode.apply(null, bytes.subarray(at, asciiEnd) as unknown as number[]);
      at = asciiEnd;
      continue;
    }
    const lead = bytes[at]!;
    const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length === 0 || at + length > end) return null;
    const second = bytes[at + 1]!;
    const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (second < lowest || second > highest) return null;
    let code = ((lead & (0xff >> (length + 1))) << 6) | (second & 0x3f);
    for (let next = at + 2; next < at + length; next++) {
      if ((bytes[next]! & 0xc0) !== 0x80) return null;
      code = (code << 6) | (bytes[next]! & 0x3f);
    }
    text += String.fromCodePoint(code);
    at += length;
  }
  return text;
}

function endOfAscii(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at]! < 0x80) at++;
  return at;
}
