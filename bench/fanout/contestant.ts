/**
 * Who writes the same publications to the same number of sockets: each a server
 * on one core and its fans on the other, which stay for all runs.
 */
import { spawnSync } from "node:child_process";
import type { Command } from "../child_process.ts";
import { type EnterOptions, Fans } from "../fans.ts";
import { startDurableRedis, startGateway } from "../gateway_process.ts";
import { LoadProcess } from "../load_process.ts";
import { MatchOwner } from "../match_owner.ts";

export const SERVER_CORE = 0;
export const LOAD_CORE = 1;
/** What a WebSocket message of the bench holds. */
export const MESSAGE_BYTES = 64;
/** Of 10,000 deliveries that take 90 ms and more it hides nothing. */
const REST_US = 500;
const BUN = "bun@1.4.5";
const BUN_MS_MAX = 120_000;

export type ContestantName = "golazo" | "c" | "ws_loop" | "socketio" | "bun";

export interface Contestant {
  name: ContestantName;
  pid: number;
  fans: Fans;
  /** Resolves when the server has been told, be it written or not. */
  publish(count: number): Promise<unknown>;
  stop(): Promise<void>;
}

export interface WriteArgument {
  publications: number;
  bytes: number;
}

/** A normal gateway process: it hears of publications by the broker. */
export async function golazo(subscribers: number): Promise<Contestant> {
  const redis = await startDurableRedis();
  const owner = await MatchOwner.open(redis.url);
  const match = owner.matches[0]!;
  const server = await startGateway(redis.url, SERVER_CORE);
  const fans = new Fans(LOAD_CORE);
  const { port, pid } = server;
  await fans.follow({
    port,
    fans: subscribers,
    channels: [match.channel],
    batch: true,
    device: "f",
    restUs: REST_US,
  });
  return {
    ...{ name: "golazo", pid, fans },
    publish: (count) => owner.publishLines(match, count, MESSAGE_BYTES),
    async stop() {
      await fans.stop();
      await server.stop();
      await redis.stop();
    },
  };
}

export function c(subscribers: number): Promise<Contestant> {
  const program = new URL("../native/writer.c", import.meta.url);
  return peer("c", program, subscribers, { speech: "bytes", path: "/" });
}

export function wsLoop(subscribers: number): Promise<Contestant> {
  const program = new URL("ws_loop.ts", import.meta.url);
  return peer("ws_loop", program, subscribers, { speech: "bytes", path: "/" });
}

export function socketio(subscribers: number): Promise<Contestant> {
  const path = "/socket.io/?EIO=4&transport=websocket";
  const program = new URL("socketio_emit.ts", import.meta.url);
  return peer("socketio", program, subscribers, { speech: "socketio", path });
}

/** Null where Bun cannot be had. */
export async function bun(subscribers: number): Promise<Contestant | null> {
  const words = ["-y", BUN, "-e", "console.log(process.execPath)"];
  const { status, stdout } = spawnSync("npx", words, { encoding: "utf8", timeout: BUN_MS_MAX });
  if (status !== 0) return null;
  const program: Command = [stdout.trim(), new URL("bun_publish.ts", import.meta.url).pathname];
  return await peer("bun", program, subscribers, { speech: "bytes", path: "/" });
}

async function peer(
  name: ContestantName,
  program: URL | Command,
  subscribers: number,
  way: Pick<EnterOptions, "speech" | "path">,
): Promise<Contestant> {
  const server = new LoadProcess(name, program, SERVER_CORE);
  const fans = new Fans(LOAD_CORE);
  const port = await server.ask<number>("listen");
  await fans.enter({ port, fans: subscribers, restUs: REST_US, ...way });
  return {
    ...{ name, pid: server.pid, fans },
    publish(count) {
      const argument: WriteArgument = { publications: count, bytes: MESSAGE_BYTES };
      return server.ask("write", argument);
    },
    async stop() {
      await Promise.all([server.stop(), fans.stop()]);
    },
  };
}
