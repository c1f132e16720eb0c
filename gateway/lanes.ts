/**
 * Who waits behind a goal: lanes as sets of bits.
 *
 * A member asks for some lanes; its socket takes those, fewer while its page is
 * in the background, and fewer still while its queue grows. Lanes are given up
 * one by one from the least urgent; goals and what moderators remove are never
 * given up: past the hard limit the socket goes and resumes later.
 */
import { type Lane, LANES } from "../channels/publication.ts";
import { limits } from "../runtime/limits.ts";

/** A set of lanes, one bit each. */
export type LaneSet = number;

const BITS = Object.fromEntries(LANES.map((lane, index) => [lane, 1 << index])) as Record<
  Lane,
  LaneSet
>;

export const NO_LANES: LaneSet = 0;
export const ALL_LANES: LaneSet = (1 << LANES.length) - 1;
/** Goals and state: what a list of matches shows. */
export const LITE_LANES: LaneSet = BITS.goal;
/** Never given up. A page in the background keeps these. */
export const FIRST_LANES: LaneSet = BITS.goal | BITS.moderation;

/** From the least urgent: past so many waiting bytes the lane is closed. */
const CLOSINGS = LANES.filter((lane) => (BITS[lane] & FIRST_LANES) === 0).reverse();
const STEP_BYTES = (limits.queueHardBytes - limits.queueSoftBytes) / (CLOSINGS.length + 1);

export function laneBit(lane: Lane): LaneSet {
  return BITS[lane];
}

/** By name, most urgent first. */
export function lanesIn(lanes: LaneSet): Lane[] {
  return LANES.filter((lane) => hasLane(lanes, lane));
}

export function hasLane(lanes: LaneSet, lane: Lane): boolean {
  return (lanes & BITS[lane]) !== 0;
}

/** Which lanes a queue of so many bytes leaves open, between the soft and the hard limit. */
export function lanesUnderPressure(waitingBytes: number): LaneSet {
  let open = ALL_LANES;
  for (const [step, lane] of CLOSINGS.entries()) {
    if (waitingBytes > limits.queueSoftBytes + step * STEP_BYTES) open &= ~BITS[lane];
  }
  return open;
}
