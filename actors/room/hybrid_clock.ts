/**
 * A hybrid logical clock: stamps that follow the wall clock where it can be
 * trusted and causality where it cannot.
 *
 * A stamp is text that sorts as it should: milliseconds, a counter for those of
 * one millisecond, the node that gave it. So stamps of one node are all
 * different, two nodes' are never equal, and whoever answers a message has the
 * higher stamp although its wall clock may be behind. Messages are named by the
 * stamps of their posts.
 */
import { assert } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";

/** `<milliseconds>-<counter>-<node>`; both numbers in base 36, so many digits. */
export type Stamp = string;

/** Before every stamp. */
export const NO_STAMP: Stamp = "";

const MS_DIGITS = 9;
const COUNTER_DIGITS = 4;
const COUNTER_MAX = 36 ** COUNTER_DIGITS - 1;
const STAMP = /^[0-9a-z]{9}-[0-9a-z]{4}-[0-9a-z]{1,16}$/;

export function isStamp(text: string): boolean {
  return STAMP.test(text);
}

/** The next stamp of `node`, higher than `last`, which is the highest that it has seen. */
export function tick(last: Stamp, now: number, node: string): Stamp {
  const lastMs = last === NO_STAMP ? -1 : msOf(last);
  if (now > lastMs) return stampOf(now, 0, node);
  const counter = parseInt(last.slice(MS_DIGITS + 1, MS_DIGITS + 1 + COUNTER_DIGITS), 36);
  return counter < COUNTER_MAX ? stampOf(lastMs, counter + 1, node) : stampOf(lastMs + 1, 0, node);
}

/** After every stamp of before `ms`, and after none of then or later. */
export function stampBefore(ms: number): Stamp {
  return stampOf(Math.max(0, ms), 0, "0");
}

export function msOf(stamp: Stamp): number {
  return parseInt(stamp.slice(0, MS_DIGITS), 36);
}

/** Further ahead than clocks may differ: to take it would drag every clock after it. */
export function isFromFuture(stamp: Stamp, now: number): boolean {
  return msOf(stamp) > now + limits.chatSkewMsMax;
}

function stampOf(ms: number, counter: number, node: string): Stamp {
  const stamp = [
    ms.toString(36).padStart(MS_DIGITS, "0"),
    counter.toString(36).padStart(COUNTER_DIGITS, "0"),
    node,
  ].join("-");
  assert(isStamp(stamp), `a stamp has its form: ${stamp}`);
  return stamp;
}
