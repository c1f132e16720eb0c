/**
 * How fast a room may go, and what each viewer is shown of one that is faster.
 *
 * A goal, a red card or a review slows a room by itself, for a while. Above what
 * a person can read a window is encoded in eight samples and a connection
 * belongs to one by its hash: eight encodings, however many watch. Everybody's
 * sample has the moderators', operators' and pinned messages; what is left of it
 * goes round the authors, so that who writes most is not seen most.
 */
import { limits } from "../../runtime/limits.ts";
import { partitionOf } from "../ports/partition.ts";

/** What a match does to its room. */
export const PACE_MOMENTS = ["goal", "redCard", "reviewOpened", "reviewClosed"] as const;
export type PaceMoment = (typeof PACE_MOMENTS)[number];

/**
 * Until when the room is slow after this; never sooner than it was to be, but for a review's end.
 * What follows within moments of a goal (its annulment, a second one) leaves it as it is.
 */
export function slowUntil(moment: PaceMoment, calmAt: number | null, now: number): number {
  switch (moment) {
    case "goal":
    case "redCard":
      return longer(calmAt, now + limits.paceGoalMs);
    case "reviewOpened":
      return longer(calmAt, now + limits.paceReviewMsMax);
    case "reviewClosed":
      return now + limits.paceAfterReviewMs;
  }
}

function longer(calmAt: number | null, until: number): number {
  return calmAt !== null && until - calmAt < limits.paceLongerMsMin ? calmAt : until;
}

/** A window's message, as far as sampling looks at it. */
export interface Sampleable {
  /** Sorts as they were said. */
  id: string | number;
  by: string;
  /** By a moderator or an operator, or pinned. */
  isForAll: boolean;
}

export interface Sample<M> {
  messages: M[];
  /** So many of the window are not among them. */
  more: number;
}

export const SAMPLES = 8;

export function sampleOf(connection: string): number {
  return partitionOf(connection) % SAMPLES;
}

/** Of so many messages a person reads all. */
function readableIn(windowMs: number): number {
  return Math.max(1, Math.floor(limits.chatMessagesPerSecondMax * windowMs / 1_000));
}

/** One sample is for all where the window can be read, else there are eight. */
export function isSampled(window: Sampleable[], windowMs: number): boolean {
  return window.length > readableIn(windowMs);
}

export function sampleAt<M extends Sampleable>(
  window: M[],
  windowMs: number,
  sample: number,
): Sample<M> {
  if (!isSampled(window, windowMs)) return { messages: inOrder(window), more: 0 };
  const forAll = window.filter(({ isForAll }) => isForAll);
  const byAuthor = Map.groupBy(window.filter(({ isForAll }) => !isForAll), ({ by }) => by);
  const room = Math.max(0, readableIn(windowMs) - forAll.length);
  const messages = inOrder([...forAll, ...goingRound([...byAuthor.values()], sample, room)]);
  return { messages, more: window.length - messages.length };
}

/** One message an author a round; each sample begins with other authors and other messages of theirs. */
function goingRound<M>(authors: M[][], sample: number, count: number): M[] {
  const first = Math.floor(sample * authors.length / SAMPLES);
  const turn = [...authors.slice(first), ...authors.slice(0, first)];
  const taken: M[] = [];
  for (let round = 0; taken.length < count; round++) {
    const before = taken.length;
    for (const messages of turn) {
      if (taken.length === count) break;
      if (round < messages.length) taken.push(messages[(round + sample) % messages.length]!);
    }
    if (taken.length === before) break;
  }
  return taken;
}

function inOrder<M extends Sampleable>(messages: M[]): M[] {
  return messages.toSorted((a, b) => a.id < b.id ? -1 : 1);
}
