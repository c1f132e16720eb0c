/**
 * The two subprotocols, at the edge of a socket.
 *
 * Everything behind this file speaks of frames; which bytes they are on the
 * wire is said here only. What a peer sent and we cannot read is a value that
 * names what was wrong, since a peer's mistake is no error of ours.
 */
import { type ClientFrameName, clientFrameName } from "../../protocol/frames.ts";
import {
  type ClientFrame,
  decodeClientFrame,
  decodeServerFrame,
  encodeServerFrame,
  type ServerFrameInit,
} from "../../protocol/golazo_codec.ts";
import { fromJson, toJson } from "../../protocol/json_mapping.ts";
import { ProtocolError } from "../../protocol/protocol_error.ts";
import { frameBinary, frameText } from "./ready_frame.ts";

export const ENCODINGS = ["protobuf", "json"] as const;
export type Encoding = (typeof ENCODINGS)[number];

export const SUBPROTOCOLS: ReadonlyMap<string, Encoding> = new Map([
  ["golazo.v1.protobuf", "protobuf"],
  ["golazo.v1.json", "json"],
]);

export type ReadFrame =
  | { name: ClientFrameName; frame: ClientFrame }
  /** For the peer's developer: what was needed and what was found. */
  | { fault: string };

export function frameMessage(encoding: Encoding, message: ServerFrameInit): Buffer {
  return encoding === "protobuf"
    ? frameBinary(encodeServerFrame(message))
    : frameText(JSON.stringify(toJson("ServerFrame", message)));
}

/** The same for a ServerFrame that is protobuf already. */
export function frameEncoded(encoding: Encoding, message: Uint8Array): Buffer {
  return encoding === "protobuf"
    ? frameBinary(message)
    : frameText(JSON.stringify(toJson("ServerFrame", decodeServerFrame(message))));
}

export function readFrame(encoding: Encoding, message: Buffer, isBinary: boolean): ReadFrame {
  if (isBinary !== (encoding === "protobuf")) {
    const needed = encoding === "protobuf" ? "binary" : "text";
    return { fault: `Cannot read the message: needed a ${needed} message, found the other kind` };
  }
  try {
    const frame = encoding === "protobuf"
      ? decodeClientFrame(message)
      : fromJson("ClientFrame", JSON.parse(message.toString()));
    const name = clientFrameName(frame);
    return name === null
      ? { fault: "Cannot read the frame: needed one that this version knows, found none" }
      : { name, frame };
  } catch (thrown) {
    if (thrown instanceof ProtocolError) return { fault: thrown.message };
    if (thrown instanceof SyntaxError) {
      return { fault: "Cannot read the message: needed JSON, found something else" };
    }
    throw thrown;
  }
}
