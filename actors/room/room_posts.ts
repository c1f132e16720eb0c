/**
 * What was written in one room, beside the loop that runs it.
 *
 * A body is kept before the room is asked, so whatever the room names is there;
 * what it refuses is removed again. The newest bodies are in memory, for whoever
 * encodes; once the room says that one is to go it leaves memory in the same
 * step and the store next, and only then does the room hear that it is gone. A
 * digest is of the bytes and their salt: without them it cannot be guessed.
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { limits } from "../../runtime/limits.ts";
import { type Random, randomId } from "../../runtime/random.ts";
import type { Bodies } from "../ports/bodies.ts";
import type { BodyRef } from "./chat_op.ts";
import type { RoomContext } from "./room_context.ts";
import { saidId } from "./said_wishes.ts";
import { wishKey } from "./room_delivery.ts";

/** Everything that a fan chose freely. */
export interface PostBody {
  text: string;
  sticker: string | null;
  /** The author's client knows its own message by it. */
  clientId: string;
}

interface Kept {
  body: PostBody;
  digest: string;
  /** Wishes that wait for their answer: until then it is not given up. */
  asking: number;
}

const KEPT_MAX = limits.roomMessagesMax + limits.roomHeldMax + limits.roomRejectedMax;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class RoomPosts {
  readonly #room: string;
  readonly #bodies: Bodies;
  readonly #random: Random;
  /** Oldest first. */
  readonly #kept = new Map<string, Kept>();

  constructor(room: string, bodies: Bodies, random: Random) {
    this.#room = room;
    this.#bodies = bodies;
    this.#random = random;
  }

  /** Before the room is asked. A wish that it knows keeps nothing: it will say so. */
  async keep(context: RoomContext, user: string, body: PostBody): Promise<BodyRef> {
    const key = wishKey(user, body.clientId);
    const known = this.#kept.get(key);
    if (known !== undefined) {
      known.asking++;
      return { key, digest: known.digest };
    }
    const bytes = encoder.encode(JSON.stringify({ salt: randomId(this.#random, 16), ...body }));
    const digest = digestOf(bytes);
    if (saidId(context, key) !== null) return { key, digest };
    const kept = { body, digest, asking: 1 };
    this.#remember(key, kept);
    try {
      const held = await this.#bodies.put(this.#room, key, bytes);
      // Left by an owner that died over it: the same words in its bytes, else ours.
      if (Buffer.compare(held, bytes) !== 0) {
        if (textOf(held) === body.text) kept.digest = digestOf(held);
        else await this.#replace(key, bytes);
      }
    } catch (error) {
      if (--kept.asking === 0) this.#kept.delete(key);
      throw error;
    }
    return { key, digest: kept.digest };
  }

  /** After the room has answered: what it does not name is removed. */
  async settle(context: RoomContext, { key }: BodyRef): Promise<void> {
    const kept = this.#kept.get(key);
    if (kept === undefined || --kept.asking > 0 || saidId(context, key) !== null) return;
    this.#kept.delete(key);
    await this.#bodies.remove(this.#room, { seq: 0, keys: [key], messages: [], purge: null });
  }

  /** For whoever encodes; null: it was removed, or is too old for memory. */
  bodyOf({ key }: BodyRef): PostBody | null {
    return this.#kept.get(key)?.body ?? null;
  }

  /** From the store, in the order of the refs. Null: removed, or not what the room accepted. */
  async read(refs: BodyRef[]): Promise<(PostBody | null)[]> {
    const found = await this.#bodies.get(this.#room, refs.map(({ key }) => key));
    return found.map((bytes, at) => {
      if (bytes === null || digestOf(bytes) !== refs[at]!.digest) return null;
      const { salt: _salt, ...body } = JSON.parse(decoder.decode(bytes));
      return body as PostBody;
    });
  }

  /** After a restart: what the room shows or holds back is in memory again. */
  async load({ set, held }: RoomContext): Promise<void> {
    const shown = set.slots.flatMap((slot) => "gone" in slot ? [] : slot.body?.value ?? []);
    const refs = [...held.map(({ body }) => body), ...shown];
    const bodies = await this.read(refs);
    for (const [at, { key, digest }] of refs.entries()) {
      const body = bodies[at] ?? null;
      if (body !== null) this.#remember(key, { body, digest, asking: 0 });
    }
  }

  /** Does what the room waits for; answers what to tell it: `erased` with these. */
  async erase({ erasing }: RoomContext): Promise<number[]> {
    for (const { keys } of erasing) {
      for (const key of keys) this.#kept.delete(key);
    }
    for (const erasure of erasing) await this.#bodies.remove(this.#room, erasure);
    return erasing.map(({ seq }) => seq);
  }

  async #replace(key: string, bytes: Uint8Array): Promise<void> {
    await this.#bodies.remove(this.#room, { seq: 0, keys: [key], messages: [], purge: null });
    await this.#bodies.put(this.#room, key, bytes);
  }

  #remember(key: string, kept: Kept): void {
    this.#kept.set(key, kept);
    for (const [oldest, { asking }] of this.#kept) {
      if (this.#kept.size <= KEPT_MAX) break;
      if (asking === 0) this.#kept.delete(oldest);
    }
  }
}

function textOf(bytes: Uint8Array): string {
  return JSON.parse(decoder.decode(bytes)).text;
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url");
}
