/**
 * Who hears whom: every arrow between rooms, one line each.
 *
 * Each function puts one room's parts together from what stands below it; what
 * is started when, and what if it dies, is the tree's.
 */
import { Ledger } from "../actors/ledger.ts";
import { matchDefinition } from "../actors/match/match_actor.ts";
import { ChannelPublisher } from "../channels/channel_publisher.ts";
import { StreamChannelSource } from "../channels/channel_source.ts";
import { encodeMatchUpdate } from "../channels/encode_match.ts";
import { MatchDirectory } from "../channels/match_directory.ts";
import { MatchPages } from "../channels/match_pages.ts";
import { MatchReader } from "../channels/match_reader.ts";
import { StaleMarks } from "../channels/stale_marks.ts";
import { HistoryWriter } from "../db/sql/history_writer.ts";
import { MatchHistory } from "../db/sql/match_history.ts";
import { DisorderReport } from "../feed/disorder_report.ts";
import { Intake } from "../feed/intake.ts";
import { IntakeQueue } from "../feed/intake_queue.ts";
import { SafeDelivery } from "../feed/safe_delivery.ts";
import { matchChannel } from "../protocol/channel_name.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { Random } from "../runtime/random.ts";
import { DeadLetters } from "./dead_letters.ts";
import { MatchSupervisor } from "./match_supervisor.ts";
import { partitionOf } from "../actors/ports/partition.ts";
import type { Quarantine } from "./quarantine.ts";
import type { Stores } from "./stores.ts";

export interface Parts {
  clock: Clock;
  random: Random;
  events: BusinessEvents;
}

/** What reads: needs no owner to be alive. */
export function wireReaders(stores: Stores, { clock }: Parts) {
  const { streams, channels, cells, broker } = stores;
  const staleMarks = new StaleMarks(cells, broker);
  const reader = new MatchReader({
    stream: streams,
    cells,
    channels,
    isStale: (matchId) => staleMarks.isMarked(matchId),
    matchesMax: limits.matchListMax * 2,
  });
  const directory = new MatchDirectory(streams);
  return {
    reader,
    directory,
    staleMarks,
    pages: new MatchPages(reader, directory, clock),
    source: new StreamChannelSource(channels, broker, reader),
  };
}
export type Readers = ReturnType<typeof wireReaders>;

export function wireHistory({ records }: Stores, parts: Parts) {
  const writer = new HistoryWriter({ records, ...parts });
  return { writer, history: new MatchHistory(writer, records, partitionOf) };
}
export type Histories = ReturnType<typeof wireHistory>;

export interface OwnerWiring {
  stores: Stores;
  readers: Readers;
  history: MatchHistory;
  token: number;
  quarantine: Quarantine;
  faultHook?: (matchId: string) => void;
}

/** What owns: intake → actor → ledger → channel and history. */
export async function wireOwners(wiring: OwnerWiring, parts: Parts) {
  const { stores, readers, history, token, quarantine, faultHook } = wiring;
  const { streams, channels, cells, broker } = stores;
  const { events, clock } = parts;
  const intakeQueue = new IntakeQueue(streams, clock);
  const deadLetters = new DeadLetters(streams, events);
  const matches = await MatchSupervisor.start({
    ...parts,
    stream: streams,
    cells,
    history,
    faultHook,
    intake: intakeQueue,
    deadLetters,
    quarantine,
    fenceOf: () => token,
    publisher: new ChannelPublisher({
      stream: channels,
      broker,
      channelOf: matchChannel,
      encode: encodeMatchUpdate,
    }),
    exists: (matchId) => quietly(events, () => readers.directory.add(matchId)),
    rested: (matchId, isResting) =>
      quietly(events, async () => {
        const { staleMarks, reader } = readers;
        if (!isResting && !await staleMarks.isMarked(matchId)) return;
        const reading = await reader.read(matchId);
        if (reading === null) return;
        await (isResting ? staleMarks.mark(reading.view) : staleMarks.clear(reading.view));
      }),
  });
  return { intakeQueue, deadLetters, matches };
}
export type Owners = Awaited<ReturnType<typeof wireOwners>>;

/** What takes facts in: any provider → intake → owner. */
export function wireFeed({ intakeQueue, matches }: Owners, { events, clock }: Parts) {
  const disorder = new DisorderReport(events, clock);
  const delivery = new SafeDelivery(intakeQueue, matches, clock);
  const intake = new Intake({ delivery, owners: matches, disorder, events, clock });
  return { disorder, delivery, intake };
}
export type Feed = ReturnType<typeof wireFeed>;

/**
 * Every match that the intake waits for, on which the stores must agree again or which still shows
 * that its owner rested. All that either store knows are in the directory from now on.
 */
export async function matchesToWake(
  stores: Stores,
  { directory, staleMarks }: Readers,
  { intakeQueue }: Owners,
): Promise<string[]> {
  const prefix = `ledger/${matchDefinition.kind}/`;
  const ledgers = (await stores.streams.names(prefix)).map((name) => name.slice(prefix.length));
  const waiting = new Set(await intakeQueue.matches());
  for (const matchId of new Set([...ledgers, ...await stores.records.matchIds()])) {
    const ledger = new Ledger(stores.streams, matchDefinition.kind, matchId);
    const top = (await ledger.position())?.top ?? 0;
    const isBehind = top !== await stores.records.top(matchId);
    if (isBehind || await staleMarks.isMarked(matchId)) waiting.add(matchId);
    await directory.add(matchId);
  }
  return [...waiting];
}

/** Runs what nobody waits for; its failure is an operator's matter. */
function quietly(events: BusinessEvents, task: () => Promise<void>): void {
  task().catch((error) => {
    const code = error instanceof Failure ? `${error.code}: ` : "";
    events.warned(`Cannot follow up on a match: ${code}${reasonOf(error)}`);
  });
}
