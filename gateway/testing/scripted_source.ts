/**
 * Channels that a test publishes on, behind the real port.
 *
 * Keeps the port's promise (position first, then snapshot, then stream) and
 * calls `inGap` wherever an owner's publication could fall between two steps,
 * so that a test can let it fall exactly there.
 */
import type {
  CatchUp,
  ChannelPosition,
  ChannelSource,
  LiveChannel,
} from "../../channels/live_channel.ts";
import { postKey, removalKey } from "../../channels/chat_key.ts";
import type { Lane, Publication } from "../../channels/publication.ts";
import {
  encodePublication,
  encodeSubscribed,
  type PublicationInit,
} from "../../protocol/golazo_codec.ts";

interface Listener {
  hear(publication: Publication): void;
  reset(): void;
}

export class ScriptedChannel {
  epoch = "e1";
  publications: Publication[] = [];
  /** Offset below the oldest publication still held. */
  base = 0;
  readonly listeners = new Set<Listener>();

  get top(): number {
    return this.base + this.publications.length;
  }

  goal(home = 1, away = 0, receivedAt = 0): Publication {
    return this.#durable(
      "goal",
      { goal: { kind: "scored", side: "home", home, away } },
      receivedAt,
    );
  }

  state(note: string): Publication {
    return this.#durable("goal", { state: { note } });
  }

  event(text = ""): Publication {
    return this.#durable("event", { item: { id: this.top + 1, kind: "card", text } });
  }

  /** A post of a room. */
  post(user: string, text = ""): Publication {
    const id = `m${this.top + 1}`;
    return this.#durable("chat", { chat: { id, user, text } }, 0, postKey(id, user));
  }

  removal(message: string): Publication {
    return this.#durable("moderation", { removal: { message } }, 0, removalKey({ message }));
  }

  possession(home: number, padding = 0): Publication {
    const body = encodePublication({ possession: { home, away: 100 - home } });
    // An unknown field: readers skip it.
    const padded = padding === 0 ? body : Buffer.concat([body, unknownField(padding)]);
    return this.#publish({ offset: null, lane: "stats", key: "possession", body: padded });
  }

  /** As after a loss: another epoch, and nobody's position counts. */
  loseHistory(): void {
    this.base = this.top;
    this.publications = [];
    this.epoch = `e${Number(this.epoch.slice(1)) + 1}`;
    for (const listener of [...this.listeners]) listener.reset();
  }

  /** As after a hole that history could fill: the same epoch. */
  resetMembers(): void {
    for (const listener of [...this.listeners]) listener.reset();
  }

  missed(since: ChannelPosition | null): CatchUp {
    const position = { epoch: this.epoch, offset: this.top };
    const isKnown = since !== null && since.epoch === this.epoch && since.offset >= this.base &&
      since.offset <= this.top;
    if (!isKnown) {
      const match = { id: "arg-fra", seq: this.top };
      return { recovered: false, position, snapshot: encodeSubscribed({ match }) };
    }
    const publications = this.publications.slice(since.offset - this.base);
    return { recovered: true, position, publications };
  }

  #durable(lane: Lane, init: PublicationInit, receivedAt = 0, key = ""): Publication {
    const offset = this.top + 1;
    const body = encodePublication({ offset, ...init });
    const publication = { offset, lane, key, body, receivedAt, trace: "" };
    this.publications.push(publication);
    return this.#tell(publication);
  }

  #publish(publication: Pick<Publication, "offset" | "lane" | "key" | "body">): Publication {
    return this.#tell({ ...publication, receivedAt: 0, trace: "" });
  }

  #tell(publication: Publication): Publication {
    for (const { hear } of [...this.listeners]) hear(publication);
    return publication;
  }
}

export class ScriptedSource implements ChannelSource {
  readonly channels = new Map<string, ScriptedChannel>();
  /** How often each channel was opened. */
  readonly opened = new Map<string, number>();
  inGap: (where: string) => void | Promise<void> = () => {};

  /** Makes the channel of a match exist. */
  match(id: string): ScriptedChannel {
    const channel = new ScriptedChannel();
    this.channels.set(`match:${id}`, channel);
    return channel;
  }

  async open(
    name: string,
    hear: (publication: Publication) => void,
    reset: () => void,
  ): Promise<LiveChannel | null> {
    this.opened.set(name, (this.opened.get(name) ?? 0) + 1);
    await this.inGap("before open");
    const channel = this.channels.get(name);
    if (channel === undefined) return null;
    const listener = { hear, reset };
    channel.listeners.add(listener);
    await this.inGap("after open");
    const inGap = (where: string) => this.inGap(where);
    return {
      name,
      get position() {
        return { epoch: channel.epoch, offset: channel.top };
      },
      async catchUp(since, join) {
        await inGap("before join");
        join(channel.missed(since));
        await inGap("after join");
      },
      close: () => void channel.listeners.delete(listener),
    };
  }
}

/** Field 100, `bytes` long. */
function unknownField(bytes: number): Uint8Array {
  const length: number[] = [];
  let rest = bytes;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) length.push((rest & 0x7f) | 0x80);
  return Uint8Array.from([0xa2, 0x06, ...length, rest, ...new Uint8Array(bytes)]);
}
