/**
 * Attacks by number: more sockets than a house has room for, and readers that
 * ask for much and take nothing.
 */
import { limits } from "../../runtime/limits.ts";
import { RawSocket } from "../raw_socket.ts";
import { until } from "../until.ts";
import type { HostileRow } from "./row.ts";
import { endOf, greet, say } from "./socket_rows.ts";
import type { Target } from "./target.ts";

/** Loopback addresses of their own, so that one row does not take another's share. */
const SILENT_CROWD = "127.0.0.2";
const FORGING_CROWD = "127.0.0.3";
const NEIGHBOUR = "127.0.0.4";
const HANDSHAKES_AT_ONCE = 100;

export const crowdRows: HostileRow[] = [
  {
    name: "sockets without hello from one address",
    outcome: `http 503, retry-after 2, a neighbour comes in`,
    withinMs: limits.helloMsMax * 2,
    counter: { refused: "tooManyGreeting" },
    memoryMb: 128,
    attack: (target) => silentCrowd(target, SILENT_CROWD, () => []),
  },
  {
    name: "the same, each with a forged X-Forwarded-For",
    outcome: `http 503, retry-after 2, a neighbour comes in`,
    withinMs: limits.helloMsMax * 2,
    counter: { refused: "tooManyGreeting" },
    memoryMb: 128,
    attack: (target) =>
      silentCrowd(
        target,
        FORGING_CROWD,
        (at) => [`X-Forwarded-For: 198.51.${at >> 8}.${at & 255}`],
      ),
  },
  {
    name: "a reader that asks for much and stalls",
    // Whether its goodbye still fits into the kernel's buffers is not ours to say.
    outcome: "closed",
    withinMs: 15_000,
    counter: { closed: 4008 },
    memoryMb: 64,
    attack: (target) => greedyReader(target, 0),
  },
  {
    name: "a reader at 2 KB/s that asks for far more",
    // Whether its goodbye still fits into the kernel's buffers is not ours to say.
    outcome: "closed",
    withinMs: 15_000,
    counter: { closed: 4008 },
    memoryMb: 64,
    attack: (target) => greedyReader(target, 2_048),
  },
];

/** Opens sockets until one is refused, at most some more than the share. */
async function silentCrowd(
  { port }: Target,
  localAddress: string,
  headersOf: (at: number) => string[],
): Promise<string> {
  const crowd: RawSocket[] = [];
  let refusal: string | null = null;
  const open = async (at: number) => {
    try {
      crowd.push(await RawSocket.open(port, { localAddress, headers: headersOf(at) }));
    } catch (error) {
      const [, status] = /HTTP\/1\.1 (\d{3})/.exec(String(error)) ?? [];
      const [, seconds] = /retry-after: (\d+)/i.exec(String(error)) ?? [];
      refusal ??= `http ${status}, retry-after ${seconds}`;
    }
  };
  try {
    for (let at = 0; refusal === null && at < limits.addressGreetingSocketsMax * 1.2;) {
      const next = Array.from({ length: HANDSHAKES_AT_ONCE }, () => open(at++));
      await Promise.all(next);
    }
    const neighbour = await RawSocket.open(port, { localAddress: NEIGHBOUR });
    neighbour.destroy();
    return `${refusal ?? `${crowd.length} came in`}, a neighbour comes in`;
  } finally {
    for (const raw of crowd) raw.destroy();
  }
}

/** Asks for matches that cannot be, all of which the answer names, and reads so many bytes a second. */
async function greedyReader(target: Target, bytesPerSecond: number): Promise<string> {
  const raw = await greet(target);
  raw.socket.pause();
  const reading = setInterval(() => raw.socket.read(Math.max(1, bytesPerSecond / 10)), 100);
  if (bytesPerSecond === 0) clearInterval(reading);
  const matches = Array.from({ length: 200 }, () => "X".repeat(60));
  const isCounted = await counted(target, 4008);
  for (let id = 1; id <= 1_000 && !raw.ended; id++) {
    say(raw, { track: { id, matches } });
    if (id % 20 === 0) await sendAll(raw, new Uint8Array());
  }
  await until("the server has enough", isCounted, 12_000);
  clearInterval(reading);
  raw.socket.resume();
  await endOf(raw);
  return "closed";
}

/** Whether one more was closed with `code` since now. */
async function counted(target: Target, code: number): Promise<() => Promise<boolean>> {
  const before = await target.count({ closed: code });
  return async () => await target.count({ closed: code }) > before;
}

/** Resolves when it has left us, or the other side takes nothing more. */
async function sendAll(raw: RawSocket, bytes: Uint8Array): Promise<void> {
  raw.send(bytes);
  const isOut = () => raw.socket.writableLength < 65_536 || raw.ended;
  await until("it has left us", isOut, 1_000).catch(() => {});
}
