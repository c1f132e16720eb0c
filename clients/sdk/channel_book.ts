/**
 * Which channels the app wants and how far each has been heard.
 *
 * Outlives sockets: after a reconnect it asks for every channel again with the
 * position it reached, so listeners notice nothing but what they missed. A
 * durable publication reaches its listener once: offsets only grow within an
 * epoch, and one that was heard before is ignored. No gap is ever inferred from
 * offsets: lanes that were not asked for are skipped on purpose.
 */
import type {
  ClientFrame,
  MatchSnapshot,
  Position,
  Publication,
  Reply,
  RoomSnapshot,
  Subscribed,
} from "../../protocol/golazo_codec.ts";
import { matchChannel } from "../../protocol/channel_name.ts";

export type ChannelEvent =
  /** Everything so far; replaces what was known. */
  | { kind: "snapshot"; match: MatchSnapshot }
  /** The same of a room. */
  | { kind: "room"; room: RoomSnapshot }
  | { kind: "publication"; publication: Publication }
  /** So many were left out, as the socket was slow or the page hidden; durable ones follow. */
  | { kind: "skipped"; count: number }
  /** There is no such channel for this user; it is not asked for again. */
  | { kind: "refused"; code: string; reason: string };

export type ChannelListener = (event: ChannelEvent) => void;
export type TrackListener = (matchId: string, event: ChannelEvent) => void;

interface Entry {
  listener: ChannelListener;
  /** By `track`, which has no position: its snapshots are small. */
  tracked: boolean;
  lite: boolean;
  epoch: string;
  offset: number;
  /** The request that waits for its answer on this socket; 0 when none does. */
  request: number;
}

export class ChannelBook {
  #entries = new Map<string, Entry>();
  /** What a publication's number means on this socket. */
  #numbers = new Map<number, Entry>();
  #requests = 0;
  #tracked: string[] = [];
  #trackListener: TrackListener = () => {};

  /** Every channel was answered on this socket. */
  get isAnswered(): boolean {
    for (const entry of this.#entries.values()) if (entry.request > 0) return false;
    return true;
  }

  /** The number of a request that is not about a channel. */
  nextRequest(): number {
    return ++this.#requests;
  }

  /** Commands for a new socket, on which nothing is subscribed yet. */
  firstFlight(): ClientFrame[] {
    this.#numbers.clear();
    this.#requests = 0;
    const frames: ClientFrame[] = [];
    for (const [channel, entry] of this.#entries) {
      if (!entry.tracked) frames.push(this.#ask(channel, entry));
    }
    return this.#tracked.length === 0 ? frames : [...frames, this.#trackFrame()];
  }

  subscribe(channel: string, listener: ChannelListener, lite: boolean): ClientFrame[] {
    const known = this.#entries.get(channel);
    if (known && !known.tracked) {
      throw new Error(`Cannot subscribe to ${channel} twice: its first listener is still there`);
    }
    this.#forget(channel);
    const entry: Entry = { listener, tracked: false, lite, epoch: "", offset: 0, request: 0 };
    this.#entries.set(channel, entry);
    return [this.#ask(channel, entry)];
  }

  unsubscribe(channel: string): ClientFrame[] {
    const entry = this.#entries.get(channel);
    if (!entry || entry.tracked) return [];
    this.#forget(channel);
    const unsubscribe = { unsubscribe: { id: ++this.#requests, channel } };
    const isTracked = this.#tracked.some((match) => matchChannel(match) === channel);
    return isTracked ? [unsubscribe, this.#trackFrame()] : [unsubscribe];
  }

  /** Replaces the tracked set. */
  track(matches: readonly string[], listener: TrackListener): ClientFrame[] {
    const hadNone = this.#tracked.length === 0;
    this.#tracked = [...matches];
    this.#trackListener = listener;
    return hadNone && matches.length === 0 ? [] : [this.#trackFrame()];
  }

  takeSubscribed(frame: Subscribed): void {
    const entry = this.#entries.get(frame.channel);
    if (!entry) return;
    entry.request = 0;
    this.#numbers.set(frame.number, entry);
    if (!frame.recovered) {
      entry.offset = 0;
      if (frame.match) entry.listener({ kind: "snapshot", match: frame.match });
      if (frame.room) entry.listener({ kind: "room", room: frame.room });
    }
    for (const publication of frame.publications) {
      // Unasked, it mends a hole that lies below our position.
      if (frame.id === 0) entry.listener({ kind: "publication", publication });
      else this.#offer(entry, publication);
    }
    entry.epoch = frame.epoch;
    entry.offset = frame.offset;
  }

  takePosition({ channel, offset, skipped }: Position): void {
    const entry = this.#numbers.get(channel);
    if (!entry) return;
    entry.offset = Math.max(entry.offset, offset);
    if (skipped > 0) entry.listener({ kind: "skipped", count: skipped });
  }

  takePublication(publication: Publication): void {
    const entry = this.#numbers.get(publication.channel);
    if (entry) this.#offer(entry, publication);
  }

  /** Answers how to ask again for what was refused for now; null where there is nothing to ask. */
  takeReply(reply: Reply): (() => ClientFrame[]) | null {
    // It answers no request.
    if (reply.id === 0) return null;
    let askAgain: (() => ClientFrame[]) | null = null;
    for (const [channel, entry] of this.#entries) {
      if (entry.request !== reply.id) continue;
      entry.request = 0;
      if (reply.code === "ok") continue;
      if (reply.retryAfterMs > 0) askAgain = () => this.#askAgain(channel, entry);
      else if (!entry.tracked) {
        this.#forget(channel);
        entry.listener({ kind: "refused", code: reply.code, reason: reply.reason });
      }
    }
    return askAgain;
  }

  #askAgain(channel: string, entry: Entry): ClientFrame[] {
    if (this.#entries.get(channel) !== entry) return [];
    return [entry.tracked ? this.#trackFrame() : this.#ask(channel, entry)];
  }

  #offer(entry: Entry, publication: Publication): void {
    const { offset } = publication;
    if (offset > 0) {
      if (offset <= entry.offset) return;
      entry.offset = offset;
    }
    entry.listener({ kind: "publication", publication });
  }

  #ask(channel: string, entry: Entry): ClientFrame {
    entry.request = ++this.#requests;
    const { epoch, offset, lite } = entry;
    return { subscribe: { id: entry.request, channel, epoch, offset, lite } };
  }

  /** What stays in the set gets no new answer and keeps its number. */
  #trackFrame(): ClientFrame {
    const id = ++this.#requests;
    const channels = this.#tracked.map(matchChannel);
    for (const [channel, entry] of this.#entries) {
      if (entry.tracked && !channels.includes(channel)) this.#forget(channel);
    }
    channels.forEach((channel, index) => {
      const known = this.#entries.get(channel);
      if (known?.tracked) known.request = id;
      if (known) return;
      const match = this.#tracked[index]!;
      this.#entries.set(channel, {
        listener: (event) => this.#trackListener(match, event),
        tracked: true,
        lite: true,
        epoch: "",
        offset: 0,
        request: id,
      });
    });
    return { track: { id, matches: this.#tracked } };
  }

  #forget(channel: string): void {
    const entry = this.#entries.get(channel);
    this.#entries.delete(channel);
    for (const [number, known] of this.#numbers) {
      if (known === entry) this.#numbers.delete(number);
    }
  }
}
