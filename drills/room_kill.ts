/**
 * The drill of the killed room: its owner is killed in the midst of a burst of
 * posts, each sent twice under one client id, through both gateways.
 *
 * Held is: every message that was acknowledged, to either asker, is once in both
 * gateways' histories and under the id that both were told; both histories are
 * equal byte by byte; and so is what every subscriber folded, as far as it was
 * not left out of their sample, and whole once they came back from where they
 * began.
 */
import { setTimeout as pause } from "node:timers/promises";
import { ChatFan } from "./chat_fan.ts";
import { messageBytes } from "./chat_fold.ts";
import {
  type ChatCluster,
  historyOf,
  openChatCluster,
  openRoom,
  type PageMessage,
} from "./chat_house.ts";
import { sentence } from "./chat_words.ts";
import type { Drill, RunReport } from "./drill_run.ts";
import { SeededRandom } from "./seeded_random.ts";
import { until } from "./until.ts";

const AUTHORS = 100;
/** Twice each, of the ten that a user may ask for in ten seconds. */
const POSTS_EACH = 3;
const SUBSCRIBERS = 12;
/** 200 a second, twice each. */
const POST_EVERY_MS = 5;
/** As a part of the burst. */
const KILL_FROM = 0.25;
const KILL_TO = 0.6;
/** Whose socket is cut in the burst, too. */
const CUT_EVERY = 4;
const RESTART_AFTER_MS = 1_000;
const ANSWERED_MS_MAX = 30_000;

export class RoomKill implements Drill {
  readonly name = "room_kill";
  readonly form = "cluster";
  readonly faults = ["kills", "under_way", "told_twice", "left_out", "cuts"];
  #house: ChatCluster | null = null;

  async run(seed: number, run: number): Promise<RunReport> {
    const house = this.#house ??= await openChatCluster();
    const random = new SeededRandom(seed * 1_000 + run);
    return await new Burst(house, random, `burst-${seed}-${run}`).run();
  }

  async end(): Promise<RunReport> {
    const house = this.#house!;
    this.#house = null;
    return { violations: await house.end(), times: {}, counts: {}, notes: {} };
  }
}

class Burst {
  readonly #house: ChatCluster;
  readonly #random: SeededRandom;
  readonly #room: string;
  readonly #violations: string[] = [];
  readonly #fans: ChatFan[] = [];
  /** Of each author one at either gateway. */
  #authors: [ChatFan, ChatFan][] = [];
  #subscribers: ChatFan[] = [];

  constructor(house: ChatCluster, random: SeededRandom, room: string) {
    this.#house = house;
    this.#random = random;
    this.#room = room;
  }

  async run(): Promise<RunReport> {
    await openRoom(this.#house, this.#room);
    try {
      await this.#enter();
      return await this.#burst();
    } finally {
      for (const fan of this.#fans) fan.close();
    }
  }

  async #enter(): Promise<void> {
    const enter = (user: string, at: number, isDeaf: boolean) => {
      const address = () => this.#house.addresses()[at % 2]!;
      const device = `${this.#room}-${user}-${at}`;
      const fan = new ChatFan({ user, device, room: this.#room, address, isDeaf });
      this.#fans.push(fan);
      return fan;
    };
    this.#authors = Array.from({ length: AUTHORS }, (_, at) => {
      const user = `${this.#room}-author-${at}`;
      return [enter(user, 0, true), enter(user, 1, true)];
    });
    this.#subscribers = Array.from(
      { length: SUBSCRIBERS },
      (_, at) => enter(`subscriber-${at}`, at, false),
    );
    await until("everybody is in", () => this.#fans.every(({ isReady }) => isReady), 20_000);
  }

  async #burst(): Promise<RunReport> {
    const began = this.#subscribers.map(({ position }) => ({ ...position }));
    const posts = AUTHORS * POSTS_EACH;
    const killAt = this.#random.whole(Math.floor(posts * KILL_FROM), Math.floor(posts * KILL_TO));
    const owner = await this.#house.ownerOf(this.#room);
    const all = () => this.#authors.flat().flatMap(({ asked }) => asked);
    let [killedAt, underWay, back] = [0, 0, Promise.resolve()];
    for (let post = 0; post < posts; post++) {
      this.#postTwice(post);
      if (post === killAt) {
        back = this.#house.kill(owner, RESTART_AFTER_MS);
        killedAt = Date.now();
        underWay = all().filter(({ reply }) => reply === null).length;
        this.#subscribers.forEach((fan, at) => at % CUT_EVERY === 0 && fan.cut());
      }
      await pause(POST_EVERY_MS);
    }
    const isAnswered = () => all().every(({ reply }) => reply !== null);
    await until("every post is answered", isAnswered, ANSWERED_MS_MAX);
    await back;
    const histories = await Promise.all(
      this.#house.addresses().map((address) => historyOf(address, this.#room)),
    ) as [PageMessage[], PageMessage[]];
    const history = this.#judgeHistories(histories);
    const counts = this.#judgeAnswers(history);
    await this.#judgeSubscribers(history, began);
    const since = all().filter(({ at }) => at > killedAt).map(({ answeredAt }) => answeredAt);
    return {
      violations: this.#violations,
      times: { answers_again_ms: Math.min(...since) - killedAt },
      counts: {
        ...{ kills: 1, under_way: underWay, ...counts },
        asked_again: this.#authors.flat().reduce((sum, { unsure }) => sum + unsure.length, 0),
        left_out: this.#subscribers.reduce((sum, { fold }) => sum + fold.leftOut, 0),
        cuts: this.#subscribers.reduce((sum, { closes }) => sum + closes.length, 0),
      },
      notes: { room: this.#room, victim: owner.name },
    };
  }

  /** The later one anything up to 20 ms behind, or ahead. */
  #postTwice(post: number): void {
    const pair = this.#authors[post % AUTHORS]!;
    const [clientId, text] = [`post-${post}`, sentence(this.#random, "goal")];
    const [first, second] = this.#random.chance(0.5) ? pair : [pair[1], pair[0]];
    first.post(clientId, text);
    setTimeout(() => second.post(clientId, text), this.#random.whole(0, 20));
  }

  #judgeHistories([one, other]: [PageMessage[], PageMessage[]]): PageMessage[] {
    const [mine, theirs] = [one, other].map((page) => page.map((each) => messageBytes(each)));
    if (mine!.join("\n") !== theirs!.join("\n")) {
      this.#violations.push(`the gateways' histories differ: ${one.length} and ${other.length}`);
    }
    const ids = one.map(({ id }) => id);
    if (ids.join() !== ids.toSorted().join()) this.#violations.push("a history is not in order");
    return one;
  }

  /** A post's two askers may be told different things only while nobody knew. */
  #judgeAnswers(history: PageMessage[]) {
    const byClient = new Map<string, PageMessage[]>();
    for (const message of history) {
      const key = `${message.user} ${message.clientId}`;
      byClient.set(key, [...byClient.get(key) ?? [], message]);
    }
    const counts = { acknowledged: 0, told_twice: 0, refused: 0, messages: history.length };
    for (const [one, other] of this.#authors) {
      const told = new Map<string, Set<string>>();
      for (const { frame, reply } of [...one.asked, ...other.asked]) {
        const { clientId } = frame.chatSend!;
        if (reply!.code !== "ok") counts.refused += 1;
        else told.set(clientId!, (told.get(clientId!) ?? new Set()).add(reply!.made));
        if (reply!.code === "ok") counts.acknowledged += 1;
      }
      for (const [clientId, ids] of told) {
        const found = (byClient.get(`${one.user} ${clientId}`) ?? []).map(({ id }) => id);
        const isOnce = found.length === 1 && ids.size === 1 && ids.has(found[0]!);
        if (!isOnce) {
          this.#violations.push(`${clientId} was told as ${[...ids]} and stands as ${found}`);
        }
      }
      const twice = one.asked.filter(({ frame, reply }) =>
        reply!.code === "ok" &&
        other.asked.some((its) =>
          its.frame.chatSend!.clientId === frame.chatSend!.clientId && its.reply!.code === "ok"
        )
      );
      counts.told_twice += twice.length;
    }
    for (const [key, found] of byClient) {
      if (found.length > 1) this.#violations.push(`${key} stands ${found.length} times`);
    }
    return counts;
  }

  async #judgeSubscribers(
    history: PageMessage[],
    began: { epoch: string; offset: number }[],
  ): Promise<void> {
    const byId = new Map(history.map((message) => [message.id, messageBytes(message)]));
    const differ = (fan: ChatFan) =>
      [...fan.fold.held.values()].filter((held) => byId.get(held.id) !== messageBytes(held));
    for (const fan of this.#subscribers) {
      const [wrong] = differ(fan);
      if (wrong) this.#violations.push(`${fan.user} heard otherwise: ${messageBytes(wrong)}`);
    }
    // From where they were before the burst: all of it is theirs then.
    this.#subscribers.forEach((fan, at) => {
      fan.fold.held.clear();
      fan.position = began[at]!;
      fan.isReady = false;
      fan.cut();
    });
    const isBack = () => this.#subscribers.every(({ isReady }) => isReady);
    await until("the subscribers are back", isBack, 20_000);
    const whole = [...byId.values()].toSorted().join("\n");
    for (const fan of this.#subscribers) {
      const held = [...fan.fold.held.values()].map((each) => messageBytes(each));
      if (held.toSorted().join("\n") !== whole) {
        const found = `${held.length} messages of ${history.length}`;
        this.#violations.push(`${fan.user} folds otherwise than the history: ${found}`);
      }
    }
  }
}
