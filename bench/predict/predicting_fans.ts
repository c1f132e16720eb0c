/**
 * Fans who predict, in a process of their own: sockets at the gateways, a
 * steady rate whatever is answered, and what was answered to each.
 *
 * Predictions leave when they are due, so a slow server cannot slow down what
 * measures it; who is told that it is busy comes back when he was told to, and
 * his time runs on.
 */
import WebSocket from "ws";
import { fanToken } from "../../drills/fan_token.ts";
import { splitServerFrames } from "../../protocol/frames.ts";
import {
  type ClientFrameInit,
  encodeClientFrame,
  type Reply,
} from "../../protocol/golazo_codec.ts";
import { pause, systemClock } from "../../runtime/clock.ts";
import { obey } from "../load_process.ts";

export interface Crowd {
  ports: number[];
  fans: number;
}

export interface Play {
  matches: string[];
  markets: Record<string, string[]>;
  perSecond: number;
  /** Each fan predicts each market of each match at most once: no more than there are. */
  count: number;
}

export interface Played {
  /** Client ids that were told "ok". */
  taken: string[];
  /** Milliseconds from the moment each was due to "ok"; of those without an answer the time-out. */
  ackMs: number[];
  /** By code, of the others. */
  refused: Record<string, number>;
  unanswered: number;
  busy: number;
  /** From the first to the last that was taken. */
  tookMs: number;
}

interface Asked {
  fan: Fan;
  clientId: string;
  dueAt: number;
  frame: ClientFrameInit;
  code: string | null;
  answeredAt: number;
}

const ANSWER_MS_MAX = 10_000;
const OPENING_MAX = 64;

class Fan {
  readonly user: string;
  readonly #socket: WebSocket;
  readonly #asked = new Map<number, Asked>();
  #ids = 0;
  busy = 0;

  private constructor(user: string, socket: WebSocket) {
    this.user = user;
    this.#socket = socket;
  }

  static async enter(port: number, user: string): Promise<Fan> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, ["golazo.v1.protobuf"]);
    const fan = new Fan(user, socket);
    await new Promise<void>((resolve, reject) => {
      socket.on("open", () => fan.#send({ hello: { token: fanToken(user), batch: true } }));
      socket.on("message", (bytes: Buffer) => {
        for (const { welcome, reply, ping } of splitServerFrames(bytes)) {
          if (welcome) resolve();
          else if (reply) fan.#hear(reply);
          else if (ping) fan.#send({ pong: { nonce: ping.nonce } });
        }
      });
      socket.on("error", reject);
      socket.on("close", () => reject(new Error("a gateway closed a socket")));
    });
    return fan;
  }

  ask(asked: Asked): void {
    const id = ++this.#ids;
    this.#asked.set(id, asked);
    this.#send({ predict: { ...asked.frame.predict, id } });
  }

  #hear({ id, code, retryAfterMs }: Reply): void {
    const asked = this.#asked.get(id)!;
    this.#asked.delete(id);
    if (retryAfterMs > 0) {
      this.busy += 1;
      systemClock.after(retryAfterMs, () => this.ask(asked));
      return;
    }
    [asked.code, asked.answeredAt] = [code, systemClock.monotonic()];
  }

  #send(frame: ClientFrameInit): void {
    this.#socket.send(encodeClientFrame(frame));
  }
}

const fans: Fan[] = [];

obey({
  async enter({ ports, fans: count }: Crowd) {
    while (fans.length < count) {
      const group = Array.from(
        { length: Math.min(OPENING_MAX, count - fans.length) },
        (_, at) => Fan.enter(ports[(fans.length + at) % ports.length]!, `fan-${fans.length + at}`),
      );
      fans.push(...await Promise.all(group));
    }
  },
  async play({ matches, markets, perSecond, count }: Play): Promise<Played> {
    const all: Asked[] = [];
    const cells = matches.flatMap((match) =>
      Object.entries(markets).map(([market, picks]) => ({ match, market, picks }))
    );
    const beganAt = systemClock.monotonic();
    while (all.length < count) {
      const due = Math.min(count, (systemClock.monotonic() - beganAt) / 1_000 * perSecond);
      for (let at = all.length; at < due; at++) {
        const fan = fans[at % fans.length]!;
        const { match, market, picks } = cells[Math.floor(at / fans.length) % cells.length]!;
        const clientId = `${match}.${fan.user}.${market}`;
        const pick = picks[at % picks.length]!;
        const asked: Asked = {
          ...{ fan, clientId, dueAt: beganAt + at / perSecond * 1_000, code: null, answeredAt: 0 },
          frame: { predict: { clientId, match, market, pick } },
        };
        all.push(asked);
        fan.ask(asked);
      }
      await pause(systemClock, 1);
    }
    const endsAt = systemClock.monotonic() + ANSWER_MS_MAX;
    while (all.some(({ code }) => code === null) && systemClock.monotonic() < endsAt) {
      await pause(systemClock, 10);
    }
    const taken = all.filter(({ code }) => code === "ok");
    const unanswered = all.filter(({ code }) => code === null).length;
    const refused: Record<string, number> = {};
    for (const { code } of all) {
      if (code !== null && code !== "ok") refused[code] = (refused[code] ?? 0) + 1;
    }
    return {
      taken: taken.map(({ clientId }) => clientId),
      ackMs: [
        ...taken.map(({ dueAt, answeredAt }) => answeredAt - dueAt),
        ...Array<number>(unanswered).fill(ANSWER_MS_MAX),
      ],
      refused,
      unanswered,
      busy: fans.reduce((sum, fan) => sum + fan.busy, 0),
      tookMs: Math.max(0, ...taken.map(({ answeredAt }) => answeredAt)) - beganAt,
    };
  },
});
