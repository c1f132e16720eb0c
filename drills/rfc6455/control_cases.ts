/**
 * Control frames: pings, pongs and every way to say goodbye.
 */
import { Buffer } from "node:buffer";
import { closePayload, opcode } from "../raw_frames.ts";
import { type FrameCase, frames, jsonRequest } from "./case.ts";

const { text, continuation, close, ping, pong } = opcode;
const broken = { close: 1002 } as const;
const full = Buffer.alloc(125, "p");

type Row = [name: string, section: string, bytes: Buffer, outcome: FrameCase["outcome"]];

const rows: Row[] = [
  ["a ping", "5.5.2", frames({ opcode: ping, payload: "hi" }), pongsOf("hi")],
  ["an empty ping", "5.5.2", frames({ opcode: ping }), pongsOf("")],
  ["a ping of 125 bytes", "5.5", frames({ opcode: ping, payload: full }), { pongs: [full] }],
  ["a ping of 126 bytes", "5.5", frames({ opcode: ping, payload: Buffer.alloc(126) }), broken],
  ["a ping whose length says 64 bits", "5.5", frames({ opcode: ping, lengthBits: 64 }), broken],
  [
    "three pings at once",
    "5.5.3",
    frames(...["a", "b", "c"].map((payload) => ({ opcode: ping, payload }))),
    pongsOf("a", "b", "c"),
  ],
  ["a ping in fragments", "5.5", frames({ opcode: ping, fin: false, payload: "x" }), broken],
  ["a ping with a reserved bit", "5.2", frames({ opcode: ping, rsv: 4 }), broken],
  ["a ping without a mask", "5.1", frames({ opcode: ping, mask: null }), broken],
  [
    "a ping inside of a message",
    "5.4",
    frames(
      { opcode: text, fin: false, payload: jsonRequest().subarray(0, 9) },
      { opcode: ping, payload: "in between" },
      { opcode: continuation, payload: jsonRequest().subarray(9) },
    ),
    pongsOf("in between"),
  ],
  ["a pong that nobody asked for", "5.5.3", frames({ opcode: pong, payload: "hi" }), {
    silence: true,
  }],
  ["a pong of 126 bytes", "5.5", frames({ opcode: pong, payload: Buffer.alloc(126) }), broken],

  [
    "close 1000",
    "7.4.1",
    frames({ opcode: close, payload: closePayload(1000, "bye") }),
    echo(1000, "bye"),
  ],
  ["close 1001", "7.4.1", frames({ opcode: close, payload: closePayload(1001) }), echo(1001)],
  ["close without a code", "7.1.5", frames({ opcode: close }), echo(1005)],
  ["close 4505", "7.4.2", frames({ opcode: close, payload: closePayload(4505) }), echo(4505)],
  ["close 3000", "7.4.2", frames({ opcode: close, payload: closePayload(3000) }), echo(3000)],
  [
    "close with a reason of 123 bytes",
    "5.5",
    frames({ opcode: close, payload: closePayload(1000, "r".repeat(123)) }),
    echo(1000, "r".repeat(123)),
  ],
  ...[0, 999, 1004, 1005, 1006, 1015, 2999, 5000].map((code): Row => [
    `close ${code}`,
    "7.4",
    frames({ opcode: close, payload: closePayload(code) }),
    broken,
  ]),
  ["close with half a code", "5.5.1", frames({ opcode: close, payload: "x" }), broken],
  [
    "close of 126 bytes",
    "5.5",
    frames({ opcode: close, payload: closePayload(1000, "r".repeat(124)) }),
    broken,
  ],
  [
    "close in fragments",
    "5.5",
    frames({ opcode: close, fin: false, payload: closePayload(1000) }),
    broken,
  ],
  [
    "close for a reason that is no text",
    "8.1",
    frames({ opcode: close, payload: closePayload(1000, Buffer.from([0xff])) }),
    { close: 1007 },
  ],
  [
    "close inside of a message",
    "5.4",
    frames(
      { opcode: text, fin: false, payload: "{" },
      { opcode: close, payload: closePayload(1000) },
    ),
    echo(1000),
  ],
  [
    "a message behind the close",
    "5.5.1",
    frames(
      { opcode: close, payload: closePayload(1000) },
      { opcode: text, payload: jsonRequest() },
    ),
    echo(1000),
  ],
  [
    "a ping behind the close",
    "5.5.1",
    frames({ opcode: close, payload: closePayload(1000) }, { opcode: ping, payload: "x" }),
    echo(1000),
  ],
  [
    "two closes",
    "5.5.1",
    frames(
      { opcode: close, payload: closePayload(1000) },
      { opcode: close, payload: closePayload(4000) },
    ),
    echo(1000),
  ],
];

export const controlCases: FrameCase[] = [
  ...rows.map(([name, section, bytes, outcome]): FrameCase => ({
    name,
    section,
    encoding: "json",
    bytes,
    outcome,
  })),
  {
    name: "an end without a close",
    section: "7.1.7",
    encoding: "json",
    bytes: frames({ opcode: text, fin: false, payload: "{" }),
    outcome: { end: true },
    fin: true,
  },
];

function pongsOf(...payloads: string[]): FrameCase["outcome"] {
  return { pongs: payloads.map((payload) => Buffer.from(payload)) };
}

function echo(code: number, reason = ""): FrameCase["outcome"] {
  return { close: code, reason };
}
