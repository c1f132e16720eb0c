/**
 * Which posts of a room's window a member gets, where they are more than anybody
 * can read: one of eight samples, the same for all members of that sample.
 *
 * Only posts of fans are sampled. What moderators and operators say and all that
 * they remove is of other lanes and in every sample.
 */
import { isSampled, type Sample, sampleAt, SAMPLES } from "../actors/room/pace_rules.ts";
import { authorOf } from "../channels/chat_key.ts";
import type { Publication } from "../channels/publication.ts";
import { limits } from "../runtime/limits.ts";
import type { PublicationFrames } from "./channel_frames.ts";

interface Post {
  id: number;
  by: string;
  isForAll: boolean;
  frames: PublicationFrames;
}

export function isPost({ lane, offset }: Publication): boolean {
  return lane === "chat" && offset !== null;
}

export class ChatSamples {
  readonly #posts: Post[];
  /** Where there are samples: which is asked for is made. */
  readonly #samples: Sample<Post>[] = Array(SAMPLES);
  /** False: everybody gets every post. */
  readonly isSampled: boolean;

  /** @param lacked all that a member lacks, posts among it */
  constructor(lacked: PublicationFrames[]) {
    this.#posts = lacked.filter(({ publication }) => isPost(publication))
      .map((frames): Post => ({
        id: frames.publication.offset!,
        by: authorOf(frames.publication.key),
        isForAll: false,
        frames,
      }));
    this.isSampled = isSampled(this.#posts, limits.chatWindowMs);
  }

  /** The sample that stands for that one: 0 where all are the same. */
  numberOf(sample: number): number {
    return this.isSampled ? sample : 0;
  }

  /** The posts of a sample, in order, and how many of the window are not among them. */
  of(sample: number): { posts: Set<PublicationFrames>; more: number } {
    const number = this.numberOf(sample);
    const { messages, more } = this.#samples[number] ??= sampleAt(
      this.#posts,
      limits.chatWindowMs,
      number,
    );
    return { posts: new Set(messages.map(({ frames }) => frames)), more };
  }
}
