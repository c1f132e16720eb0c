/**
 * How long who was there goes without a fresh start after a store forgot a
 * channel: a snapshot, not recovered, in an epoch that was not before.
 */
import type { Subscriber } from "./subscriber.ts";

export interface Resync {
  /** From the loss to the last channel's snapshot, in whole milliseconds. */
  lastMs: number;
  isOver: boolean;
}

export function watchResync(fan: Subscriber, channels: string[], lostAt: number): Resync {
  const before = new Map(channels.map((channel) => [channel, fan.positions.get(channel)?.epoch]));
  const resync: Resync = { lastMs: 0, isOver: false };
  const forget = fan.onFrame(({ at, frame: { subscribed } }) => {
    if (!subscribed || subscribed.recovered || !before.has(subscribed.channel)) return;
    if (before.get(subscribed.channel) === subscribed.epoch) return;
    before.delete(subscribed.channel);
    resync.lastMs = Math.round(at - lostAt);
    if (before.size > 0) return;
    resync.isOver = true;
    forget();
  });
  return resync;
}
