/**
 * Loops of matches that have their fixture and wait for kick-off, as a process
 * of its own, and what the system gives it for them.
 *
 * Each is restored from Redis as in a takeover; the ledger and the channel are
 * there, not here.
 */
import { ActorLoop } from "../../actors/actor_loop.ts";
import { Ledger } from "../../actors/ledger.ts";
import { matchDefinition, type MatchEntryBody } from "../../actors/match/match_actor.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { systemClock } from "../../runtime/clock.ts";
import { obey } from "../load_process.ts";
import { KIND, openHotStores } from "./hot_stores.ts";
import { midMatches } from "./mid_match.ts";
import { residentBytes } from "./resident_bytes.ts";

const FENCE = 7;
/** Restored at once. */
const UNDER_WAY = 64;

let stores: Awaited<ReturnType<typeof openHotStores>>;
let entryOf: (match: number) => { seq: number; recordedAt: number; body: MatchEntryBody };
const loops: { stop(): Promise<void> }[] = [];

obey({
  async open(url: string): Promise<void> {
    stores = await openHotStores(url);
    const fixtures = (await midMatches()).map(({ entries }) => entries[0]!);
    entryOf = (match) => structuredClone(fixtures[match % fixtures.length]!);
  },
  /** Awake from now on; answers the resident bytes of this process. */
  async wake(upTo: number): Promise<number> {
    while (loops.length < upTo) {
      const count = Math.min(UNDER_WAY, upTo - loops.length);
      const started = Array.from({ length: count }, (_, at) => wake(loops.length + at));
      loops.push(...await Promise.all(started));
    }
    return await residentBytes();
  },
});

async function wake(match: number) {
  const { stream, cells, publisher } = stores;
  const id = `idle-${match}`;
  await new Ledger<MatchEntryBody>(stream, KIND, id).append(FENCE, 0, [entryOf(match)]);
  return await ActorLoop.start({
    ...{ definition: matchDefinition, id, fence: FENCE, stream, cells, publisher },
    clock: systemClock,
    events: silentEvents,
    history: {
      write: () => Promise.resolve(),
      unconfirmed: () => [],
      top: () => Promise.resolve(1),
      after: () => Promise.resolve([]),
    },
    answered: () => {},
    poisoned: () => Promise.resolve("retry"),
    origin: () => ({ receivedAt: 0 }),
  });
}
