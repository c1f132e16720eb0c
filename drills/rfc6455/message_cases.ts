/**
 * Messages: lengths in every form, masks, fragments, text that is none.
 */
import { Buffer } from "node:buffer";
import { limits } from "../../runtime/limits.ts";
import { opcode, rawFrame } from "../raw_frames.ts";
import { type FrameCase, frames, jsonRequest, protobufRequest } from "./case.ts";

const { text, binary, continuation, ping } = opcode;
const ok = { reply: "ok" } as const;
const tooBig = { close: 1009 } as const;
const broken = { close: 1002 } as const;
const payloadMax = limits.framePayloadBytesMax;

type Row = [name: string, section: string, bytes: Buffer, outcome: FrameCase["outcome"]];

const json: Row[] = [
  ["a text", "5.6", frames({ opcode: text, payload: jsonRequest() }), ok],
  ["125 bytes", "5.2", frames({ opcode: text, payload: jsonRequest(125) }), ok],
  ["126 bytes", "5.2", frames({ opcode: text, payload: jsonRequest(126) }), ok],
  ["as long as may be", "5.2", frames({ opcode: text, payload: jsonRequest(payloadMax) }), ok],
  ["a byte longer", "10.4", frames({ opcode: text, payload: jsonRequest(payloadMax + 1) }), tooBig],
  ["65,535 bytes", "10.4", frames({ opcode: text, announced: 65_535n }), tooBig],
  ["65,536 bytes", "10.4", frames({ opcode: text, announced: 65_536n }), tooBig],
  ["2^63 bytes", "5.2", frames({ opcode: text, announced: 2n ** 63n }), tooBig],
  // A sender must not; what a receiver does is left to it, and reading is harmless.
  [
    "a short length in 16 bits",
    "5.2",
    frames({ opcode: text, payload: jsonRequest(), lengthBits: 16 }),
    ok,
  ],
  [
    "a short length in 64 bits",
    "5.2",
    frames({ opcode: text, payload: jsonRequest(), lengthBits: 64 }),
    ok,
  ],
  [
    "a mask of zeros",
    "5.3",
    frames({ opcode: text, payload: jsonRequest(), mask: [0, 0, 0, 0] }),
    ok,
  ],
  ["no mask", "5.1", frames({ opcode: text, payload: jsonRequest(), mask: null }), broken],
  ["nothing in a text", "5.6", frames({ opcode: text }), { reply: "malformed" }],
  ["two fragments", "5.4", fragments(jsonRequest(), [9]), ok],
  ["empty fragments", "5.4", fragments(jsonRequest(), [0, 9, 9]), ok],
  ["as many fragments as may be", "5.4", fragments(jsonRequest(), range(15)), ok],
  ["one fragment more", "10.4", fragments(jsonRequest(), range(16)), { close: 1008 }],
  [
    "a character cut in two",
    "5.6",
    cutText('{"unsubscribe":{"id":77,"channel":"match:\u00fc\u26bd"}}', "\u26bd"),
    ok,
  ],
  [
    "fragments too long together",
    "10.4",
    fragments(jsonRequest(payloadMax + 1), [payloadMax / 2]),
    tooBig,
  ],
  ["a continuation of nothing", "5.4", frames({ opcode: continuation, payload: "x" }), broken],
  [
    "a new message inside of one",
    "5.4",
    frames({ opcode: text, fin: false, payload: "{" }, { opcode: text, payload: jsonRequest() }),
    broken,
  ],
  [
    "another kind inside of one",
    "5.4",
    frames({ opcode: text, fin: false, payload: "{" }, { opcode: binary, payload: "}" }),
    broken,
  ],
  ["an overlong character", "8.1", frames({ opcode: text, payload: bytes(0xc0, 0xaf) }), utf8()],
  ["a surrogate", "8.1", frames({ opcode: text, payload: bytes(0xed, 0xa0, 0x80) }), utf8()],
  ["a character cut off", "8.1", frames({ opcode: text, payload: bytes(0xe2, 0x9a) }), utf8()],
  [
    "a bad character in a later fragment",
    "8.1",
    frames({ opcode: text, fin: false, payload: "{" }, {
      opcode: continuation,
      payload: bytes(0xff),
    }),
    utf8(),
  ],
  ["a binary where text is spoken", "5.6", frames({ opcode: binary, payload: "{}" }), {
    reply: "malformed",
  }],
  ...[1, 2, 4].map((rsv): Row => [
    `reserved bit ${rsv}`,
    "5.2",
    frames({ opcode: text, rsv, payload: jsonRequest() }),
    broken,
  ]),
  ...[3, 7, 11, 15].map((reserved): Row => [
    `reserved opcode ${reserved}`,
    "5.2",
    frames({ opcode: reserved, payload: "x" }),
    broken,
  ]),
];

const protobuf: Row[] = [
  ["a binary", "5.6", frames({ opcode: binary, payload: protobufRequest() }), ok],
  ["a binary of 126 bytes", "5.2", frames({ opcode: binary, payload: protobufRequest(126) }), ok],
  [
    "a binary as long as may be",
    "5.2",
    frames({ opcode: binary, payload: protobufRequest(payloadMax) }),
    ok,
  ],
  ["a text where binary is spoken", "5.6", frames({ opcode: text, payload: "{}" }), {
    reply: "malformed",
  }],
  [
    "a ping inside of a binary",
    "5.4",
    frames(
      { opcode: binary, fin: false, payload: protobufRequest().subarray(0, 5) },
      { opcode: ping, payload: "in between" },
      { opcode: continuation, payload: protobufRequest().subarray(5) },
    ),
    ok,
  ],
];

export const messageCases: FrameCase[] = [
  ...json.map((row) => asCase(row, "json")),
  ...protobuf.map((row) => asCase(row, "protobuf")),
];

function asCase([name, section, sent, outcome]: Row, encoding: FrameCase["encoding"]): FrameCase {
  return { name, section, encoding, bytes: sent, outcome };
}

/** `payload` cut at each of `cuts`. */
function fragments(payload: Buffer, cuts: number[]): Buffer {
  const edges = [0, ...cuts, payload.length];
  return Buffer.concat(
    edges.slice(1).map((to, at) =>
      rawFrame({
        opcode: at === 0 ? text : continuation,
        fin: at === cuts.length,
        payload: payload.subarray(edges[at], to),
      })
    ),
  );
}

/** Cut behind the first byte of `inside`. */
function cutText(whole: string, inside: string): Buffer {
  const payload = Buffer.from(whole);
  return fragments(payload, [payload.indexOf(inside) + 1]);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}

function bytes(...values: number[]): Buffer {
  return Buffer.from(values);
}

function utf8(): { close: number } {
  return { close: 1007 };
}
