/**
 * What fans report, in the order in which a moderator should look.
 *
 * A message has one place however many report it, and a fan counts once there.
 * Urgency is the worst reason's weight, once more each time the reporters double,
 * so a crowd that dislikes a message does not come before a threat. The queue is
 * bounded: past it the least urgent goes, and comes back with its next report.
 */
import { limits } from "../../runtime/limits.ts";

/** What a report can be about, and how much it weighs. */
const WEIGHTS = { threat: 8, hate: 5, abuse: 3, spam: 1, other: 1 } as const;
export type ReportReason = keyof typeof WEIGHTS;
export const REPORT_REASONS = Object.keys(WEIGHTS) as ReportReason[];

export interface ReportedMessage {
  message: string;
  /** Who wrote it. */
  author: string;
  /** The worst that was said of it. */
  why: ReportReason;
  reporters: string[];
  firstAt: number;
}

export interface Report {
  message: string;
  author: string;
  by: string;
  why: ReportReason;
  at: number;
}

export type ReportQueue = readonly ReportedMessage[];

export function report(queue: ReportQueue, { message, author, by, why, at }: Report): ReportQueue {
  const known = queue.find((item) => item.message === message);
  if (known === undefined) {
    const item = { message, author, why, reporters: [by], firstAt: at };
    return byUrgency([...queue, item]).slice(0, limits.roomReportsMax);
  }
  if (known.reporters.includes(by) || known.reporters.length >= limits.messageReportersMax) {
    return queue;
  }
  const worst = WEIGHTS[why] > WEIGHTS[known.why] ? why : known.why;
  const item = { ...known, why: worst, reporters: [...known.reporters, by] };
  return byUrgency(queue.map((other) => other === known ? item : other));
}

/** Somebody has looked at it, or it is gone. */
export function looked(
  queue: ReportQueue,
  isLooked: (item: ReportedMessage) => boolean,
): ReportQueue {
  return queue.some(isLooked) ? queue.filter((item) => !isLooked(item)) : queue;
}

export function urgencyOf({ why, reporters }: ReportedMessage): number {
  return WEIGHTS[why] * (1 + Math.floor(Math.log2(reporters.length)));
}

/** The most urgent first, of equals the one that waits longest. */
function byUrgency(queue: ReportedMessage[]): ReportedMessage[] {
  return queue.sort((a, b) =>
    urgencyOf(b) - urgencyOf(a) || a.firstAt - b.firstAt || (a.message < b.message ? -1 : 1)
  );
}
