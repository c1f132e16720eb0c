/**
 * How long the channels of a killed server say nothing new to who was there.
 */
import type { Subscriber } from "./subscriber.ts";

export interface Silence {
  /** From the kill to the first higher offset of any channel, in whole milliseconds. */
  firstMs: number;
  /** The same for the last of the channels. */
  lastMs: number;
  isOver: boolean;
}

/** Waits, channel by channel, for the first offset above what the fan had at the kill. */
export function watchSilence(fan: Subscriber, channels: string[], killedAt: number): Silence {
  const before = new Map(
    channels.map((channel) => [channel, fan.positions.get(channel)?.offset ?? 0]),
  );
  const silence: Silence = { firstMs: 0, lastMs: 0, isOver: false };
  const forget = fan.onFrame(({ at, frame: { subscribed, publication } }) => {
    const channel = subscribed?.channel ?? fan.channelOf(publication?.channel ?? 0) ?? "";
    const offset = subscribed?.offset ?? publication?.offset ?? 0;
    if (offset <= (before.get(channel) ?? Infinity)) return;
    before.delete(channel);
    silence.lastMs = Math.round(at - killedAt);
    silence.firstMs ||= silence.lastMs;
    if (before.size > 0) return;
    silence.isOver = true;
    forget();
  });
  return silence;
}
