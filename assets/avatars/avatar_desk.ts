/**
 * Takes pictures of users: looks at what came, has it decoded and written anew in
 * a process of its own, and puts the result on the shelf.
 *
 * That process has no network, no secret and no right to write; one that takes too
 * long or dies takes its picture with it and nothing else. It is started by the
 * first picture and ends when none comes.
 */
import { Buffer } from "node:buffer";
import type { Avatar, AvatarAnswer, AvatarRefusal, Avatars } from "../../actors/ports/avatars.ts";
import type { Clock, Timer } from "../../runtime/clock.ts";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import type { Random } from "../../runtime/random.ts";
import { ImageWorkers } from "../image_workers.ts";
import { AvatarShelf } from "./avatar_shelf.ts";
import { checkPicture } from "./picture_check.ts";

export interface AvatarDeskOptions {
  folder: string;
  clock: Clock;
  random: Random;
}

const SIZES = [64, 128] as const;

export class AvatarDesk implements Avatars {
  readonly #clock: Clock;
  readonly #shelf: AvatarShelf;
  /** When each user sent one last, the latest last. */
  readonly #sentAt = new Map<string, number>();
  #waiting = 0;
  #workers: ImageWorkers | null = null;
  #idle: Timer | null = null;

  constructor({ folder, clock, random }: AvatarDeskOptions) {
    this.#clock = clock;
    this.#shelf = new AvatarShelf(folder, random);
  }

  async take(user: string, bytes: Uint8Array): Promise<AvatarAnswer> {
    const checked = checkPicture(bytes);
    if ("refused" in checked) return refusal(checked.refused, checked.reason);
    const waitMs = this.#waitMs(user);
    if (waitMs > 0) {
      return refusal("tooSoon", "Cannot take another picture of the same user so soon", waitMs);
    }
    if (this.#waiting >= limits.avatarsWaitingMax) {
      return refusal("busy", "Cannot take a picture: too many wait", limits.avatarRetryMs);
    }
    this.#note(user);
    this.#waiting += 1;
    try {
      const images = await this.#portray(bytes);
      return { outcome: "ok", avatar: await this.#shelf.put(user, images) };
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      if (thrown.code === "badInput") {
        return refusal("undecodable", "Cannot use this picture: it cannot be decoded whole");
      }
      const detail = `Cannot decode pictures here: ${reasonOf(thrown)}`;
      throw new Failure("avatarsUnavailable", detail, { retryable: true, cause: thrown });
    } finally {
      this.#waiting -= 1;
      this.#rest();
    }
  }

  of(user: string): Promise<Avatar | null> {
    return this.#shelf.of(user);
  }

  remove(user: string): Promise<Avatar | null> {
    return this.#shelf.remove(user);
  }

  /** Nothing of its process is left. */
  async stop(): Promise<void> {
    this.#idle?.cancel();
    const workers = this.#workers;
    this.#workers = null;
    await workers?.stop();
  }

  async #portray(bytes: Uint8Array): Promise<Record<64 | 128, Uint8Array>> {
    this.#workers ??= new ImageWorkers({
      ...{ processes: 1, clock: this.#clock, taskMsMax: limits.avatarTaskMsMax },
    });
    const made = await this.#workers.run({
      kind: "portrait",
      source: {
        ...{ name: "the picture", format: "raster" },
        bytes: Buffer.from(bytes).toString("base64"),
      },
      sizes: SIZES.map((side) => ({ width: side, height: side })),
    });
    const images = made.kind === "made" ? made.images : [];
    const imageOf = (side: number) =>
      new Uint8Array(Buffer.from(images.find(({ width }) => width === side)!.bytes, "base64"));
    return { 64: imageOf(64), 128: imageOf(128) };
  }

  #waitMs(user: string): number {
    const sentAt = this.#sentAt.get(user);
    return sentAt === undefined ? 0 : sentAt + limits.avatarEveryMs - this.#clock.monotonic();
  }

  #note(user: string): void {
    this.#sentAt.delete(user);
    this.#sentAt.set(user, this.#clock.monotonic());
    const [oldest] = this.#sentAt.keys();
    if (this.#sentAt.size > limits.avatarFansMax) this.#sentAt.delete(oldest!);
  }

  #rest(): void {
    this.#idle?.cancel();
    this.#idle = this.#clock.after(limits.avatarIdleMs, () => {
      if (this.#waiting === 0) void this.stop();
    });
  }
}

function refusal(code: AvatarRefusal, reason: string, retryAfterMs?: number): AvatarAnswer {
  return {
    outcome: "refused",
    code,
    reason,
    ...retryAfterMs === undefined ? {} : { retryAfterMs },
  };
}
