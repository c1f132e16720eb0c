/**
 * What a picture says of itself, before anything decodes it.
 *
 * By its first bytes, its size and its structure: PNG, JPEG or WebP, one frame,
 * no more pixels than are decoded, nothing behind its end and no markup in it.
 * That is no proof that it can be decoded; it is cheap, and refuses by name what
 * was made to do harm.
 */
import type { AvatarRefusal } from "../../actors/ports/avatars.ts";
import { limits } from "../../runtime/limits.ts";

export type PictureCheck =
  | { format: "png" | "jpeg" | "webp"; width: number; height: number }
  | { refused: AvatarRefusal; reason: string };

type Size = { width: number; height: number };
type Fault = { refused: AvatarRefusal; reason: string };

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** What a browser could take for a page; at 1 MiB of noise one in 10,000 has one by chance. */
const MARKUP = /<(?:!doctype|html|head|body|script|iframe|svg[\s>]|\?php|\?xml version)/i;

export function checkPicture(bytes: Uint8Array): PictureCheck {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  const isPng = PNG.every((byte, at) => bytes[at] === byte);
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
  const isWebp = text(0, 4) === "RIFF" && text(8, 12) === "WEBP";
  if (!isPng && !isJpeg && !isWebp) {
    return fault("notAnImage", "needed a PNG, a JPEG or a WebP by its first bytes");
  }
  let size: Size | Fault;
  try {
    size = isPng ? pngSize(view, text) : isJpeg ? jpegSize(view) : webpSize(view, text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    size = fault("truncated", "it ends before its own end");
  }
  if ("refused" in size) return size;
  const pixels = size.width * size.height;
  if (pixels > limits.assetSourcePixelsMax || pixels === 0) {
    const found = `${size.width} x ${size.height}`;
    const needed = `1 to ${limits.assetSourcePixelsMax} pixels`;
    return fault("tooManyPixels", `needed ${needed}, found ${found}`);
  }
  // After the rest, which is cheaper.
  if (MARKUP.test(new TextDecoder("latin1").decode(bytes))) {
    return fault("polyglot", "there is markup in it");
  }
  return { format: isPng ? "png" : isJpeg ? "jpeg" : "webp", ...size };
}

/** Chunk by chunk: PNG (third edition), section 5. */
function pngSize(view: DataView, text: (from: number, to: number) => string): Size | Fault {
  const size = { width: view.getUint32(16), height: view.getUint32(20) };
  for (let at = PNG.length;;) {
    const length = view.getUint32(at);
    const kind = text(at + 4, at + 8);
    if (at === PNG.length && kind !== "IHDR") return fault("notAnImage", "its header is missing");
    if (kind === "acTL") return animated();
    at += 12 + length;
    if (at > view.byteLength) throw new RangeError();
    if (kind !== "IEND") continue;
    return at === view.byteLength ? size : trailing(view.byteLength - at);
  }
}

/** To the frame header: ITU T.81, B.1.1.3 and B.2.2. Cameras put things behind the end. */
function jpegSize(view: DataView): Size | Fault {
  for (let at = 2;;) {
    if (view.getUint8(at) !== 0xff) return fault("notAnImage", "its markers are out of order");
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    if (marker === 0xd9 || marker === 0xda) return fault("notAnImage", "it has no frame");
    at += 2 + view.getUint16(at + 2);
  }
}

/** RFC 9649, sections 2.5 to 2.7; sizes of `VP8 ` by RFC 6386, 9.1. */
function webpSize(view: DataView, text: (from: number, to: number) => string): Size | Fault {
  const end = view.getUint32(4, true) + 8;
  if (end > view.byteLength) throw new RangeError();
  if (end < view.byteLength) return trailing(view.byteLength - end);
  switch (text(12, 16)) {
    case "VP8X": {
      if ((view.getUint8(20) & 0x02) !== 0) return animated();
      const three = (at: number) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16) + 1;
      return { width: three(24), height: three(27) };
    }
    case "VP8L": {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case "VP8 ":
      return {
        width: view.getUint16(26, true) & 0x3fff,
        height: view.getUint16(28, true) & 0x3fff,
      };
    default:
      return fault("notAnImage", "its first chunk is no picture");
  }
}

function animated(): Fault {
  return fault("animated", "needed a still picture, found an animation");
}

function trailing(bytes: number): Fault {
  return fault("polyglot", `${bytes} bytes follow its end`);
}

function fault(refused: AvatarRefusal, reason: string): Fault {
  return { refused, reason: `Cannot use this picture: ${reason}` };
}
