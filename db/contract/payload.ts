/**
 * Text as payload bytes and back.
 *
 * The contracts write words and compare words; the stores only ever see bytes.
 */
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function payload(text: string): Uint8Array {
  return encoder.encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
