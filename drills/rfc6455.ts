/**
 * RFC 6455, case by case, on a socket that is served all the while.
 *
 * Publications are written past `ws` to its stream, so what could go wrong is
 * that our frames and `ws`'s own meet: a pong inside of a publication, a
 * publication behind a close. Hence each case has a channel that says something
 * before every byte of the case, and whatever the client sees must be whole, in
 * order and, behind a close frame, nothing.
 */
import { Buffer } from "node:buffer";
import { setTimeout as pause } from "node:timers/promises";
import { splitServerFrames } from "../protocol/frames.ts";
import { encodeClientFrame, type ServerFrame } from "../protocol/golazo_codec.ts";
import { fromJson } from "../protocol/json_mapping.ts";
import { closePayload, type HeardFrame, opcode, rawFrame } from "./raw_frames.ts";
import { ACCEPT, RawSocket } from "./raw_socket.ts";
import { type FrameCase, REQUEST_ID } from "./rfc6455/case.ts";
import { controlCases } from "./rfc6455/control_cases.ts";
import type { HandshakeCase } from "./rfc6455/handshake_cases.ts";
import { messageCases } from "./rfc6455/message_cases.ts";
import { until } from "./until.ts";

export { handshakeCases } from "./rfc6455/handshake_cases.ts";
export const frameCases: FrameCase[] = [...messageCases, ...controlCases];

/** The gateway under test, with a channel that says something when told to. */
export interface ServedChannel {
  port: number;
  channel: string;
  /** One durable publication; answers its offset. */
  publish(): number;
}

export interface CaseOptions {
  /** In segments of one byte. */
  slowly: boolean;
}

/** Publications before the case. */
const BEFORE = 20;

/** What was wrong, one sentence each; none: the case holds. */
export async function runFrameCase(
  { encoding, bytes, outcome, fin }: FrameCase,
  served: ServedChannel,
  { slowly }: CaseOptions,
): Promise<string[]> {
  const raw = await RawSocket.open(served.port, { encoding });
  const heard = new Heard(raw, encoding);
  try {
    raw.send(said(encoding, { hello: { batch: true } }));
    raw.send(said(encoding, { subscribe: { id: 1, channel: served.channel } }));
    await until("the channel is subscribed", () => heard.offset !== null);
    let last = 0;
    const publish = () => void (last = served.publish());
    for (let at = 0; at < BEFORE; at++) publish();
    if (slowly) await raw.sendSlowly(bytes, publish);
    else raw.send(bytes);
    if (fin) raw.socket.end();
    // Also in the very turns in which the server answers.
    const talking = talk(publish);
    await heard.comesToItsEnd(outcome).finally(() => talking.stop());
    if (!("close" in outcome || "end" in outcome)) {
      await until("every publication comes", () => heard.offset === last);
      raw.send(rawFrame({ opcode: opcode.close, payload: closePayload(1000) }));
      await until("the close is answered", () => raw.closeCode !== null);
    } else if ("close" in outcome) {
      // Ours, where the server began; where we did, it is one too many and changes nothing.
      raw.send(rawFrame({ opcode: opcode.close, payload: closePayload(1000) }));
    }
    await until("the connection ends", () => raw.ended);
    return heard.faults(outcome);
  } catch (error) {
    const seen = `status ${raw.status}, close ${raw.closeCode}, ended ${raw.ended}`;
    return [...heard.faults(outcome), `${(error as Error).message}; seen: ${seen}`];
  } finally {
    raw.destroy();
  }
}

export async function runHandshakeCase(
  { lines, status, code, says }: HandshakeCase,
  port: number,
  { slowly }: CaseOptions,
): Promise<string[]> {
  const raw = await RawSocket.dial(port);
  try {
    const bytes = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
    if (slowly) await raw.sendSlowly(bytes);
    else raw.send(bytes);
    await until(
      "the server answers",
      () => raw.head !== "" && (raw.status === 101 || raw.body !== ""),
    );
    const faults: string[] = [];
    const must = (holds: boolean, what: string) => void (holds || faults.push(what));
    must(raw.status === status, `needed status ${status}, found ${raw.head}`);
    if (raw.status === 101) {
      must(raw.head.includes(`Sec-WebSocket-Accept: ${ACCEPT}`), "the key's answer is another");
      must(
        raw.head.includes(`Sec-WebSocket-Protocol: ${code}`),
        `needed ${code}, found ${raw.head}`,
      );
      must(!/^sec-websocket-extensions:/im.test(raw.head), "an extension is agreed on");
    } else {
      must(raw.body.includes(`"code":"${code}"`), `needed the code ${code}, found ${raw.body}`);
    }
    if (says !== undefined) must(raw.head.includes(says), `needed ${says}, found ${raw.head}`);
    return faults;
  } finally {
    raw.destroy();
  }
}

/** What a client of a case heard. */
class Heard {
  readonly #raw: RawSocket;
  readonly #pongs: Buffer[] = [];
  #offset: number | null = null;
  #reply: string | null = null;
  #disorder: string | null = null;

  constructor(raw: RawSocket, encoding: FrameCase["encoding"]) {
    this.#raw = raw;
    raw.onFrame((frame) => {
      if (frame.opcode === opcode.pong) this.#pongs.push(frame.payload);
      else if (frame.opcode < 8) { for (const one of framesOf(frame, encoding)) this.#follow(one); }
    });
  }

  /** Of the last publication; null before the Subscribed. */
  get offset(): number | null {
    return this.#offset;
  }

  async comesToItsEnd(outcome: FrameCase["outcome"]): Promise<void> {
    if ("reply" in outcome) await until("a reply comes", () => this.#reply !== null);
    else if ("pongs" in outcome) {
      await until("all pongs come", () => this.#pongs.length >= outcome.pongs.length);
    } else if ("close" in outcome) {
      await until("the server says goodbye", () => this.#raw.closeCode !== null);
    } else if ("silence" in outcome) await pause(5);
  }

  faults(outcome: FrameCase["outcome"]): string[] {
    const raw = this.#raw;
    const faults = [raw.fault, this.#disorder].filter((one) => one !== null);
    const must = (holds: boolean, what: string) => void (holds || faults.push(what));
    const pongs = "pongs" in outcome ? outcome.pongs : null;
    if (pongs !== null) {
      const same = pongs.length === this.#pongs.length &&
        pongs.every((payload, at) => payload.equals(this.#pongs[at]!));
      must(same, `needed the pongs ${pongs}, found ${this.#pongs}`);
    }
    if ("reply" in outcome) {
      must(this.#reply === outcome.reply, `needed ${outcome.reply}, found ${this.#reply}`);
    } else if (pongs === null) must(this.#reply === null, `nobody needed ${this.#reply}`);
    const closedWith = "close" in outcome ? outcome.close : "end" in outcome ? null : 1000;
    must(raw.closeCode === closedWith, `needed close ${closedWith}, found ${raw.closeCode}`);
    if ("close" in outcome && outcome.reason !== undefined) {
      const said = raw.frames.find((frame) => frame.opcode === opcode.close)?.payload.subarray(2);
      must(String(said) === outcome.reason, `needed the reason ${outcome.reason}, found ${said}`);
    }
    return faults;
  }

  #follow({ subscribed, publication, reply }: ServerFrame): void {
    if (subscribed) this.#offset = subscribed.offset;
    if (reply?.id === REQUEST_ID || reply?.code === "malformed") this.#reply = reply.code;
    if (publication === undefined) return;
    if (publication.offset !== this.#offset! + 1) {
      this.#disorder ??= `publication ${publication.offset} follows ${this.#offset}`;
    }
    this.#offset = publication.offset;
  }
}

/** Says something in every turn of the event loop, a few times at least. */
function talk(publish: () => void): { stop(): void } {
  let isOver = false;
  const next = () => {
    publish();
    if (!isOver) setImmediate(next);
  };
  next();
  return { stop: () => void (isOver = true) };
}

function framesOf({ fin, opcode: kind, payload }: HeardFrame, encoding: string): ServerFrame[] {
  if (!fin || kind === opcode.continuation) throw new Error("Cannot read a message in fragments");
  if (encoding === "protobuf") return splitServerFrames(payload);
  return [fromJson("ServerFrame", JSON.parse(payload.toString()))];
}

function said(encoding: string, frame: Parameters<typeof encodeClientFrame>[0]): Buffer {
  return encoding === "protobuf"
    ? rawFrame({ opcode: opcode.binary, payload: encodeClientFrame(frame) })
    : rawFrame({ opcode: opcode.text, payload: JSON.stringify(frame) });
}
