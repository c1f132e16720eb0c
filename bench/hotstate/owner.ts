/**
 * The owner of many matches, as a process of its own: writes snapshots and
 * publishes as fast as it can, with a bounded number under way.
 *
 * Both are the product's own calls, encoding included: `encodeSnapshot` and
 * `RedisCell.put` under a fence; `ChannelPublisher.publish` of one durable change,
 * which appends and publishes in one script under a fence.
 */
import process from "node:process";
import { snapshotKey } from "../../actors/actor_restore.ts";
import { matchDefinition } from "../../actors/match/match_actor.ts";
import { encodeSnapshot } from "../../actors/snapshot_codec.ts";
import { systemClock } from "../../runtime/clock.ts";
import { assert } from "../../runtime/failure.ts";
import { obey } from "../load_process.ts";
import { KIND, openHotStores } from "./hot_stores.ts";
import { growing, type MidMatch, midMatches } from "./mid_match.ts";

export interface RateArgument {
  /** Written in turn. */
  matches: number;
  underWay: number;
  ms: number;
}

export interface Rate {
  perSecond: number;
  /** Of this process, user and system. */
  cpuUsEach: number;
}

const FENCE = 7;
let stores: Awaited<ReturnType<typeof openHotStores>>;
let mid: MidMatch[];
/** Of each match, what it writes next. */
const states: MidMatch["folded"][][] = [];
/** Last offset of each match, over all runs. */
const offsets: number[] = [];

obey({
  async open(url: string): Promise<number> {
    stores = await openHotStores(url);
    mid = await midMatches();
    const sizes = mid.flatMap(({ folded }) => growing(folded))
      .map((folded) => encodeSnapshot(matchDefinition, folded, FENCE).length);
    return Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length);
  },
  snapshots: (argument: RateArgument) =>
    rate(argument, async (match) => {
      const ahead = states[match] ??= [];
      if (ahead.length === 0) ahead.push(...growing(mid[match % mid.length]!.folded));
      const folded = ahead.shift()!;
      const bytes = encodeSnapshot(matchDefinition, folded, FENCE);
      const put = await stores.cells.put(snapshotKey(KIND, `m-${match}`), bytes, { fence: FENCE });
      assert(put === "put", "nobody else writes");
    }),
  publishes: (argument: RateArgument) =>
    rate(argument, async (match, turn) => {
      const { updates } = mid[turn % mid.length]!;
      const offset = offsets[match] = (offsets[match] ?? 0) + 1;
      const change = { offset, update: updates[offset % updates.length]!, receivedAt: 1 };
      const { outcome } = await stores.publisher.publish(`m-${match}`, FENCE, [change]);
      assert(outcome === "published", "nobody else publishes");
    }),
});

/** A match's next write begins when the one before is answered, as in its loop. */
async function rate(
  { matches, underWay, ms }: RateArgument,
  write: (match: number, turn: number) => Promise<void>,
): Promise<Rate> {
  const beganAt = systemClock.monotonic();
  const cpu = process.cpuUsage();
  let written = 0;
  const lanes = Array.from({ length: underWay }, async (_, lane) => {
    for (let match = lane; systemClock.monotonic() - beganAt < ms; match += underWay) {
      await write(match % matches, written);
      written += 1;
    }
  });
  await Promise.all(lanes);
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (systemClock.monotonic() - beganAt) / 1_000;
  return { perSecond: written / seconds, cpuUsEach: (user + system) / written };
}
