/**
 * Says what can be picked of each match and how the crowd picks; one process of
 * many does, the one that holds the lease.
 *
 * Follows every listed match by its nudges and looks at all of them from time to
 * time. Crowds are summed from tallies and counted from the rows where in doubt:
 * when a match is first heard of and whenever the broker may have lost something.
 * Nothing here is the truth, and a successor finds all of it again.
 */
import type { Crowd } from "../actors/prediction/crowd.ts";
import type { Market } from "../actors/prediction/market.ts";
import { hearTallies } from "../channels/crowd_tally.ts";
import { lastSaid } from "../channels/volatile_voice.ts";
import type { PredictionStore } from "../db/sql/prediction_store.ts";
import { predictionChannel } from "../protocol/channel_name.ts";
import { type Clock, every, type Timer } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { HotStores } from "./stores.ts";
import { WatchedMatch } from "./watched_match.ts";
import type { Parts, Readers } from "./wiring.ts";

export interface CrowdKeeperPorts extends Parts {
  hot: Pick<HotStores, "broker" | "cells">;
  readers: Pick<Readers, "reader" | "directory" | "signal" | "voice">;
  store: Pick<PredictionStore, "pickCounts" | "voided">;
}

interface Kept {
  match: WatchedMatch;
  /** What was last said of its markets. */
  said: string;
  crowdSaidAt: number;
  /** Its reading under way, and whether there was a nudge since that began. */
  reading: Promise<void> | null;
  isNudged: boolean;
}

export class CrowdKeeper {
  readonly #ports: CrowdKeeperPorts;
  readonly #clock: Clock;
  /** The one not heard of for the longest comes first. */
  readonly #kept = new Map<string, Kept>();
  readonly #leaving: (() => void)[] = [];
  readonly #timers: Timer[] = [];
  #isStopped = false;

  constructor(ports: CrowdKeeperPorts) {
    this.#ports = ports;
    this.#clock = ports.clock;
  }

  /** Resolves when every listed match was looked at. @throws {Failure} where the stores are away. */
  async start(): Promise<void> {
    const { hot, readers } = this.#ports;
    const hearing = await Promise.all([
      readers.signal.hear((match) => void this.#follow(match), () => this.#sweep()),
      hearTallies(hot.broker, (tally) => {
        for (const [match, crowd] of Object.entries(tally)) this.#hear(match, crowd);
      }, () => this.#doubtAll()),
    ]);
    this.#leaving.push(...hearing);
    if (this.#isStopped) return this.stop();
    await this.#sweep();
    if (this.#isStopped) return;
    this.#timers.push(
      every(this.#clock, limits.crowdLookMs, () => this.#look()),
      every(this.#clock, limits.crowdSweepMs, () => this.#sweep()),
    );
  }

  stop(): void {
    this.#isStopped = true;
    for (const leave of this.#leaving.splice(0)) leave();
    for (const timer of this.#timers.splice(0)) timer.cancel();
  }

  /** Matches whose crowd is in memory. */
  get kept(): number {
    return this.#kept.size;
  }

  #hear(match: string, crowd: Crowd): void {
    const isNew = !this.#kept.has(match);
    const kept = this.#keep(match);
    kept.match.hear(crowd, this.#clock.monotonic());
    // Who picked before nobody told: the rows know.
    if (isNew) kept.match.doubt();
    if (!kept.match.isFollowed) void this.#follow(match);
  }

  #keep(matchId: string): Kept {
    const kept = this.#kept.get(matchId) ?? {
      match: new WatchedMatch(),
      said: "",
      crowdSaidAt: -Infinity,
      reading: null,
      isNudged: false,
    };
    this.#kept.delete(matchId);
    this.#kept.set(matchId, kept);
    if (this.#kept.size > limits.crowdMatchesMax) {
      const [oldest] = this.#kept.keys();
      this.#kept.delete(oldest!);
    }
    return kept;
  }

  /** Reads the match; once more where it was nudged meanwhile. */
  #follow(matchId: string): Promise<void> {
    const kept = this.#keep(matchId);
    kept.isNudged = true;
    return kept.reading ??= (async () => {
      try {
        while (kept.isNudged && !this.#isStopped) {
          kept.isNudged = false;
          await this.#read(matchId, kept);
        }
      } catch (error) {
        this.#missed(matchId, error);
      } finally {
        kept.reading = null;
      }
    })();
  }

  async #read(matchId: string, kept: Kept): Promise<void> {
    const { readers, hot } = this.#ports;
    const reading = await readers.reader.read(matchId);
    if (reading === null) return;
    const voided = await this.#voided(matchId, kept);
    const isFirst = !kept.match.isFollowed;
    const now = this.#clock.now();
    kept.match.follow(reading, voided, now);
    if (isFirst) {
      const said = await lastSaid(hot.cells, predictionChannel(matchId), ["crowd"]);
      // What closed long ago is as it was last said.
      if (said.length === 0 || !kept.match.isClosed(now)) kept.match.doubt();
    }
    await this.#tellMarkets(matchId, kept);
  }

  /** Without SQL as last known: a goal suspends all the same. */
  async #voided(matchId: string, { match }: Kept): Promise<readonly Market[]> {
    try {
      return (await this.#ports.store.voided(matchId)) as Market[];
    } catch (error) {
      if (error instanceof Failure && error.retryable) return match.voided;
      throw error;
    }
  }

  async #sweep(): Promise<void> {
    try {
      for (const matchId of await this.#ports.readers.directory.ids()) {
        if (this.#isStopped) return;
        await this.#follow(matchId);
      }
    } catch (error) {
      this.#missed("the list", error);
    }
  }

  #doubtAll(): Promise<void> {
    for (const { match } of this.#kept.values()) {
      if (!match.isClosed(this.#clock.now())) match.doubt();
    }
    return Promise.resolve();
  }

  /** Does what is due, one match after another: none of it is urgent. */
  async #look(): Promise<void> {
    for (const [matchId, kept] of [...this.#kept]) {
      if (this.#isStopped) return;
      try {
        await this.#tellMarkets(matchId, kept);
        await this.#count(matchId, kept);
        await this.#tellCrowd(matchId, kept);
      } catch (error) {
        this.#missed(matchId, error);
      }
    }
  }

  async #count(matchId: string, { match }: Kept): Promise<void> {
    const now = this.#clock.monotonic();
    if (match.isToBeCounted(now)) match.counted(await this.#ports.store.pickCounts(matchId), now);
  }

  async #tellMarkets(matchId: string, kept: Kept): Promise<void> {
    const markets = kept.match.markets(this.#clock.now());
    const text = JSON.stringify(markets);
    if (markets === null || text === kept.said) return;
    await this.#ports.readers.voice.say(predictionChannel(matchId), "markets", [
      { key: "all", lane: "event", body: { markets } },
    ]);
    kept.said = text;
  }

  async #tellCrowd(matchId: string, kept: Kept): Promise<void> {
    const now = this.#clock.monotonic();
    if (now - kept.crowdSaidAt < limits.crowdVoiceMs) return;
    const values = kept.match.crowdToTell();
    if (values === null) return;
    kept.crowdSaidAt = now;
    try {
      await this.#ports.readers.voice.say(predictionChannel(matchId), "crowd", values);
    } catch (error) {
      kept.match.untold();
      throw error;
    }
  }

  /** A store that is away is looked at again soon, and said elsewhere. */
  #missed(what: string, error: unknown): void {
    if (error instanceof Failure && error.retryable) return;
    this.#ports.events.warned(`Cannot follow the crowd of ${what}: ${reasonOf(error)}`);
  }
}
