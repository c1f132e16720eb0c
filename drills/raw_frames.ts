/**
 * WebSocket frames as bytes: any that can be written, and what was read.
 *
 * Written by hand from RFC 6455, 5.2, and by nothing that we or `ws` use, so
 * that a mistake in either is not made here too. A frame may be as wrong as a
 * case needs it; what a server sends is held to the letter.
 */
import { Buffer } from "node:buffer";

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameInit {
  opcode: number;
  payload?: Uint8Array | string;
  /** True: the last frame of its message. */
  fin?: boolean;
  /** The three reserved bits, 0 to 7. */
  rsv?: number;
  /** Null: not masked, as no client may. */
  mask?: readonly number[] | null;
  /** Bits of the length: the fewest that hold it unless told otherwise. */
  lengthBits?: 7 | 16 | 64;
  /** What the header says where that is not the payload's length. */
  announced?: bigint;
}

export interface HeardFrame {
  fin: boolean;
  opcode: number;
  payload: Buffer;
}

const MASK = [0x37, 0xfa, 0x21, 0x3d];

export function rawFrame(init: FrameInit): Buffer {
  const { fin = true, rsv = 0, mask = MASK } = init;
  const payload = Buffer.from((init.payload ?? "") as Uint8Array);
  const length = init.announced ?? BigInt(payload.length);
  const bits = init.lengthBits ?? (length < 126n ? 7 : length < 65_536n ? 16 : 64);
  const head = [(fin ? 0x80 : 0) | (rsv << 4) | init.opcode];
  const maskBit = mask === null ? 0 : 0x80;
  if (bits === 7) head.push(maskBit | Number(length));
  else head.push(maskBit | (bits === 16 ? 126 : 127), ...bytesOf(length, bits / 8));
  if (mask === null) return Buffer.concat([Buffer.from(head), payload]);
  const masked = payload.map((byte, at) => byte ^ mask[at % 4]!);
  return Buffer.concat([Buffer.from([...head, ...mask]), masked]);
}

export function closePayload(code: number, reason: string | Uint8Array = ""): Buffer {
  return Buffer.concat([Buffer.from(bytesOf(BigInt(code), 2)), Buffer.from(reason as Uint8Array)]);
}

/**
 * The first frame of `bytes`, and how many it took; null where it is not whole.
 * @throws {Error} where it is none that a server may send.
 */
export function readFrame(bytes: Buffer): { frame: HeardFrame; length: number } | null {
  if (bytes.length < 2) return null;
  const [first, second] = [bytes[0]!, bytes[1]!];
  const frame = { fin: (first & 0x80) !== 0, opcode: first & 0x0f };
  refuseIf((first & 0x70) !== 0, "reserved bits are set");
  refuseIf((second & 0x80) !== 0, "a server's frame is masked");
  refuseIf(!(Object.values(opcode) as number[]).includes(frame.opcode), "an unknown opcode");
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (bytes.length < 2 + extended) return null;
  const size = extended === 0
    ? short
    : Number(BigInt(`0x${bytes.subarray(2, 2 + extended).toString("hex")}`));
  refuseIf(
    size < (extended === 2 ? 126 : extended === 8 ? 65_536 : 0),
    "a length in too many bits",
  );
  refuseIf(frame.opcode >= 8 && (!frame.fin || size > 125), "a control frame cut or too long");
  const length = 2 + extended + size;
  if (bytes.length < length) return null;
  return { frame: { ...frame, payload: bytes.subarray(2 + extended, length) }, length };
}

function refuseIf(isWrong: boolean, what: string): void {
  if (isWrong) throw new Error(`Cannot take the server's frame: ${what}`);
}

/** Most significant first. */
function bytesOf(value: bigint, count: number): number[] {
  return Array.from(
    { length: count },
    (_, at) => Number(value >> BigInt(8 * (count - 1 - at)) & 255n),
  );
}
