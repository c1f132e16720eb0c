/** What a client reads in a frame of ours, for tests. */
import { decodeServerFrame, type ServerFrame } from "../../protocol/golazo_codec.ts";
import { fromJson } from "../../protocol/json_mapping.ts";
import type { Encoding } from "../socket/encoding.ts";

/** `frame` is one whole WebSocket frame of less than 64 KiB. */
export function readServerMessage(encoding: Encoding, frame: Buffer): ServerFrame {
  const payload = frame.subarray(frame[1]! < 126 ? 2 : 4);
  return encoding === "protobuf"
    ? decodeServerFrame(payload)
    : fromJson("ServerFrame", JSON.parse(payload.toString()));
}
