/**
 * Where chat is drilled: a cluster, or one process on its files, with the room
 * of a match that was scheduled.
 *
 * Two doors in a cluster, the same one twice else. What a room says is read by
 * its history pages; where a word is kept, in everything that stores.
 */
import { setTimeout as pause } from "node:timers/promises";
import { ClusterGroup, type Member } from "./cluster_group.ts";
import { tokenSettings } from "./fan_token.ts";
import { opening } from "./opening.ts";
import { whoOwns } from "./ownership.ts";
import { ProcessGroup } from "./process_group.ts";
import { until } from "./until.ts";
import { WebhookSource } from "./webhook_source.ts";
import { huntInFiles, huntInMariadb, huntInRedis } from "./word_hunt.ts";

export interface PageMessage {
  id: string;
  gone?: true;
  user: string;
  text: string;
  at: number;
  clientId: string;
  replyTo: string | null;
  sticker: string | null;
  mentions: string[];
  badge: string | null;
  edited: boolean;
}

export interface ChatHouse {
  /** Of the two public doors. */
  addresses(): [string, string];
  /** Everywhere that the word is kept, by the store. */
  hunt(word: string): Promise<Record<string, string[]>>;
  /** Answers who did not end well. */
  end(): Promise<string[]>;
}

export interface ChatCluster extends ChatHouse {
  /** Of a match's room. */
  ownerOf(room: string): Promise<Member>;
  /** At once; resolves when another is in its place, which is started after so long. */
  kill(owner: Member, restartAfterMs: number): Promise<void>;
}

const SETTINGS = { ...WebhookSource.settings, ...tokenSettings };
const PAGE = 100;

export async function openChatCluster(): Promise<ChatCluster> {
  const cluster = await ClusterGroup.start(SETTINGS);
  const [one, other] = cluster.of("gateway") as [Member, Member];
  return {
    addresses: () => [one.server.address, other.server.address],
    async hunt(word) {
      const [redis, sql] = await Promise.all([
        huntInRedis(cluster.redisUrl, word),
        huntInMariadb(cluster.databaseUrl, word),
      ]);
      return { redis, sql };
    },
    async ownerOf(room) {
      const owners = await whoOwns(cluster, [room]);
      return [...owners].find(([, rooms]) => rooms.length > 0)![0];
    },
    async kill(owner, restartAfterMs) {
      owner.server.kill("SIGKILL");
      await owner.server.exited;
      await pause(restartAfterMs);
      await cluster.startAgain(owner);
    },
    async end() {
      try {
        return await cluster.stopAll();
      } finally {
        await cluster.end();
      }
    },
  };
}

export async function openChatFiles(): Promise<ChatHouse> {
  const group = new ProcessGroup(SETTINGS);
  const server = await group.start();
  return {
    addresses: () => [server.address, server.address],
    hunt: (word) => Promise.resolve({ files: huntInFiles(group.dataFolder, word) }),
    async end() {
      const { code } = await server.stop();
      group.end();
      return code === 0 ? [] : [`the server ended with code ${code}`];
    },
  };
}

/** Schedules a match, and waits for its room at both doors. */
export async function openRoom(house: ChatHouse, room: string): Promise<void> {
  const source = new WebhookSource(() => house.addresses()[0]);
  const [fixture] = opening();
  const [posted] = await source.post(room, [fixture!], { resendForMs: 20_000 });
  if (posted!.answer !== "accepted") throw new Error(`the fixture was ${posted!.answer}`);
  for (const address of house.addresses()) {
    const isThere = async () => {
      const reply = await fetch(`${address}/api/rooms/${room}`);
      await reply.body?.cancel();
      return reply.ok;
    };
    await until("the match's room is open", isThere, 20_000);
  }
}

/** Everything that a door's history pages show, oldest first. */
export async function historyOf(address: string, room: string): Promise<PageMessage[]> {
  const pages: PageMessage[][] = [];
  for (let before: string | null = ""; before !== null;) {
    const from = before === "" ? "" : `&before=${encodeURIComponent(before)}`;
    const path = `/api/rooms/${room}/messages?limit=${PAGE}${from}`;
    const reply = await fetch(address + path, { signal: AbortSignal.timeout(10_000) });
    if (!reply.ok) throw new Error(`Cannot read the history: HTTP status ${reply.status}`);
    const page = await reply.json() as { messages: PageMessage[]; before: string | null };
    pages.unshift(page.messages);
    before = page.before;
  }
  return pages.flat();
}
