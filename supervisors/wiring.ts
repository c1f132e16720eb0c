/**
 * Who hears whom: every arrow between rooms, one line each.
 *
 * Each function puts one room's parts together from what stands below it; what
 * is started when, and what if it dies, is the tree's.
 */
import { Ledger } from "../actors/ledger.ts";
import { matchDefinition } from "../actors/match/match_actor.ts";
import type { MatchOwners } from "../actors/ports/match_owners.ts";
import { partitionOf } from "../actors/ports/partition.ts";
import { historyName } from "../channels/channel_history.ts";
import { ChannelPublisher } from "../channels/channel_publisher.ts";
import { type ChannelSourcePorts, ChannelSources } from "../channels/channel_source.ts";
import { encodeMatchUpdate } from "../channels/encode_match.ts";
import { MatchDirectory } from "../channels/match_directory.ts";
import { MatchPages } from "../channels/match_pages.ts";
import { MatchReader } from "../channels/match_reader.ts";
import { MatchSignal } from "../channels/match_signal.ts";
import { StaleMarks } from "../channels/stale_marks.ts";
import { unhurried } from "../channels/unhurried_publisher.ts";
import { VolatileVoice } from "../channels/volatile_voice.ts";
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
import type { DeadLetters } from "./dead_letters.ts";
import { MatchSupervisor } from "./match_supervisor.ts";
import type { Quarantine } from "./quarantine.ts";
import type { HotStores, SqlStores } from "./stores.ts";

export interface Parts {
  clock: Clock;
  random: Random;
  events: BusinessEvents;
}

/** What reads: needs no owner to be alive. */
export function wireReaders(hot: HotStores, { clock, events }: Parts) {
  const { streams, channels, cells, broker } = hot;
  const staleMarks = new StaleMarks(cells, broker);
  const reader = new MatchReader({
    stream: streams,
    cells,
    channels,
    isStale: (matchId) => staleMarks.isMarked(matchId),
    events,
    matchesMax: limits.matchListMax * 2,
  });
  const directory = new MatchDirectory(streams);
  return {
    reader,
    directory,
    staleMarks,
    pages: new MatchPages(reader, directory, clock),
    voice: new VolatileVoice(broker, cells),
    signal: new MatchSignal(broker),
  };
}
export type Readers = ReturnType<typeof wireReaders>;

/** What sockets can hear. */
export function wireChannels(
  { channels: stream, broker, cells }: HotStores,
  { reader: matches }: Readers,
  rooms: ChannelSourcePorts["rooms"],
): ChannelSources {
  return new ChannelSources({ stream, broker, cells, matches, rooms });
}

export function wireHistory({ records }: SqlStores, parts: Parts) {
  const writer = new HistoryWriter({ records, ...parts });
  return { writer, history: new MatchHistory(writer, records, partitionOf) };
}
export type Histories = ReturnType<typeof wireHistory>;

export interface OwnerWiring {
  hot: HotStores;
  readers: Readers;
  history: MatchHistory;
  deadLetters: DeadLetters;
  quarantine: Quarantine;
  fenceOf(matchId: string): number | null;
  faultHook?: (matchId: string) => void;
}

/** What owns: intake → actor → ledger → channel and history. */
export async function wireOwners(wiring: OwnerWiring, parts: Parts) {
  const { hot, readers, history, deadLetters, quarantine, fenceOf, faultHook } = wiring;
  const { streams, channels, cells, broker } = hot;
  const { events, clock } = parts;
  const intakeQueue = new IntakeQueue(streams, clock);
  const matches = await MatchSupervisor.start({
    ...parts,
    stream: streams,
    cells,
    history,
    faultHook,
    intake: intakeQueue,
    deadLetters,
    quarantine,
    fenceOf,
    publisher: unhurried(
      new ChannelPublisher({
        stream: channels,
        broker,
        channelOf: matchChannel,
        encode: encodeMatchUpdate,
      }),
      readers.signal,
    ),
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
  return { intakeQueue, matches };
}
export type Owners = Awaited<ReturnType<typeof wireOwners>>;

/** What takes facts in: any provider → intake → whoever owns the match. */
export function wireFeed({ streams }: HotStores, owners: MatchOwners, parts: Parts) {
  const { events, clock } = parts;
  const disorder = new DisorderReport(events, clock);
  const delivery = new SafeDelivery(new IntakeQueue(streams, clock), owners, clock);
  const intake = new Intake({ delivery, owners, disorder, events, clock });
  return { disorder, delivery, intake };
}
export type Feed = ReturnType<typeof wireFeed>;

/**
 * Matches, of those that `isOurs`, on which the stores must agree again, whose
 * channel is not where its ledger is, or which still show that their owner
 * rested. All that either store knows are in the directory from now on.
 */
export async function unequalMatches(
  { streams, channels }: HotStores,
  { records }: SqlStores,
  { directory, reader, staleMarks }: Readers,
  isOurs: (matchId: string) => boolean,
): Promise<string[]> {
  const prefix = `ledger/${matchDefinition.kind}/`;
  const ledgers = (await streams.names(prefix)).map((name) => name.slice(prefix.length));
  const recorded = await records.matchIds().catch((error) => {
    // The truth is away: what is hot goes on, and is compared when a match wakes.
    if (error instanceof Failure && error.retryable) return null;
    throw error;
  });
  const unequal = new Set<string>();
  for (const matchId of new Set([...ledgers, ...recorded ?? []])) {
    if (!isOurs(matchId)) continue;
    const ledger = new Ledger(streams, matchDefinition.kind, matchId);
    const top = (await ledger.position())?.top ?? 0;
    const isBehind = recorded !== null && top !== await records.top(matchId);
    // A channel is a cache: what it lost of the ledger, or has beyond it, its owner sets right.
    const published = (await channels.position(historyName(matchChannel(matchId))))?.top ?? 0;
    const offset = await reader.read(matchId).then((reading) => reading?.offset ?? 0, () => null);
    if (isBehind || offset !== published || await staleMarks.isMarked(matchId)) {
      unequal.add(matchId);
    }
    await directory.add(matchId);
  }
  return [...unequal];
}

/** Runs what nobody waits for; its failure is an operator's matter. */
function quietly(events: BusinessEvents, task: () => Promise<void>): void {
  task().catch((error) => {
    const code = error instanceof Failure ? `${error.code}: ` : "";
    events.warned(`Cannot follow up on a match: ${code}${reasonOf(error)}`);
  });
}
