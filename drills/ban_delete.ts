/**
 * The drill of the banned user: twenty sockets of one user post through both
 * doors while a moderator bans them, deletes one of their messages and purges
 * the rest, and others talk so fast that everybody is sampled.
 *
 * Held is, by what the clients themselves heard: nothing that was posted after
 * the ban was acknowledged is accepted; a second after a deletion and after the
 * purge no client holds such a text, those with a line of 2 KB/s included; and
 * then the user's own word is in no history page and in nothing that is kept.
 */
import { setTimeout as pause } from "node:timers/promises";
import { type Asked, ChatFan } from "./chat_fan.ts";
import {
  type ChatHouse,
  historyOf,
  openChatCluster,
  openChatFiles,
  openRoom,
} from "./chat_house.ts";
import { sentence, someWord } from "./chat_words.ts";
import type { Drill, RunReport } from "./drill_run.ts";
import { SeededRandom } from "./seeded_random.ts";
import { openSlowLine, type SlowLine } from "./slow_line.ts";
import { until } from "./until.ts";

const SOCKETS = 20;
const TALKERS = 16;
const WATCHERS = 12;
const SLOW_WATCHERS = 12;
const SLOW_BYTES_PER_S = 2_048;
/** Each of the user's sockets and of the talkers posts so often. */
const POST_EVERY_MS = 400;
const BAN_AFTER_MS = 120;
/** Before the end of the window. */
const LATE_MS = 1_500;
/** The window in which a user's posts are counted: ten are taken, the rest refused for that alone. */
const WINDOW_MS = 10_000;
const GONE_MS = 1_000;
/** What is removed leaves the stores behind its acknowledgement. */
const KEPT_MS_MAX = 10_000;

export class BanDelete implements Drill {
  readonly name: string;
  readonly form: "cluster" | "embedded";
  readonly faults: string[];

  constructor(form: "cluster" | "embedded") {
    this.form = form;
    this.name = form === "cluster" ? "ban_delete" : "ban_delete_sqlite";
    // What is found nowhere before was not looked for where it is.
    const found = form === "cluster" ? ["redis_before", "sql_before"] : ["files_before"];
    this.faults = ["accepted_before", "banned", "slow_held", "left_out", ...found];
  }

  async run(seed: number, run: number): Promise<RunReport> {
    const house = await (this.form === "cluster" ? openChatCluster() : openChatFiles());
    const banning = new Banning(house, new SeededRandom(seed * 1_000 + run));
    try {
      return await banning.run(`ban-${seed}-${run}`);
    } finally {
      banning.close();
      banning.violations.push(...await house.end());
    }
  }
}

class Banning {
  readonly violations: string[] = [];
  readonly #house: ChatHouse;
  readonly #random: SeededRandom;
  readonly #marker: string;
  readonly #fans: ChatFan[] = [];
  readonly #lines: SlowLine[] = [];
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  #posts = 0;

  constructor(house: ChatHouse, random: SeededRandom) {
    this.#house = house;
    this.#random = random;
    this.#marker = someWord(random, 10);
  }

  async run(room: string): Promise<RunReport> {
    const marker = this.#marker;
    await openRoom(this.#house, room);
    const { mo, outlaws, watchers, slow } = await this.#enter(room);
    // Late in a window of which the user has had nothing yet.
    const lateMs = WINDOW_MS - LATE_MS - Date.now() % WINDOW_MS;
    await pause(lateMs < 0 ? lateMs + WINDOW_MS : lateMs);
    this.#talk(outlaws, marker);
    await pause(BAN_AFTER_MS);
    const ban = await this.#done(mo.moderate("ban", "outlaw"));
    // Into the next window, where nothing but the ban refuses them.
    await pause(WINDOW_MS - Date.now() % WINDOW_MS + 2 * POST_EVERY_MS);
    const posts = outlaws.flatMap(({ asked }) => asked);
    const took = posts.filter(isTaken);
    this.#judgeBan(posts, ban);
    const kept = await this.#house.hunt(marker);
    const counts = {
      sockets: SOCKETS,
      accepted_before: took.length,
      banned: posts.filter(({ reply }) => reply?.code === "banned").length,
      refused_for_pace: posts.filter(({ reply }) => reply?.code === "tooMany").length,
      slow_held: slow.filter(({ fold }) => fold.saying(marker).length > 0).length,
      ...Object.fromEntries(
        Object.entries(kept).map(([store, places]) => [`${store}_before`, places.length]),
      ),
    };
    const [target] = took.map(({ reply }) => reply!.made).toSorted();
    const deleted = await this.#done(mo.moderate("delete", target!));
    await pause(Math.max(0, deleted.answeredAt + GONE_MS - Date.now()));
    this.#judgeHeld(watchers, (fan) => fan.fold.held.has(target!) ? [target!] : [], "deleted");
    const purged = await this.#done(mo.moderate("purge", "outlaw", { confirm: true }));
    await pause(Math.max(0, purged.answeredAt + GONE_MS - Date.now()));
    this.#judgeHeld(watchers, ({ fold }) => fold.saying(marker), "purged");
    const cleanMs = await this.#judgeKept(room, purged);
    this.#quiet();
    this.#judgeHeld(watchers, ({ fold }) => fold.saying(marker), "purged, and later");
    return {
      violations: this.violations,
      times: { ban_ack_ms: ban.answeredAt - ban.at, stores_clean_ms: cleanMs },
      counts: {
        ...counts,
        left_out: watchers.reduce((sum, { fold }) => sum + fold.leftOut, 0),
        heard: watchers.reduce((sum, { fold }) => sum + fold.seen.size, 0),
      },
      notes: { room, marker },
    };
  }

  close(): void {
    this.#quiet();
    for (const fan of this.#fans) fan.close();
    for (const line of this.#lines) line.close();
  }

  async #enter(room: string) {
    const door = (at: number) => () => this.#house.addresses()[at % 2]!;
    const fan = (user: string, at: number, more: object = {}) => {
      const made = new ChatFan({ user, device: `${user}-${at}`, room, address: door(at), ...more });
      this.#fans.push(made);
      return made;
    };
    const many = (count: number, make: (at: number) => ChatFan) =>
      Array.from({ length: count }, (_, at) => make(at));
    for (const address of this.#house.addresses()) {
      this.#lines.push(await openSlowLine(address, SLOW_BYTES_PER_S));
    }
    const mo = fan("mo", 0, { role: "moderator", isDeaf: true });
    const outlaws = many(SOCKETS, (at) => fan("outlaw", at, { isDeaf: true }));
    const talkers = many(TALKERS, (at) => fan(`talker-${at}`, at, { isDeaf: true }));
    const fast = many(WATCHERS, (at) => fan(`watcher-${at}`, at));
    const slow = many(
      SLOW_WATCHERS,
      (at) => fan(`slow-${at}`, at, { address: () => this.#lines[at % 2]!.address }),
    );
    await until("everybody is in", () => this.#fans.every(({ isReady }) => isReady), 20_000);
    this.#talk(talkers, "");
    return { mo, outlaws, slow, watchers: [...fast, ...slow] };
  }

  /** Each posts again and again, not all at once. */
  #talk(fans: ChatFan[], marker: string): void {
    const everyMs = marker === "" ? POST_EVERY_MS * 3 : POST_EVERY_MS;
    for (const [at, fan] of fans.entries()) {
      const post = () => fan.post(`post-${this.#posts += 1}`, sentence(this.#random, marker));
      const begin = () => {
        post();
        this.#timers.push(setInterval(post, everyMs));
      };
      this.#timers.push(setTimeout(begin, everyMs * at / fans.length));
    }
  }

  #quiet(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
  }

  async #done(asked: Asked): Promise<Asked> {
    await until("the moderator is answered", () => asked.reply !== null);
    if (asked.reply!.code === "ok") return asked;
    throw new Error(`the moderator was refused: ${asked.reply!.code} ${asked.reply!.reason}`);
  }

  #judgeBan(posts: Asked[], ban: Asked): void {
    const late = posts.filter((post) => isTaken(post) && post.at > ban.answeredAt);
    if (late.length > 0) this.violations.push(`${late.length} posts were taken after the ban`);
    const codes = new Set(
      posts.filter(({ at, reply }) => at > ban.answeredAt && reply !== null)
        .map(({ reply }) => reply!.code),
    );
    for (const known of ["banned", "tooMany"]) codes.delete(known);
    if (codes.size > 0) this.violations.push(`after the ban posts were answered ${[...codes]}`);
  }

  #judgeHeld(fans: ChatFan[], heldBy: (fan: ChatFan) => string[], what: string): void {
    for (const fan of fans) {
      const held = heldBy(fan);
      if (held.length > 0) {
        this.violations.push(`${fan.user} holds ${held.length} texts a second after: ${what}`);
      }
    }
  }

  /** Milliseconds from the purge to the stores' last copy. */
  async #judgeKept(room: string, { answeredAt }: Asked): Promise<number> {
    for (const address of new Set(this.#house.addresses())) {
      const history = JSON.stringify(await historyOf(address, room));
      if (history.includes(this.#marker)) this.violations.push("a history page says it");
    }
    let found: Record<string, string[]> = {};
    const isClean = async () => {
      found = await this.#house.hunt(this.#marker);
      return Object.values(found).every((places) => places.length === 0);
    };
    await until("nothing keeps it", isClean, KEPT_MS_MAX).catch(() => {
      const places = JSON.stringify(found).slice(0, 500);
      this.violations.push(`it is kept ${KEPT_MS_MAX} ms after the purge: ${places}`);
    });
    return Date.now() - answeredAt;
  }
}

function isTaken({ reply }: Asked): boolean {
  return reply?.code === "ok";
}
