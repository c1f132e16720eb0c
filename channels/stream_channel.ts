/**
 * A channel with a history, as a gateway hears it: upstream subscription, ring, position.
 *
 * Position first, then snapshot, then stream: a subscriber is joined in one
 * synchronous step with what it lacks, so nothing falls between and nothing
 * comes twice. A hole in what the broker brought is filled from the history;
 * where that is impossible the members are told to start anew.
 */
import type { Broker } from "../actors/ports/broker.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { nextTurn } from "../runtime/turn.ts";
import { ChannelHistory } from "./channel_history.ts";
import { ChannelRing } from "./channel_ring.ts";
import type { CatchUp, ChannelPosition, ChannelSnapshot, LiveChannel } from "./live_channel.ts";
import { decodePublication, type Publication } from "./publication.ts";

export interface StreamChannelOptions {
  name: string;
  stream: StreamStore;
  broker: Broker;
  /** One build a change however many ask. Never older than what was published when asked. */
  snapshot(channel: string): Promise<ChannelSnapshot | null>;
  /** Gives publications of the history the bodies that are not kept in it. */
  fill?(publications: Publication[]): Promise<Publication[]>;
  listener(publication: Publication): void;
  onReset(): void;
}

type Join = (caughtUp: CatchUp) => void;

/** A snapshot may be ahead of what was published: such subscribers wait for the stream. */
interface Waiting {
  offset: number;
  join: Join;
  /** Called synchronously once the stream is at `offset`. */
  ready(): void;
}

/** Builds that may be overtaken by publications, one each, before a subscriber is told to come back. */
const SNAPSHOT_TRIES = 8;
/** Of the event loop, in which what was published before a position was read comes in. */
const ARRIVING_TURNS = 8;

export class StreamChannel implements LiveChannel {
  readonly name: string;
  readonly #options: StreamChannelOptions;
  readonly #history: ChannelHistory;
  #ring = new ChannelRing(0, limits.channelRingMin);
  #epoch = "";
  #leave: () => void = () => {};
  #waiting: Waiting[] = [];
  /** Set while a hole is being filled: what comes meanwhile is in the history too. */
  #filling = false;
  /** Highest offset that came meanwhile; Infinity: look once more. */
  #heard = 0;
  /** The whole, while nothing was heard since it was built. */
  #whole: ChannelSnapshot | null = null;
  /** Begun since anything was heard. */
  #building: Promise<ChannelSnapshot | null> | null = null;
  /** How often anything changed, volatile values among it. */
  #changes = 0;
  /** The look under way, for everybody who asks for one. */
  #looking: Promise<boolean> | null = null;

  private constructor(options: StreamChannelOptions) {
    this.name = options.name;
    this.#options = options;
    this.#history = new ChannelHistory(options.stream, options.name);
  }

  /** Subscribes upstream first and reads the position then, so nothing is between them. */
  static async open(options: StreamChannelOptions): Promise<StreamChannel | null> {
    const channel = new StreamChannel(options);
    channel.#filling = true;
    channel.#leave = await options.broker.subscribe(
      options.name,
      (payload) => channel.#hear(decodePublication(payload)),
      async () => await channel.#hasAll() || await channel.#refill(),
    );
    let isThere = false;
    try {
      isThere = await channel.#refill();
    } finally {
      if (!isThere) channel.close();
    }
    return isThere ? channel : null;
  }

  get position(): ChannelPosition {
    return { epoch: this.#epoch, offset: this.#ring.top };
  }

  close(): void {
    this.#leave();
  }

  async catchUp(since: ChannelPosition | null, join: Join): Promise<void> {
    // The ring holds all that the history could give.
    if (!this.#joinFromRing(since, join)) await this.#joinFromSnapshot(join);
  }

  #joinFromRing(since: ChannelPosition | null, join: Join): boolean {
    if (since === null || since.epoch !== this.#epoch) return false;
    const publications = this.#ring.after(since.offset);
    if (publications === "gap") return false;
    join({ recovered: true, position: this.position, publications });
    return true;
  }

  async #joinFromSnapshot(join: Join): Promise<void> {
    for (let tries = 0; tries < SNAPSHOT_TRIES; tries++) {
      const epoch = this.#epoch;
      const changes = this.#changes;
      const snapshot = this.#whole ?? await this.#build();
      if (snapshot === null) break;
      // A volatile value may be newer than the snapshot; it was heard by others only.
      if (changes !== this.#changes && tries < SNAPSHOT_TRIES - 1) continue;
      const { offset, fields } = snapshot;
      // Of what was taken back meanwhile, or overtaken: the next build is neither.
      if (epoch !== this.#epoch || offset < this.#ring.top) continue;
      const ready = () =>
        join({ recovered: false, position: { epoch: this.#epoch, offset }, snapshot: fields });
      if (offset === this.#ring.top) ready();
      else this.#waiting.push({ offset, join, ready });
      return;
    }
    throw new Failure("snapshotUnavailable", `Cannot show ${this.name} whole just now`, {
      retryable: true,
    });
  }

  /** One build a change however many ask; kept until something is heard. */
  #build(): Promise<ChannelSnapshot | null> {
    if (this.#building !== null) return this.#building;
    const changes = this.#changes;
    const building = this.#options.snapshot(this.name).then((whole) => {
      if (changes === this.#changes) this.#whole = whole;
      return whole;
    }).finally(() => {
      if (this.#building === building) this.#building = null;
    });
    return this.#building = building;
  }

  #changed(): void {
    this.#changes += 1;
    this.#whole = null;
    this.#building = null;
  }

  /** Whoever cannot be shown the whole now is tried again at the next publication. */
  #joinAnew(join: Join): void {
    this.#joinFromSnapshot(join).catch(() => {
      const ready = () => this.#joinAnew(join);
      this.#waiting.push({ offset: this.#ring.top + 1, join, ready });
    });
  }

  #hear(publication: Publication): void {
    this.#changed();
    const { offset } = publication;
    if (offset === null) return this.#options.listener(publication);
    if (this.#filling) {
      // Offset 0 asks to look again: a new epoch may have begun after the position was read.
      this.#heard = offset === 0 ? Infinity : Math.max(this.#heard, offset);
      return;
    }
    if (offset === this.#ring.top + 1) this.#take(publication);
    // A hole, or another epoch. What cannot be read now is read at the next publication.
    else this.#refill().catch(() => {});
  }

  #take(publication: Publication): void {
    this.#changed();
    this.#ring.push(publication);
    this.#options.listener(publication);
    if (this.#waiting.length === 0) return;
    const ready = this.#waiting.filter(({ offset }) => offset <= this.#ring.top);
    this.#waiting = this.#waiting.filter(({ offset }) => offset > this.#ring.top);
    for (const { ready: joinNow } of ready) joinNow();
  }

  /**
   * Whether the ring has all that the history has, or has it in a moment. A busy channel
   * is ahead in the store whenever one looks: to read it then would mean to hear nothing meanwhile.
   */
  async #hasAll(): Promise<boolean> {
    if (this.#filling) return false;
    const heardBefore = this.#ring.top;
    const position = await this.#history.position();
    if (position === null || position.top < heardBefore) return false;
    for (let turn = 0; turn < ARRIVING_TURNS && this.#ring.top < position.top; turn++) {
      await nextTurn();
    }
    return !this.#filling && position.epoch === this.#epoch && this.#ring.top >= position.top;
  }

  /** Reads what the ring lacks, from now on; false where the channel does not exist. */
  #refill(): Promise<boolean> {
    if (this.#looking !== null) this.#heard = Infinity;
    return this.#looking ??= this.#look();
  }

  async #look(): Promise<boolean> {
    this.#filling = true;
    try {
      for (;;) {
        // What was heard before this reading is in it.
        this.#heard = 0;
        const position = await this.#history.position();
        if (position === null) return false;
        const isFirst = this.#epoch === "";
        // Below what was shown, the history lost its tail: what comes now is something else.
        const isKnown = position.epoch === this.#epoch && position.top >= this.#ring.top;
        const from = isKnown
          ? this.#ring.top
          : Math.max(position.first - 1, position.top - limits.channelRingMin);
        const read = await this.#history.after({ epoch: position.epoch, offset: from });
        if (read === "gap") {
          if (isKnown) this.#epoch = "reset";
          continue;
        }
        const missed = await this.#options.fill?.(read) ?? read;
        if (isKnown) {
          for (const publication of missed) this.#take(publication);
        } else {
          this.#epoch = position.epoch;
          this.#changed();
          this.#ring = new ChannelRing(from, limits.channelRingMin);
          for (const publication of missed) this.#ring.push(publication);
          if (!isFirst) this.#startAnew();
        }
        // What came while reading is in the history by now: read until nothing is new.
        if (this.#ring.top >= this.#heard) return true;
      }
    } finally {
      this.#filling = false;
      this.#looking = null;
    }
  }

  /** Who waited for an offset waited for one of the epoch before. */
  #startAnew(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#options.onReset();
    for (const { join } of waiting) this.#joinAnew(join);
  }
}
