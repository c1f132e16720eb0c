/**
 * The subscribers of the bench, in a process of their own: everybody follows
 * every match, and each goal frame's time is taken when it has been parsed.
 */
import { systemClock } from "../../runtime/clock.ts";
import { matchChannel, type ServerFrame } from "../../protocol/mod.ts";
import { obey } from "../load_process.ts";
import { Subscriber } from "../subscriber.ts";
import { goalKey, matchId } from "./goal_script.ts";

export interface EnterArgument {
  port: number;
  subscribers: number;
  matches: number;
}

/** When each goal was parsed, once a subscriber, by this process's clock. */
export type Parsed = [key: string, parsedAt: number[]][];

/** Handshakes under way at a time. */
const ENTERING_MAX = 50;

const parsed = new Map<string, number[]>();
let deliveries = 0;

obey({
  async enter({ port, subscribers, matches }: EnterArgument): Promise<void> {
    for (let entered = 0; entered < subscribers; entered += ENTERING_MAX) {
      const count = Math.min(ENTERING_MAX, subscribers - entered);
      await Promise.all(Array.from({ length: count }, () => enter(port, matches)));
    }
  },

  count: () => deliveries,

  /** To the microsecond, as a million of them go through a pipe. */
  report: (): Parsed =>
    [...parsed].map(([key, times]) => [key, times.map((ms) => Math.round(ms * 1_000) / 1_000)]),
});

/** Resolves once every match is subscribed to. */
async function enter(port: number, matches: number): Promise<void> {
  const ids = new Map(Array.from({ length: matches }, (_, match) => [
    matchChannel(matchId(match)),
    match,
  ]));
  const matchOfNumber: number[] = [];
  let awaited = matches;
  const all = Promise.withResolvers<void>();
  const subscriber = await Subscriber.open(port, ({ subscribed, publication }: ServerFrame) => {
    if (publication?.goal) {
      const key = goalKey(matchOfNumber[publication.channel]!, publication.goal);
      const times = parsed.get(key);
      if (times === undefined) parsed.set(key, [systemClock.monotonic()]);
      else times.push(systemClock.monotonic());
      deliveries += 1;
    } else if (subscribed) {
      matchOfNumber[subscribed.number] = ids.get(subscribed.channel)!;
      awaited -= 1;
      if (awaited === 0) all.resolve();
    }
  });
  const subscribes = [...ids].map(([channel, match]) => ({
    subscribe: { id: match + 1, channel },
  }));
  subscriber.send({ hello: {} }, ...subscribes);
  await all.promise;
}
