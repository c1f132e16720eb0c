/**
 * A bundled match played once through the whole of this process before anybody
 * comes in: intake, actor, ledger, SQL, channel, hub, in memory and into sockets
 * that are none.
 *
 * A JIT compiles what runs often, so the first goals of a fresh process took
 * three times as long as the hundredth; a match day begins with a goal of its
 * own. Nothing of it is left: its stores are dropped, its events go nowhere.
 */
import { matchChannel } from "../protocol/channel_name.ts";
import { BUNDLED_FOLDER, loadBundledMatches, scheduledFact } from "../feed/bundled_match.ts";
import { Membership, type Subscriber } from "../gateway/audience.ts";
import { Hub } from "../gateway/hub.ts";
import { ALL_LANES } from "../gateway/lanes.ts";
import { type Encoding, ENCODINGS } from "../gateway/socket/encoding.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { nextTurn } from "../runtime/turn.ts";
import { DeadLetters } from "./dead_letters.ts";
import { Quarantine } from "./quarantine.ts";
import { IN_MEMORY, openEmbeddedStores } from "./stores.ts";
import {
  type Parts,
  wireChannels,
  wireFeed,
  wireHistory,
  wireOwners,
  wireReaders,
} from "./wiring.ts";

const PROVIDER = "rehearsal";
/** The busiest of the bundled ones: 90 facts, extra time and a shootout. */
const MATCH = "arg-fra-2022-12-18";
/** Of one match, by other names: what is hot after three is compiled. */
const ROUNDS = 3;
/** Nobody talks at a rehearsal. */
const NO_ROOMS = { whole: () => Promise.resolve(null), bodies: () => Promise.resolve([]) };

/** How many facts were played. */
export async function rehearse({ clock, random }: Parts): Promise<number> {
  const parts = { clock, random, events: silentEvents };
  const stores = await openEmbeddedStores(IN_MEMORY, parts);
  const readers = wireReaders(stores, parts);
  const { history, writer } = wireHistory(stores, parts);
  const { matches } = await wireOwners({
    hot: stores,
    readers,
    history,
    deadLetters: new DeadLetters(stores.streams, silentEvents),
    quarantine: new Quarantine(),
    fenceOf: () => 1,
  }, parts);
  const { intake } = wireFeed(stores, matches, parts);
  const hub = new Hub({ source: wireChannels(stores, readers, NO_ROOMS), ...parts });
  const match = (await loadBundledMatches(BUNDLED_FOLDER)).find(({ id }) => id === MATCH)!;
  const now = clock.now();
  let played = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const matchId = `${MATCH}-${round}`;
    const told = [
      scheduledFact(match.scheduled, now),
      ...match.facts.map(({ at, value }) => ({ ...value, occurredAt: now + at * 1_000 })),
    ];
    for (const [at, value] of told.entries()) {
      await intake.submit({ provider: PROVIDER, matchId, values: [value], receivedAt: now });
      if (at === 0) { for (const encoding of ENCODINGS) await listen(hub, matchId, encoding); }
      await nextTurn();
      played += 1;
    }
    await readers.pages.match(matchId);
  }
  hub.close();
  await matches.stop("the rehearsal is over");
  await writer.drain(0);
  await stores.close();
  return played;
}

async function listen(hub: Hub, matchId: string, encoding: Encoding): Promise<void> {
  const nobody: Subscriber = {
    encoding,
    sample: 0,
    openLanes: () => ALL_LANES,
    takesPosts: () => true,
    write() {},
    writeSoon() {},
  };
  const member = new Membership(nobody, ALL_LANES, 1);
  await hub.enter(matchChannel(matchId), member);
  await hub.catchUp(member, null);
}
