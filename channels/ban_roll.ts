/**
 * The roll of the banned in this process: the global log of moderation, folded
 * without asking its owner.
 *
 * Told by a nudge on the broker, and looked at once a second, so a nudge that is
 * lost costs a second and no more; a question is answered from memory. A store
 * that lost the log lifts no ban: what is known stays until the log is there
 * again, as long as it was.
 */
import { snapshotKey } from "../actors/actor_restore.ts";
import { type Folded, foldEntries, genesis } from "../actors/fold.ts";
import { Ledger } from "../actors/ledger.ts";
import { globalLog, type GlobalUpdate } from "../actors/moderation/global_log.ts";
import { banOf } from "../actors/moderation/global_log_context.ts";
import { GLOBAL_LOG, type GlobalEntryBody } from "../actors/moderation/global_log_entry.ts";
import type { Ban, HeardBans } from "../actors/ports/ban_roll.ts";
import type { Broker } from "../actors/ports/broker.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import type { Publisher } from "../actors/ports/publisher.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import { decodeSnapshot } from "../actors/snapshot_codec.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { type Clock, every, type Timer } from "../runtime/clock.ts";
import { reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";

export interface GlobalBansPorts {
  /** Ledgers. */
  streams: StreamStore;
  cells: CellStore;
  broker: Broker;
  clock: Clock;
  events: BusinessEvents;
}

const SIGNAL = "signal/moderation";

type Known = Folded<typeof globalLog.machine>;

export class GlobalBans implements HeardBans {
  readonly #ports: GlobalBansPorts;
  readonly #ledger: Ledger<GlobalEntryBody>;
  readonly #listeners = new Set<() => void>();
  #known: Known = genesis(globalLog, GLOBAL_LOG);
  #epoch = "";
  #reading: Promise<void> | null = null;
  #isAskedAgain = false;
  #isAway = false;
  #leave = () => {};
  #timer: Timer | null = null;

  private constructor(ports: GlobalBansPorts) {
    this.#ports = ports;
    this.#ledger = new Ledger(ports.streams, globalLog.kind, GLOBAL_LOG);
  }

  /** Resolves once it knows what the store knows. @throws {Failure} where the store is away. */
  static async open(ports: GlobalBansPorts): Promise<GlobalBans> {
    const bans = new GlobalBans(ports);
    const read = () => bans.#readQuietly();
    bans.#leave = await ports.broker.subscribe(SIGNAL, () => void read(), () => bans.#read());
    try {
      await bans.#read();
    } catch (thrown) {
      bans.#leave();
      throw thrown;
    }
    bans.#timer = every(ports.clock, limits.banRollReadMs, read);
    return bans;
  }

  isBanned(user: string): Ban | null {
    const ban = banOf(this.#known.snapshot.context, user, this.#ports.clock.now());
    return ban === null ? null : { until: ban.until, reason: ban.reason };
  }

  hear(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#leave();
    this.#timer?.cancel();
  }

  async #readQuietly(): Promise<void> {
    try {
      await this.#read();
      this.#isAway = false;
    } catch (thrown) {
      if (this.#isAway) return;
      this.#isAway = true;
      this.#ports.events.warned(
        `Cannot read who is banned, those known stay so: ${reasonOf(thrown)}`,
      );
    }
  }

  /** Whoever asks while it reads is answered by the reading after. */
  async #read(): Promise<void> {
    if (this.#reading !== null) {
      this.#isAskedAgain = true;
      return await this.#reading;
    }
    this.#reading = (async () => {
      do {
        this.#isAskedAgain = false;
        await this.#look();
      } while (this.#isAskedAgain);
    })();
    try {
      await this.#reading;
    } finally {
      this.#reading = null;
    }
  }

  async #look(): Promise<void> {
    const position = await this.#ledger.position();
    const { seq } = this.#known;
    // Shorter than it was: its owner is filling it again.
    if (position === null || position.top < seq) return;
    const isSame = position.epoch === this.#epoch;
    if (isSame && position.top === seq) return;
    const base = isSame && seq > 0 ? this.#known : await this.#begin(position.top);
    this.#known = foldEntries(globalLog, base, await this.#ledger.after(base.seq)).folded;
    this.#epoch = position.epoch;
    for (const listener of this.#listeners) listener();
  }

  /** A snapshot ahead of the log is of what was taken back. */
  async #begin(top: number): Promise<Known> {
    const cell = await this.#ports.cells.get(snapshotKey(globalLog.kind, GLOBAL_LOG));
    if (cell !== null) {
      const decoded = decodeSnapshot(globalLog, cell.bytes);
      if (decoded.outcome === "restored" && decoded.folded.seq <= top) return decoded.folded;
    }
    return genesis(globalLog, GLOBAL_LOG);
  }
}

/** What the log's owner tells: that there is something new to read. */
export function banSignal(broker: Broker): Publisher<GlobalUpdate> {
  return {
    publish() {
      // A nudge that is lost is made up for by who looks every second.
      broker.publish(SIGNAL, [new Uint8Array(1)]).catch(() => {});
      return Promise.resolve({ outcome: "published" });
    },
    claim: () => Promise.resolve(0),
    reset: () => Promise.resolve(),
  };
}
