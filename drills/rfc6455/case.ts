/**
 * One case of the table: what a client sends on an open socket, and the one
 * thing that must come of it.
 */
import { Buffer } from "node:buffer";
import { encodeClientFrame } from "../../protocol/golazo_codec.ts";
import { type FrameInit, rawFrame } from "../raw_frames.ts";
import type { Encoding } from "../raw_socket.ts";

export type Outcome =
  /** The message was taken: its reply came, and the socket lives on. */
  | { reply: "ok" | "malformed" }
  /** Pongs with these payloads, in this order, and the socket lives on. */
  | { pongs: Buffer[] }
  /** Nothing at all, and the socket lives on. */
  | { silence: true }
  /** The server's close frame; its reason where that matters. */
  | { close: number; reason?: string }
  /** The server ends the connection without a close frame. */
  | { end: true };

export interface FrameCase {
  name: string;
  /** Of RFC 6455. */
  section: string;
  encoding: Encoding;
  bytes: Buffer;
  outcome: Outcome;
  /** Our side ends after these bytes. */
  fin?: true;
}

/** Of the request that a reply is awaited to. */
export const REQUEST_ID = 77;

/** A text that asks for a reply, `length` bytes long. */
export function jsonRequest(length = 0): Buffer {
  const text = JSON.stringify({ unsubscribe: { id: REQUEST_ID, channel: "match:none" } });
  return Buffer.from(text.padEnd(length));
}

/** The same as protobuf: the channel's name fills it up. */
export function protobufRequest(length = 0): Buffer {
  for (let chars = Math.max(0, length - 12);; chars++) {
    const channel = "x".repeat(chars);
    const bytes = Buffer.from(encodeClientFrame({ unsubscribe: { id: REQUEST_ID, channel } }));
    if (bytes.length >= length) return bytes;
  }
}

export function frames(...inits: FrameInit[]): Buffer {
  return Buffer.concat(inits.map(rawFrame));
}
