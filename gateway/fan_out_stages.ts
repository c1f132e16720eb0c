/**
 * When a room was told: two hops of every publication, one span of every fact.
 *
 * A fact says one or several publications, close together; what this gateway did
 * with all of them is one stage of its trace, from the first that was heard to
 * the last write to the last socket, whatever the number of sockets. Nothing is
 * done here for each socket.
 */
import type { Publication } from "../channels/publication.ts";
import { parseChannel } from "../protocol/channel_name.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { OpenStage, StageNotes } from "../runtime/stage.ts";
import type { OpenChannel } from "./audience.ts";
import type { Parcel } from "./backlog.ts";

/** What one fact says, on its way to this gateway's sockets. */
interface Telling {
  stage: OpenStage;
  channel: OpenChannel;
  /** The first of its publications: the goal itself. */
  first: Publication;
  publications: number;
  /** Of them, those that somebody still lacks. */
  unheard: number;
  /** Those that `first` was written to. */
  sockets: number;
  bytes: number;
  skipped: number;
  /** Of the last write, monotonic. */
  endedAt: number;
  closing: Timer | null;
}

export class FanOutStages {
  readonly #clock: Clock;
  readonly #events: BusinessEvents;
  /** Nobody has been written these. */
  readonly #unwritten = new Set<Publication>();
  /** By traceparent; none where nobody collects spans. */
  readonly #tellings = new Map<string, Telling>();

  constructor(clock: Clock, events: BusinessEvents) {
    this.#clock = clock;
    this.#events = events;
  }

  said(channel: OpenChannel, publication: Publication): void {
    const { receivedAt, trace } = publication;
    if (receivedAt > 0) this.#unwritten.add(publication);
    if (trace === "") return;
    const telling = this.#tellings.get(trace) ?? this.#begin(channel, publication);
    if (telling === null) return;
    telling.closing?.cancel();
    telling.closing = null;
    telling.publications += 1;
    telling.unheard += 1;
  }

  /** It was just written to the first of its sockets of this slice. */
  begun({ publications }: Parcel): void {
    if (this.#unwritten.size === 0) return;
    for (const publication of publications) {
      if (this.#unwritten.delete(publication)) this.#hop("gateway_first", publication);
    }
  }

  /** It went to so many sockets since this was last asked. */
  written({ publications, bytes, sockets }: Parcel): void {
    if (this.#tellings.size === 0) return;
    for (const trace of new Set(publications.map(({ trace }) => trace))) {
      const telling = this.#tellings.get(trace);
      if (telling === undefined) continue;
      telling.bytes += bytes!.length * sockets;
      if (publications.includes(telling.first)) telling.sockets += sockets;
    }
  }

  skipped({ trace }: Publication, sockets: number): void {
    const telling = this.#tellings.get(trace);
    if (telling !== undefined) telling.skipped += sockets;
  }

  heardByAll(publications: readonly Publication[]): void {
    for (const publication of publications) {
      this.#unwritten.delete(publication);
      if (publication.receivedAt > 0) this.#hop("gateway", publication);
      const telling = this.#tellings.get(publication.trace);
      if (telling === undefined) continue;
      telling.unheard -= 1;
      telling.endedAt = this.#clock.monotonic();
      if (telling.unheard > 0) continue;
      const end = () => this.#end(publication.trace, telling);
      telling.closing = this.#clock.after(limits.fanOutQuietMs, end);
    }
  }

  close(): void {
    for (const [trace, telling] of this.#tellings) this.#end(trace, telling);
  }

  #begin(channel: OpenChannel, first: Publication): Telling | null {
    const stage = this.#events.stageBegan("gateway.fanout", first.trace) ?? null;
    if (stage === null) return null;
    const endedAt = this.#clock.monotonic();
    const counts = { publications: 0, unheard: 0, sockets: 0, bytes: 0, skipped: 0 };
    const telling = { stage, channel, first, ...counts, endedAt, closing: null };
    this.#tellings.set(first.trace, telling);
    return telling;
  }

  #end(trace: string, telling: Telling): void {
    telling.closing?.cancel();
    this.#tellings.delete(trace);
    const { stage, channel, first, publications, sockets, bytes, skipped, endedAt } = telling;
    const notes = { lane: first.lane, publications, sockets, bytes, skipped };
    stage.ended({ ...channelNotes(channel.name), ...notes }, endedAt);
  }

  #hop(hop: string, { receivedAt }: Publication): void {
    this.#events.hopTook(hop, (this.#clock.now() - receivedAt) / 1000);
  }
}

/** Whose channel it is stays here: a user's channel has their id for a name. */
function channelNotes(name: string): StageNotes {
  const channel = parseChannel(name);
  if (channel === null) return {};
  return channel.kind === "match" ? { match: channel.id } : { channel: channel.kind };
}
