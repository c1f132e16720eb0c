/**
 * Attacks by WebSocket: handshakes from the wrong page, frames that break the
 * rules, peers that are silent, greedy or do not read.
 */
import { Buffer } from "node:buffer";
import { limits } from "../../runtime/limits.ts";
import { FaultProxy } from "../fault_proxy.ts";
import { opcode, rawFrame } from "../raw_frames.ts";
import { HANDSHAKE, RawSocket } from "../raw_socket.ts";
import { SeededRandom } from "../seeded_random.ts";
import { until } from "../until.ts";
import type { HostileRow } from "./row.ts";
import type { Counter, Target } from "./target.ts";

/** The only page that the attacked server knows. */
export const PAGE = "https://golazo.example";

const { text, continuation } = opcode;
const QUICK_MS = 2_000;
const SOME_MB = 32;
/** As long as a ping may be. */
const PADDING = Buffer.alloc(125);
const TOO_LONG = { refused: "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH" };

/** A row whose attack is on a socket that said Hello. */
function greeted(
  name: string,
  outcome: string,
  counter: Counter,
  attack: (raw: RawSocket) => void,
): HostileRow {
  return {
    name,
    outcome,
    counter,
    withinMs: QUICK_MS,
    memoryMb: SOME_MB,
    attack: async (target) => {
      const raw = await greet(target);
      attack(raw);
      return await endOf(raw);
    },
  };
}

const fragment = (fin: boolean, first: boolean) =>
  rawFrame({ opcode: first ? text : continuation, fin, payload: " " });

const origins: [string, string][] = [
  ["a foreign page", "https://evil.example"],
  ["a look-alike in front", "https://golazo.example.evil.example"],
  ["a look-alike behind", "https://evilgolazo.example"],
  ["another port", "https://golazo.example:8443"],
  ["no https", "http://golazo.example"],
  ["a page without an origin", "null"],
];

export const quickSocketRows: HostileRow[] = [
  ...origins.map(([name, origin]): HostileRow => ({
    name: `${name}: ${origin}`,
    outcome: "http 403",
    withinMs: QUICK_MS,
    counter: { refused: "originNotAllowed" },
    memoryMb: SOME_MB,
    attack: ({ port }) =>
      handshake(port, [`Origin: ${origin}`, "Sec-WebSocket-Protocol: golazo.v1.json"]),
  })),
  {
    name: "1,000 headers in a handshake",
    outcome: "http 431",
    withinMs: QUICK_MS,
    counter: { refused: "headersTooLarge" },
    memoryMb: SOME_MB,
    attack: ({ port }) => handshake(port, Array.from({ length: 1_000 }, () => "a:b")),
  },
  greeted("a frame of 1 MB", "close 1009", TOO_LONG, (raw) => {
    raw.send(rawFrame({ opcode: text, payload: Buffer.alloc(1024 * 1024, " ") }));
  }),
  greeted("a frame of 2^40 bytes", "close 1009", TOO_LONG, (raw) => {
    raw.send(rawFrame({ opcode: text, announced: 2n ** 40n }));
  }),
  greeted("an unmasked frame", "close 1002", { refused: "WS_ERR_EXPECTED_MASK" }, (raw) => {
    raw.send(rawFrame({ opcode: text, payload: "{}", mask: null }));
  }),
  greeted(
    "a message in fragments of 1 byte",
    "close 1008",
    { refused: "WS_ERR_TOO_MANY_BUFFERED_PARTS" },
    (raw) => {
      for (let at = 0; at < 1_000; at++) raw.send(fragment(false, at === 0));
    },
  ),
  greeted("a frame that is no JSON, thrice", "close 4505", { closed: 4505 }, (raw) => {
    for (let at = 0; at < 3; at++) say(raw, "{");
  }),
  greeted("a second hello, thrice", "close 4505", { refused: "malformed" }, (raw) => {
    for (let at = 0; at < 3; at++) say(raw, { hello: {} });
  }),
  {
    name: "a request before hello",
    outcome: "close 4505",
    withinMs: QUICK_MS,
    counter: { refused: "noHello" },
    memoryMb: SOME_MB,
    attack: async ({ port }) => {
      const raw = await RawSocket.open(port);
      say(raw, { subscribe: { id: 1, channel: "match:x" } });
      return await endOf(raw);
    },
  },
  {
    name: "names of 10,000 characters",
    outcome: "close 4505",
    withinMs: QUICK_MS,
    counter: { refused: "malformed" },
    memoryMb: SOME_MB,
    attack: async ({ port }) => {
      const raw = await RawSocket.open(port);
      say(raw, { hello: { deviceId: "d".repeat(10_000) } });
      return await endOf(raw);
    },
  },
  greeted("a flood of requests", "close 4013", { refused: "tooManyFrames" }, (raw) => {
    for (let id = 1; id <= 2_000; id++) say(raw, { unsubscribe: { id, channel: "x" } });
  }),
  // The WebSocket library ends it by itself, without a word.
  greeted("a flood of pings", "end", { closed: 1006 }, (raw) => {
    const flood = Array.from(
      { length: 5_000 },
      () => rawFrame({ opcode: opcode.ping, payload: PADDING }),
    );
    raw.send(Buffer.concat(flood));
  }),
];

export const patientSocketRows: HostileRow[] = [
  {
    name: "no hello",
    outcome: "close 4008",
    withinMs: limits.helloMsMax + 2_000,
    counter: { refused: "noHello" },
    memoryMb: SOME_MB,
    attack: async ({ port }) => await endOf(await RawSocket.open(port), limits.helloMsMax + 5_000),
  },
  {
    name: "a silent peer: no pong, no FIN",
    outcome: "close 4008",
    // A ping after a whole period at the latest, its pong's limit, a second of the wheel.
    withinMs: limits.pingEveryMs + limits.pongMsMax + 3_000,
    counter: { closed: 4008 },
    memoryMb: SOME_MB,
    attack: async (target) => await endOf(await greet(target), 60_000),
  },
  {
    name: "a half-open socket: its network is gone",
    outcome: "gone",
    // As above, and the closing handshake that nobody answers.
    withinMs: limits.pingEveryMs + limits.pongMsMax + limits.closeMsMax + 5_000,
    counter: { closed: 4008 },
    memoryMb: SOME_MB,
    attack: halfOpen,
  },
];

/** The last one to be gone of those that wait side by side, as nobody hears its goodbye. */
async function halfOpen(target: Target): Promise<string> {
  const network = await FaultProxy.start(
    { host: "127.0.0.1", port: target.port },
    new SeededRandom(1),
  );
  try {
    await greet({ port: network.port });
    network.inject({ kind: "halfOpen" });
    await until("no ghost is left", async () => await target.connections() === 0, 60_000);
    return "gone";
  } finally {
    network.stop();
  }
}

/** How many of 1,000 subscriptions are refused, on a socket that then is served still. */
export function manySubscriptions(channel: (at: number) => string): HostileRow {
  return {
    name: "1,000 subscriptions",
    outcome: "served",
    withinMs: 10_000,
    counter: { refused: "tooManySubscriptions" },
    times: 1_000 - limits.subscriptionsMax,
    memoryMb: SOME_MB,
    attack: async (target) => {
      const raw = await greet(target);
      for (let id = 1; id <= 1_000; id++) say(raw, { subscribe: { id, channel: channel(id) } });
      say(raw, { unsubscribe: { id: 5_000, channel: "match:none" } });
      await until("the last request is answered", () => heardOf(raw, '"id":5000'), 10_000);
      raw.destroy();
      return "served";
    },
  };
}

export async function greet({ port }: Pick<Target, "port">): Promise<RawSocket> {
  const raw = await RawSocket.open(port);
  say(raw, { hello: {} });
  await until("welcome comes", () => heardOf(raw, '"welcome"') || raw.ended);
  return raw;
}

export function say(raw: RawSocket, frame: object | string): void {
  const payload = typeof frame === "string" ? frame : JSON.stringify(frame);
  raw.send(rawFrame({ opcode: text, payload }));
}

/** `close 4008`, or `end` where no close frame was heard. */
export async function endOf(raw: RawSocket, msMax = 15_000): Promise<string> {
  await until("the server ends it", () => raw.closeCode !== null || raw.ended, msMax);
  const outcome = raw.closeCode === null ? "end" : `close ${raw.closeCode}`;
  raw.destroy();
  return outcome;
}

function heardOf(raw: RawSocket, words: string): boolean {
  return raw.frames.some(({ payload }) => payload.includes(words));
}

async function handshake(port: number, headers: string[]): Promise<string> {
  const raw = await RawSocket.dial(port);
  raw.ask(["GET /ws HTTP/1.1", ...HANDSHAKE, ...headers]);
  await until("the handshake is answered", () => raw.head !== "" || raw.ended);
  raw.destroy();
  return raw.status === 0 ? "end" : `http ${raw.status}`;
}
