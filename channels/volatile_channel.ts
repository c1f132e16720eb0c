/**
 * A channel without a history, as a gateway hears it.
 *
 * All it says is volatile: the latest value of each key. So there is nothing to
 * recover and no position to be at: whoever comes, again or for the first time,
 * is given what was last said, in the step in which the stream begins.
 */
import type { Broker } from "../actors/ports/broker.ts";
import type { CatchUp, ChannelPosition, LiveChannel } from "./live_channel.ts";
import { decodePublication, type Publication } from "./publication.ts";

export interface VolatileChannelOptions {
  name: string;
  broker: Broker;
  /** What was last said of every key. */
  read(): Promise<Publication[]>;
  listener(publication: Publication): void;
  /** Of keys that never end: so many are kept for newcomers, the oldest goes. */
  keptMax?: number;
}

/** It never loses its place, as it has none. */
const POSITION: ChannelPosition = { epoch: "volatile", offset: 0 };
const NOTHING = new Uint8Array();
/** Readings that may be overtaken by what is said meanwhile. */
const READING_TRIES = 8;

export class VolatileChannel implements LiveChannel {
  readonly name: string;
  readonly position = POSITION;
  readonly #options: VolatileChannelOptions;
  #leave: () => void = () => {};
  /** The latest of each key, while all of them are known. */
  #latest: Map<string, Publication> | null = null;
  #reading: Promise<Map<string, Publication>> | null = null;
  /** How often anything was said. */
  #heard = 0;

  private constructor(options: VolatileChannelOptions) {
    this.name = options.name;
    this.#options = options;
  }

  static async open(options: VolatileChannelOptions): Promise<VolatileChannel> {
    const channel = new VolatileChannel(options);
    channel.#leave = await options.broker.subscribe(
      options.name,
      (payload) => channel.#hear(decodePublication(payload)),
      () => channel.#doubt(),
    );
    return channel;
  }

  close(): void {
    this.#leave();
  }

  async catchUp(_since: ChannelPosition | null, join: (caughtUp: CatchUp) => void): Promise<void> {
    for (let tries = 0; this.#latest === null && tries < READING_TRIES; tries++) {
      const heard = this.#heard;
      const latest = await this.#read();
      if (heard === this.#heard || tries === READING_TRIES - 1) this.#latest ??= latest;
    }
    const publications = [...this.#latest!.values()];
    join({ recovered: false, position: POSITION, snapshot: NOTHING, publications });
  }

  #hear(publication: Publication): void {
    this.#heard += 1;
    if (this.#latest !== null) this.#keep(this.#latest, publication);
    this.#options.listener(publication);
  }

  #keep(latest: Map<string, Publication>, publication: Publication): void {
    latest.delete(publication.key);
    latest.set(publication.key, publication);
    const { keptMax = Infinity } = this.#options;
    if (latest.size <= keptMax) return;
    for (const oldest of latest.keys()) return void latest.delete(oldest);
  }

  /** Something may have been missed: it is read, and told as if it had been heard. */
  async #doubt(): Promise<void> {
    const before = this.#latest;
    const latest = await this.#read();
    this.#latest = latest;
    for (const publication of latest.values()) {
      const known = before?.get(publication.key);
      const isNew = known === undefined || Buffer.compare(known.body, publication.body) !== 0;
      if (isNew) this.#options.listener(publication);
    }
  }

  /** One reading however many ask. */
  #read(): Promise<Map<string, Publication>> {
    return this.#reading ??= this.#options.read()
      .then((publications) => new Map(publications.map((one) => [one.key, one])))
      .finally(() => (this.#reading = null));
  }
}
