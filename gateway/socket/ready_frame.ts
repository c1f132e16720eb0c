/**
 * Ready WebSocket frames (RFC 6455, 5.2): header and payload in one Buffer.
 *
 * A message for many is framed once and the same Buffer goes to every socket: a
 * server's frames are not masked (5.1), so they are equal for all.
 */

const TEXT = 0x81;
const BINARY = 0x82;

export function frameBinary(payload: Uint8Array): Buffer {
  const frame = allocate(BINARY, payload.length);
  frame.set(payload, frame.length - payload.length);
  return frame;
}

export function frameText(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const frame = allocate(TEXT, length);
  frame.write(text, frame.length - length);
  return frame;
}

/** Header for `length` bytes: 7 bits, or 16 after 126, or 64 after 127. */
function allocate(opcode: number, length: number): Buffer {
  const headerBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame[0] = opcode;
  if (headerBytes === 2) {
    frame[1] = length;
  } else if (headerBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  return frame;
}
