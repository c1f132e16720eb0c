/**
 * `deno task bench chat`: a room that many thousands follow and in which
 * hundreds speak every second, and goals on the same sockets.
 *
 * Two gateways and an owner by the normal command, on a Redis and a MariaDB that
 * keep what they say. Posts enter as those of phones do, each by a socket of its
 * user, within every limit of the product. A delivery's time runs from when the
 * post was due until a viewer, in another process, has parsed it. Beside it the
 * same posts in a room of socket.io, to everybody and with the same sampling.
 */
import { parseArgs } from "node:util";
import { fanToken, tokenSettings } from "../drills/fan_token.ts";
import { roomChannel } from "../protocol/channel_name.ts";
import { pause, systemClock } from "../runtime/clock.ts";
import { assert, Failure } from "../runtime/failure.ts";
import { printError } from "../runtime/platform.ts";
import { systemRandom } from "../runtime/random.ts";
import { Goals } from "./chat/goals.ts";
import type { Posted, Posters, Posting } from "./chat/posters.ts";
import { type ChatHeard, Fans } from "./fans.ts";
import { figureOf, printFigure } from "./figure.ts";
import { LoadProcess } from "./load_process.ts";
import { Stadium } from "./storm/stadium.ts";
import { feedSettings } from "./webhook_connection.ts";

const BENCH = "chat";
const PROVIDER = "acme";
const SECONDS = 15;
const SECONDS_FULL = 600;
/** Of a peer: it is as slow after ten seconds as after ten minutes. */
const PEER_SECONDS_MAX = 10;
/** One post of a user in so many seconds: half of what the limits allow. */
const USER_EVERY_S = 2;
const WARM_SECONDS = 3;
const GOALS = 8;
const GOAL_EVERY_MS = 1_000;
/**
 * Between two looks of the viewers at their sockets: as behind a network card several deliveries
 * are one wake-up, which the server would else pay for, on this machine. It adds to their times.
 */
const REST_US = 1_000;
/** What is still on its way when the last was posted. */
const DRAIN_MS = 3_000;
const ENTER_MS_MAX = 120_000;
/** What a delivery that never came counts as. */
const TIME_OUT_MS = 60_000;

interface Size {
  sockets: number;
  perSecond: number;
  seconds: number;
}

/** Options: `--full`, `--sockets N`, `--posts N` a second, `--seconds N`, `--alone`: no peers. */
export async function chat(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: {
      full: { type: "boolean", default: false },
      sockets: { type: "string", default: "10000" },
      posts: { type: "string", default: "1000" },
      seconds: { type: "string" },
      alone: { type: "boolean", default: false },
    },
  });
  const size = {
    sockets: Number(values.sockets),
    perSecond: Number(values.posts),
    seconds: Number(values.seconds ?? (values.full ? SECONDS_FULL : SECONDS)),
  };
  assert(size.sockets > 0 && size.perSecond > 0 && size.seconds > 0, "the sizes are above zero");
  await ours(size);
  if (values.alone) return;
  const peers = { ...size, seconds: Math.min(size.seconds, PEER_SECONDS_MAX) };
  for (const isSampled of [false, true]) await socketio(peers, isSampled);
}

async function ours(size: Size): Promise<void> {
  const key = systemRandom.bytes(32);
  const stadium = await Stadium.open({
    ...tokenSettings,
    GOLAZO_REPLAY_SPEED: "0",
    ...feedSettings({ name: PROVIDER, key }),
  });
  const posters = openPosters();
  const fans = new Fans();
  try {
    const goals = await Goals.open(stadium.ports[0]!, { name: PROVIDER, key });
    const room = await makeRoom(stadium.ports[0]!);
    const channels = [roomChannel(room), goals.channel];
    const [port] = stadium.ports;
    const viewers = { port: port!, fans: size.sockets, channels, batch: true, device: "v" };
    await fans.follow({ ...viewers, restUs: REST_US });
    const users = size.perSecond * USER_EVERY_S;
    const crowd: Posters = { ports: stadium.ports, users, room, speech: "golazo" };
    await posters.ask("enter", crowd, ENTER_MS_MAX);
    await measure(stadium, { posters, fans, goals }, size);
  } finally {
    await Promise.all([posters.stop(), fans.stop()]);
    await stadium.close();
  }
}

async function measure(
  stadium: Stadium,
  { posters, fans, goals }: { posters: LoadProcess; fans: Fans; goals: Goals },
  size: Size,
): Promise<void> {
  const bytes = () => stadium.residentBytes() + stadium.ownerBytes();
  const quiet = await goals.score(fans, size.sockets, GOALS, GOAL_EVERY_MS);
  await post({ posters, fans }, { ...size, seconds: WARM_SECONDS });
  await pause(systemClock, DRAIN_MS);
  await fans.chat();
  const [before, gatewaysMs, ownMs] = [bytes(), stadium.cpuMs(), stadium.backstageCpuMs()];
  const everyMs = Math.max(GOAL_EVERY_MS, size.seconds * 1_000 / (GOALS + 1));
  const [posted, busy] = await Promise.all([
    post({ posters, fans }, size),
    goals.score(fans, size.sockets, GOALS, everyMs),
  ]);
  const after = stadium.backstageCpuMs();
  const usEach = (ms: number) => `${(ms * 1_000 / posted.offered).toFixed(0)} us`;
  await pause(systemClock, DRAIN_MS);
  const heard = await fans.chat();
  await nobodyWasLost(fans, size);
  tell("golazo", posted, heard);
  printError(
    `CPU of a post: gateways ${usEach(stadium.cpuMs() - gatewaysMs)}, owner ` +
      `${usEach(after.owner - ownMs.owner)}, MariaDB ${usEach(after.mariadb - ownMs.mariadb)}`,
  );
  print("delivery_p99_ms", "ms", heard.p99Ms);
  print("ack_p99_ms", "ms", posted.ackP99Ms);
  print("accepted_per_s", "1/s", posted.accepted / size.seconds);
  print("delivered_per_viewer_per_s", "1/s", heard.leastMessages / size.seconds);
  print("frames_per_viewer_per_s", "1/s", heard.leastFrames / size.seconds);
  print("goal_p99_ms", "ms", busy);
  print("goal_p99_ms_quiet", "ms", quiet);
  print("rss_after_over_before", "ratio", bytes() / before);
}

async function socketio(size: Size, isSampled: boolean): Promise<void> {
  const name = isSampled ? "socketio_sampled" : "socketio";
  const server = new LoadProcess(name, new URL("chat/socketio_room.ts", import.meta.url));
  const posters = openPosters();
  const fans = new Fans();
  try {
    const port = await server.ask<number>("listen", { isSampled });
    const path = "/socket.io/?EIO=4&transport=websocket";
    const viewers = { port, fans: size.sockets, restUs: REST_US };
    await fans.enter({ ...viewers, speech: "socketio", path });
    const users = size.perSecond * USER_EVERY_S;
    const crowd: Posters = { ports: [port], users, room: "", speech: "socketio" };
    await posters.ask("enter", crowd, ENTER_MS_MAX);
    const posted = await post({ posters, fans }, size);
    await pause(systemClock, DRAIN_MS);
    const heard = await fans.chat();
    tell(name, posted, heard);
    const due = isSampled ? heard.messages : posted.offered * size.sockets;
    const isLate = heard.messages < 0.99 * due;
    print(`${name}_delivery_p99_ms`, "ms", isLate ? TIME_OUT_MS : heard.p99Ms);
    print(`${name}_ack_p99_ms`, "ms", posted.ackP99Ms);
    print(`${name}_delivered_share`, "share", heard.messages / Math.max(1, due));
  } finally {
    await Promise.all([posters.stop(), fans.stop(), server.stop()]);
  }
}

function openPosters(): LoadProcess {
  return new LoadProcess("the posters", new URL("chat/posters.ts", import.meta.url));
}

async function post(
  { posters, fans }: { posters: LoadProcess; fans: Fans },
  { perSecond, seconds }: Size,
): Promise<Posted> {
  const offsetMs = (await fans.readClock()).offsetMs - (await posters.readClock()).offsetMs;
  const posting: Posting = { perSecond, seconds, offsetMs };
  return await posters.ask("post", posting, seconds * 1_000 + ENTER_MS_MAX);
}

/** An operator's, which no goal slows down. */
async function makeRoom(port: number): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${port}/api/rooms`, {
    method: "POST",
    headers: { authorization: `Bearer ${fanToken("operator", "operator")}` },
    body: JSON.stringify({ name: "A room of the bench" }),
  });
  const made = await reply.json();
  if (reply.status === 201) return made.room.id;
  throw new Failure("noRoom", `Cannot post anywhere: found ${JSON.stringify(made)}`);
}

async function nobodyWasLost(fans: Fans, { sockets }: Size): Promise<void> {
  const { inside, gone, faults } = await fans.count();
  if (inside === sockets && gone === 0 && faults === 0) return;
  const found = `${inside} inside, ${gone} lost their socket, ${faults} frames were not understood`;
  throw new Failure("fansLost", `Cannot count what ${sockets} viewers heard: ${found}`);
}

function tell(name: string, posted: Posted, heard: ChatHeard): void {
  const { offered, accepted, refused, unanswered, ackP50Ms, ackP99Ms } = posted;
  printError(
    `${name}: ${accepted} of ${offered} posts taken, refused ${JSON.stringify(refused)}, ` +
      `${unanswered} unanswered; acknowledged p50 ${ackP50Ms.toFixed(1)} ms, p99 ` +
      `${ackP99Ms.toFixed(1)} ms; ${heard.messages} messages in ${heard.frames} frames, ` +
      `p50 ${heard.p50Ms} ms, p99 ${heard.p99Ms} ms, max ${heard.maxMs} ms`,
  );
}

function print(metric: string, unit: string, value: number): void {
  printFigure(figureOf(BENCH, metric, unit, [value]));
}
