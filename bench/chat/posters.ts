/**
 * Users who post in one room, each with a socket of their own, at a steady rate
 * whatever is still unanswered; on Golazo's own protocol or on socket.io's.
 *
 * A post says in its client id when it was due, by the viewers' clock, so a
 * server that makes its posters wait looks no better for it.
 */
import { once } from "node:events";
import WebSocket from "ws";
import { sentence } from "../../drills/chat_words.ts";
import { fanToken } from "../../drills/fan_token.ts";
import { SeededRandom } from "../../drills/seeded_random.ts";
import { splitServerFrames } from "../../protocol/frames.ts";
import { encodeClientFrame } from "../../protocol/golazo_codec.ts";
import { pause, systemClock } from "../../runtime/clock.ts";
import { percentile } from "../figure.ts";
import { obey } from "../load_process.ts";

export interface Posters {
  /** They come in turn. */
  ports: number[];
  users: number;
  room: string;
  speech: "golazo" | "socketio";
}

export interface Posting {
  perSecond: number;
  seconds: number;
  /** The viewers' clock minus ours. */
  offsetMs: number;
}

export interface Posted {
  offered: number;
  accepted: number;
  /** By the code. */
  refused: Record<string, number>;
  unanswered: number;
  ackP50Ms: number;
  ackP99Ms: number;
}

interface Post {
  dueAt: number;
  answeredAt: number;
  code: string | null;
}

const OPENING_MAX = 64;
const ANSWER_MS_MAX = 10_000;
const SEED = 7;

let room = "";
const posts: Post[] = [];
const users: ((post: number, clientId: string, text: string) => void)[] = [];

function answered(post: number, code: string): void {
  const found = posts[post];
  if (found === undefined || found.code !== null) return;
  [found.code, found.answeredAt] = [code, systemClock.monotonic()];
}

async function enterGolazo(port: number, user: string): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, ["golazo.v1.protobuf"]);
  await once(socket, "open");
  const welcome = Promise.withResolvers<void>();
  socket.on("message", (bytes: Buffer) => {
    for (const frame of splitServerFrames(bytes)) {
      if (frame.welcome) welcome.resolve();
      if (frame.reply) answered(frame.reply.id - 1, frame.reply.code);
      if (frame.ping) socket.send(encodeClientFrame({ pong: { nonce: frame.ping.nonce } }));
    }
  });
  socket.on("close", () => welcome.reject(new Error("a gateway closed a poster's socket")));
  const hello = { token: fanToken(user), deviceId: user, instanceId: user, batch: true };
  socket.send(encodeClientFrame({ hello }));
  await welcome.promise;
  users.push((post, clientId, text) => {
    socket.send(encodeClientFrame({ chatSend: { id: post + 1, clientId, room, text } }));
  });
}

/** engine.io's packets: 0 open, 2 ping, 4 message; socket.io's: 0 connect, 2 event, 3 its answer. */
async function enterSocketio(port: number, user: string): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  const connected = Promise.withResolvers<void>();
  socket.on("message", (bytes: Buffer) => {
    const text = String(bytes);
    if (text.startsWith("0")) socket.send("40");
    else if (text.startsWith("2")) socket.send("3");
    else if (text.startsWith("40")) connected.resolve();
    else if (text.startsWith("43")) answered(Number.parseInt(text.slice(2)), "ok");
  });
  await connected.promise;
  users.push((post, clientId, text) => {
    socket.send(`42${post}${JSON.stringify(["say", user, clientId, text])}`);
  });
}

obey({
  async enter({ ports, users: count, room: name, speech }: Posters) {
    room = name;
    const enter = speech === "golazo" ? enterGolazo : enterSocketio;
    while (users.length < count) {
      const group = Math.min(OPENING_MAX, count - users.length);
      await Promise.all(Array.from({ length: group }, (_, at) => {
        const number = users.length + at;
        return enter(ports[number % ports.length]!, `poster-${number}`);
      }));
    }
  },
  async post({ perSecond, seconds, offsetMs }: Posting): Promise<Posted> {
    const random = new SeededRandom(SEED + posts.length);
    const first = posts.length;
    const count = perSecond * seconds;
    const beganAt = systemClock.monotonic();
    for (let next = 0; next < count;) {
      const due = Math.min(count, (systemClock.monotonic() - beganAt) / 1_000 * perSecond);
      for (; next < due; next++) {
        const dueAt = beganAt + next / perSecond * 1_000;
        const post = posts.push({ dueAt, answeredAt: 0, code: null }) - 1;
        const clientId = `t_${Math.round((dueAt + offsetMs) * 1_000)}_${post}`;
        users[post % users.length]!(post, clientId, sentence(random, "goal"));
      }
      await pause(systemClock, 1);
    }
    const own = posts.slice(first);
    const endsAt = systemClock.monotonic() + ANSWER_MS_MAX;
    while (own.some(({ code }) => code === null) && systemClock.monotonic() < endsAt) {
      await pause(systemClock, 10);
    }
    return told(own);
  },
});

/** Who was never answered waited for all of the time. */
function told(own: Post[]): Posted {
  const refused: Record<string, number> = {};
  for (const { code } of own) {
    if (code !== null && code !== "ok") refused[code] = (refused[code] ?? 0) + 1;
  }
  const unanswered = own.filter(({ code }) => code === null).length;
  const taken = own.filter(({ code }) => code === "ok");
  const acks = [
    ...taken.map(({ dueAt, answeredAt }) => answeredAt - dueAt),
    ...Array<number>(unanswered).fill(ANSWER_MS_MAX),
  ].sort((a, b) => a - b);
  return {
    ...{ offered: own.length, accepted: taken.length, refused, unanswered },
    ackP50Ms: percentile(acks, 50),
    ackP99Ms: percentile(acks, 99),
  };
}
