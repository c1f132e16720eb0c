/**
 * All matches of a process, with their real stores in a folder of its own,
 * under a clock that stands still: what the tests of owners build on.
 */
import { matchDefinition } from "../actors/match/match_actor.ts";
import type { Fact } from "../actors/match/match_event.ts";
import { MATCH_ID } from "../actors/match/match.testing.ts";
import type { FactAnswer, FactDelivery } from "../actors/ports/match_owners.ts";
import { partitionOf } from "../actors/ports/partition.ts";
import { historyName } from "../channels/channel_history.ts";
import { ChannelPublisher } from "../channels/channel_publisher.ts";
import { encodeMatchUpdate } from "../channels/encode_match.ts";
import { decodePublication } from "../channels/publication.ts";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { SqliteCell } from "../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { SqliteStream } from "../db/embedded/sqlite_stream.ts";
import { HistoryWriter } from "../db/sql/history_writer.ts";
import { MatchHistory } from "../db/sql/match_history.ts";
import { temporarySql } from "../db/sql/temporary_sql.ts";
import { IntakeQueue } from "../feed/intake_queue.ts";
import { matchChannel } from "../protocol/channel_name.ts";
import { type BusinessEvents, silentEvents } from "../runtime/business_events.ts";
import { Failure } from "../runtime/failure.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { DeadLetters } from "./dead_letters.ts";
import { MatchSupervisor } from "./match_supervisor.ts";
import { Quarantine } from "./quarantine.ts";
import { steadyRandom } from "./supervisor_test_kit.ts";

/** What was answered, or the code of why it could not be. */
export type Told = FactAnswer["outcome"] | string;

export async function ownersStage() {
  const clock = new SimulatedClock();
  const heard: string[] = [];
  const events = listening(heard);
  const broker = new MemoryBroker(events);
  const files = [1, 2].map(() => new SqliteFile(":memory:", { synchronous: "off" }));
  const random = steadyRandom;
  const streams = new SqliteStream(files[0]!, broker, random);
  const channels = new SqliteStream(files[1]!, broker, random);
  const cells = new SqliteCell(files[0]!, clock);
  const sql = await temporarySql();
  const writer = new HistoryWriter({ records: sql.store, clock, random, events });
  const intake = new IntakeQueue(streams, clock);
  const deadLetters = new DeadLetters(streams, events);
  const existing: string[] = [];
  const rested: string[] = [];
  /** Throws where a test wants a transition to throw. */
  const faults = { over: (_matchId: string, _delivery: FactDelivery): boolean => false };

  const begin = (fence = 1) =>
    MatchSupervisor.start({
      ...{ stream: streams, cells, clock, random, events, intake, deadLetters },
      history: new MatchHistory(writer, sql.store, partitionOf),
      quarantine: new Quarantine(),
      fenceOf: () => fence,
      publisher: new ChannelPublisher({
        ...{ stream: channels, broker, channelOf: matchChannel, encode: encodeMatchUpdate },
      }),
      exists: (matchId) => void existing.push(matchId),
      rested: (matchId, isResting) =>
        void rested.push(`${matchId} ${isResting ? "rests" : "is up"}`),
      faultHook(matchId, delivery) {
        if (faults.over(matchId, delivery)) throw new Error(`no way with ${delivery.fact.id}`);
      },
    });
  let matches = await begin();

  /** Through the intake to the owner, as any feed does. */
  const tell = async (facts: Fact[], matchId = MATCH_ID): Promise<Told[]> => {
    const receivedAt = clock.now();
    const deliveries = await intake.push(matchId, facts.map((fact) => ({ fact, receivedAt })));
    try {
      return (await matches.deliver(matchId, deliveries)).map(({ outcome }) => outcome);
    } catch (error) {
      return facts.map(() => error instanceof Failure ? error.code : String(error));
    }
  };
  /** Lets time go by, and everything happen that it brings about. */
  const pass = async (ms = 0) => {
    await settled();
    await clock.advance(ms);
    await settled();
  };
  const ledger = async (matchId = MATCH_ID) =>
    (await sql.store.entriesAfter(matchId, 0, 10_000)).map(({ fact }) => fact.id);

  return {
    ...{ clock, heard, streams, channels, cells, intake, deadLetters, existing, rested, faults },
    ...{ records: sql.store, tell, pass, ledger },
    get matches() {
      return matches;
    },
    /** As after the end of a process: its successor finds the stores as they are. */
    async comeBack() {
      await matches.stop("the test wants it anew");
      matches = await begin(2);
    },
    state: (matchId = MATCH_ID) =>
      matches.status().find(({ id }) => id === `${matchDefinition.kind}/${matchId}`)?.state,
    waiting: async (matchId = MATCH_ID) => (await intake.pending(matchId)).length,
    published: async (matchId = MATCH_ID) =>
      (await channels.read(historyName(matchChannel(matchId)), 0, 10_000))
        .map(({ bytes }) => decodePublication(bytes).offset),
    async close() {
      await matches.stop("the test is over");
      await writer.drain(0);
      await sql.close();
      for (const file of files) file.close();
    },
  };
}

export type OwnersStage = Awaited<ReturnType<typeof ownersStage>>;

async function settled(): Promise<void> {
  for (let turn = 0; turn < 25; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function listening(heard: string[]): BusinessEvents {
  const listen: Partial<BusinessEvents> = {
    childRestarted: (id, reason) => void heard.push(`restarted ${id}: ${reason}`),
    childParked: (id) => void heard.push(`parked ${id}`),
    childUnparked: (id) => void heard.push(`unparked ${id}`),
    deadLetterKept: (_id, actor, reason) => void heard.push(`dead letter of ${actor}: ${reason}`),
    warned: (message) => void heard.push(message),
  };
  return Object.assign(Object.create(silentEvents), listen);
}
