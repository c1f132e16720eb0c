/**
 * Matches as their owners leave them in the stores, for the tests of those who
 * read: the real loop on the real embedded stores, in memory.
 */
import { ActorLoop } from "../actors/actor_loop.ts";
import { matchDefinition } from "../actors/match/match_actor.ts";
import { MATCH_ID } from "../actors/match/match.testing.ts";
import type { ProviderFact } from "../actors/match/match_event.ts";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { SqliteCell } from "../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { SqliteStream } from "../db/embedded/sqlite_stream.ts";
import { matchChannel } from "../protocol/channel_name.ts";
import { type BusinessEvents, silentEvents } from "../runtime/business_events.ts";
import { seededRandom } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { ChannelPublisher } from "./channel_publisher.ts";
import { encodeMatchUpdate } from "./encode_match.ts";
import { MatchDirectory } from "./match_directory.ts";
import { MatchPages } from "./match_pages.ts";
import { MatchReader } from "./match_reader.ts";
import { StaleMarks } from "./stale_marks.ts";

export function matchStage() {
  const clock = new SimulatedClock();
  const broker = new MemoryBroker(silentEvents);
  const files = [1, 2].map(() => new SqliteFile(":memory:", { synchronous: "off" }));
  const stream = new SqliteStream(files[0]!, broker, seededRandom(1));
  const channels = new SqliteStream(files[1]!, broker, seededRandom(2));
  const cells = new SqliteCell(files[0]!, clock);
  const staleMarks = new StaleMarks(cells, broker);
  const directory = new MatchDirectory(stream);
  const newReader = (
    matchesMax = 100,
    events: Pick<BusinessEvents, "snapshotBuilt"> = silentEvents,
  ) =>
    new MatchReader({
      ...{ stream, cells, channels, matchesMax, events },
      isStale: (matchId) => staleMarks.isMarked(matchId),
    });
  const reader = newReader();
  const publisher = new ChannelPublisher({
    ...{ stream: channels, broker },
    channelOf: matchChannel,
    encode: encodeMatchUpdate,
  });

  /** The owner of a match decides on these facts, and rests again. */
  async function tell(facts: ProviderFact[], matchId = MATCH_ID): Promise<void> {
    let answered = 0;
    const loop = await ActorLoop.start({
      ...{ definition: matchDefinition, id: matchId, fence: 1, stream, cells, publisher, clock },
      events: silentEvents,
      history: {
        write: () => Promise.resolve(),
        top: async () => (await stream.position(`ledger/match/${matchId}`))?.top ?? 0,
        after: () => Promise.resolve([]),
        unconfirmed: () => [],
      },
      answered: () => void answered++,
      poisoned: () => Promise.resolve("retry"),
      origin: () => ({ receivedAt: clock.now(), trace: "00-trace" }),
    });
    facts.forEach((fact, index) => loop.offer({ fact, intake: index, receivedAt: clock.now() }));
    while (answered < facts.length) await new Promise((resolve) => setImmediate(resolve));
    await loop.stop();
  }

  return {
    ...{ clock, broker, stream, channels, cells, staleMarks, directory, reader, publisher, tell },
    newReader,
    pages: new MatchPages(reader, directory, clock),
    close() {
      for (const file of files) file.close();
    },
  };
}

export type MatchStage = ReturnType<typeof matchStage>;
