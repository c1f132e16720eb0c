/**
 * What the guard test and its fresh processes share: matches as they are told,
 * one life of an owner on a folder of stores, and what such lives leave behind.
 *
 * Time belongs to the facts: each is decided at its own moment, in every life,
 * so whatever differs in the end differs by the cut and by nothing else.
 */
import { join } from "node:path";
import { ActorLoop, type LoopExit } from "../actors/actor_loop.ts";
import { matchDefinition } from "../actors/match/match_actor.ts";
import { type Fact, OWNER } from "../actors/match/match_event.ts";
import { matchJson } from "../actors/match/match_json.ts";
import type { MatchUpdate } from "../actors/match/match_update.ts";
import { parseFact } from "../actors/match/parse_fact.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import type { FactDelivery } from "../actors/ports/match_owners.ts";
import { partitionOf } from "../actors/ports/partition.ts";
import type { Publisher } from "../actors/ports/publisher.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import { historyName } from "../channels/channel_history.ts";
import { ChannelPublisher } from "../channels/channel_publisher.ts";
import { encodeMatchUpdate } from "../channels/encode_match.ts";
import { MatchReader } from "../channels/match_reader.ts";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { SqliteCell } from "../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { SqliteStream } from "../db/embedded/sqlite_stream.ts";
import { HistoryWriter } from "../db/sql/history_writer.ts";
import { MatchHistory } from "../db/sql/match_history.ts";
import { MatchStore } from "../db/sql/match_store.ts";
import { migrate } from "../db/sql/migration_list.ts";
import { sqliteDatabase } from "../db/sql/sqlite_dialect.ts";
import { loadBundledMatches, REPLAY } from "../feed/bundled_match.ts";
import { stage } from "../feed/providers/performance.ts";
import { matchChannel } from "../protocol/channel_name.ts";
import { type BusinessEvents, silentEvents } from "../runtime/business_events.ts";
import { reasonOf } from "../runtime/failure.ts";
import { seededRandom } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import type { Parts } from "./wiring.ts";

/** A fact and the moment at which its owner decides on it. */
export interface Told {
  at: number;
  fact: Fact;
}

export interface GuardMatch {
  matchId: string;
  told: Told[];
}

const KICKOFF = 1_671_375_600_000;
/** Long enough for a snapshot between any two facts. */
const BETWEEN_FACTS_MS = 3_000;
/** Every so many facts the source is silent for longer than it may be. */
const SILENT_EVERY = 12;
const SILENCE_MS = 70_000;

/** Every bundled match as it is, and one to which happens what happens to none of them. */
export async function guardMatches(): Promise<GuardMatch[]> {
  const bundled = await loadBundledMatches();
  const plain = bundled.map((match): GuardMatch => {
    const { matchId, facts } = stage(match, 1, KICKOFF, 1, KICKOFF - 60_000);
    return {
      matchId,
      told: timed(facts.map(({ value }, index) => {
        const parsed = parseFact(REPLAY, value, `facts[${index}]`);
        if ("problem" in parsed) throw new Error(parsed.problem.reason);
        return parsed.fact;
      })),
    };
  });
  return [...plain, eventful(plain.find(({ told }) => told.some(isKick))!)];
}

const isKick = ({ fact }: Told) => fact.type === "shootout.kicked";

/** A kick comes after the next ones have waited for it; in the end the match is settled and corrected. */
function eventful({ told }: GuardMatch): GuardMatch {
  const facts = told.map(({ fact }) => fact);
  const kicks = facts.filter((fact) => fact.type === "shootout.kicked");
  const [late] = facts.splice(facts.indexOf(kicks[1]!), 1);
  facts.splice(facts.indexOf(kicks[4]!), 0, late!);
  const goal = facts.find(({ type }) => type === "goal.scored")!;
  const occurredAt = facts.at(-1)!.occurredAt + 60_000;
  const target = { provider: goal.provider, id: goal.id };
  const settled = { type: "match.settled", ledgerSeq: 90, rulesVersion: 1 } as const;
  const annulled = { type: "goal.annulled", target } as const;
  facts.push(
    { provider: OWNER, id: "settled", revision: 1, occurredAt, ...settled },
    { provider: REPLAY, id: "annulled", revision: 1, occurredAt, ...annulled },
  );
  return { matchId: "eventful", told: timed(facts) };
}

function timed(facts: Fact[]): Told[] {
  let at = KICKOFF;
  return facts.map((fact, index) => {
    at += (index + 1) % SILENT_EVERY === 0 ? SILENCE_MS : BETWEEN_FACTS_MS;
    return { at, fact };
  });
}

/** Time at rest; while a batch is decided, the moment of the fact in hand. */
class FactClock extends SimulatedClock {
  decidingAt = 0;

  override now(): number {
    return Math.max(super.now(), this.decidingAt);
  }
}

export interface GuardStores {
  streams: StreamStore;
  channels: StreamStore;
  cells: CellStore;
  records: MatchStore;
  history: MatchHistory;
  close(): Promise<void>;
}

async function openStores(folder: string, parts: Parts): Promise<GuardStores> {
  const open = (name: string) => new SqliteFile(join(folder, name), { synchronous: "off" });
  const [hot, cache, lasting] = [open("hot.db"), open("channels.db"), open("golazo.db")];
  const sql = sqliteDatabase(lasting);
  await migrate(sql);
  const broker = new MemoryBroker(parts.events);
  const records = new MatchStore(sql, parts.events);
  const writer = new HistoryWriter({ records, ...parts });
  return {
    streams: new SqliteStream(hot, broker, parts.random),
    channels: new SqliteStream(cache, broker, parts.random),
    cells: new SqliteCell(hot, parts.clock),
    records,
    history: new MatchHistory(writer, records, partitionOf),
    async close() {
      await writer.drain(1_000);
      await sql.kysely.destroy();
      for (const file of [hot, cache]) file.close();
    },
  };
}

export interface Life {
  stores: GuardStores;
  /** What was rebuilt or went wrong. */
  heard: string[];
  /** First position read of the ledger. */
  readFrom(): number | null;
  now(): number;
  /** Lets time pass to the moment; the match speaks at its own deadlines. Whether it spoke. */
  passTo(at: number): Promise<boolean>;
  /** Offers these at once and waits until each is answered. */
  tell(told: Told[]): Promise<void>;
  close(): Promise<void>;
}

export interface Wraps {
  streams?(streams: StreamStore): StreamStore;
  cells?(cells: CellStore): CellStore;
  publisher?(publisher: Publisher<MatchUpdate>): Publisher<MatchUpdate>;
}

/** An owner of the match that begins on what the folder holds, at `at`. */
export async function live(
  folder: string,
  matchId: string,
  at: number,
  fence: number,
  wraps: Wraps = {},
): Promise<Life> {
  const clock = new FactClock(at);
  const heard: string[] = [];
  const events = listening(heard);
  const parts = { clock, random: seededRandom(fence), events };
  const stores = await openStores(folder, parts);
  let readFrom: number | null = null;
  const streams = wraps.streams?.(stores.streams) ??
    noting(stores.streams, (after) => readFrom ??= after);
  const publisher = new ChannelPublisher({
    ...{ stream: stores.channels, broker: new MemoryBroker(events) },
    ...{ channelOf: matchChannel, encode: encodeMatchUpdate },
  });
  let answered = 0;
  let end: LoopExit | null = null;
  const moments = new Map<number, number>();
  const loop = await ActorLoop.start({
    ...{ definition: matchDefinition, id: matchId, fence, clock, events },
    history: stores.history,
    stream: streams,
    cells: wraps.cells?.(stores.cells) ?? stores.cells,
    publisher: wraps.publisher?.(publisher) ?? publisher,
    answered: () => void answered++,
    poisoned: (_delivery, error) => {
      heard.push(`threw: ${reasonOf(error)}`);
      return Promise.resolve("retry");
    },
    origin: ({ receivedAt }) => ({ receivedAt }),
    faultHook: (_id, { intake }: FactDelivery) => void (clock.decidingAt = moments.get(intake)!),
  });
  void loop.exited.then((exit) => (end = exit));

  const until = async (what: string, isSo: () => boolean) => {
    for (let turn = 0; !isSo(); turn++) {
      if (end?.kind === "crash") throw new Error(`the loop crashed: ${end.reason}`);
      if (turn > 500) throw new Error(`nothing came of ${what}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    ...{ stores, heard, readFrom: () => readFrom, now: () => clock.now() },
    async passTo(to) {
      let spoke = false;
      for (;;) {
        const due = matchDefinition.nextDeadline(loop.folded.snapshot);
        if (due === null || !(due <= to)) break;
        const { seq } = loop.folded;
        await clock.advance(Math.max(0, due - clock.now()));
        await until("a deadline", () => loop.folded.seq > seq);
        spoke = true;
      }
      await clock.advance(Math.max(0, to - clock.now()));
      return spoke;
    },
    async tell(told) {
      const before = answered;
      for (const { at, fact } of told) {
        moments.set(moments.size, at);
        loop.offer({ fact, intake: moments.size - 1, receivedAt: at });
      }
      await until("a fact", () => answered === before + told.length);
      clock.decidingAt = 0;
      await clock.advance(Math.max(0, told.at(-1)!.at - clock.now()));
    },
    async close() {
      if (end === null) await loop.stop();
      await stores.close();
    },
  };
}

/** Everything that a match's life leaves behind, as texts that can be compared byte by byte. */
export type Legacy = Record<string, string>;

export async function legacyOf(stores: GuardStores, matchId: string): Promise<Legacy> {
  const legacy: Legacy = {};
  const keep = async (name: string, streams: StreamStore, stream: string) => {
    for (const { position, bytes } of await streams.read(stream, 0, 10_000)) {
      legacy[`${name} ${position}`] = Buffer.from(bytes).toString("latin1");
    }
  };
  await keep("ledger", stores.streams, `ledger/match/${matchId}`);
  await keep("frame", stores.channels, historyName(matchChannel(matchId)));
  for (const entry of await stores.records.entriesAfter(matchId, 0, 10_000)) {
    legacy[`sql ${entry.seq}`] = JSON.stringify(entry);
  }
  const isStale = () => Promise.resolve(false);
  const { streams, cells, channels } = stores;
  const reader = new MatchReader({
    ...{ stream: streams, cells, channels, matchesMax: 1 },
    ...{ isStale, events: silentEvents },
  });
  const reading = await reader.read(matchId);
  legacy.offset = String(reading?.offset);
  legacy.page = reading === null ? "none" : JSON.stringify(matchJson(reading.view));
  return legacy;
}

/** Of ledger and channel; a stream that is not there yet has none. */
export async function epochsOf(stores: GuardStores, matchId: string): Promise<(string | null)[]> {
  const positions = [
    await stores.streams.position(`ledger/match/${matchId}`),
    await stores.channels.position(historyName(matchChannel(matchId))),
  ];
  return positions.map((position) => position?.epoch ?? null);
}

/** The first thing in which `found` is not `expected`; null where they are equal. */
export function differenceOf(expected: Legacy, found: Legacy): string | null {
  for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    if (expected[name] === found[name]) continue;
    return `${name}: expected ${JSON.stringify(expected[name])}, found ${
      JSON.stringify(found[name])
    }`;
  }
  return null;
}

function noting(streams: StreamStore, note: (after: number) => void): StreamStore {
  return new Proxy(streams, {
    get(target, name) {
      if (name !== "read") return (target[name as "read"] as () => unknown).bind(target);
      return (stream: string, after: number, limit: number) => {
        if (stream.startsWith("ledger/")) note(after);
        return target.read(stream, after, limit);
      };
    },
  });
}

function listening(heard: string[]): BusinessEvents {
  const listen: Partial<BusinessEvents> = {
    copyRebuilt: (what, reason) => void heard.push(`rebuilt ${what}: ${reason}`),
    warned: (message) => void heard.push(message),
  };
  return Object.assign(Object.create(silentEvents), listen);
}
