/**
 * Every reader's way to a match: its ledger folded, without asking its owner.
 *
 * A gateway serves snapshots and pages while the owner is being replaced. One
 * fold a change however many ask: callers at the same time share the build, and
 * a later one only folds what was appended since.
 */
import type { SnapshotFrom } from "xstate";
import { snapshotKey } from "../actors/actor_restore.ts";
import { type Folded, foldEntries, genesis } from "../actors/fold.ts";
import { Ledger } from "../actors/ledger.ts";
import {
  matchDefinition,
  type MatchEntryBody,
  viewOfSnapshot,
} from "../actors/match/match_actor.ts";
import type { MatchContext } from "../actors/match/match_context.ts";
import type { MatchView } from "../actors/match/match_view.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import { decodeSnapshot } from "../actors/snapshot_codec.ts";
import { matchChannel } from "../protocol/channel_name.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { ChannelHistory } from "./channel_history.ts";

type Machine = typeof matchDefinition.machine;

export interface MatchReading {
  view: MatchView;
  /** What the view was read from, for questions that it does not answer. */
  context: MatchContext;
  /** Offset of the last durable publication that the view holds. */
  offset: number;
  /** Of the match's channel; empty before its first publication. */
  epoch: string;
  /** Its owner rests: as of then, not as of now. */
  stale: boolean;
}

/** A build under way and the one that later callers share. */
interface Flight {
  current: Promise<MatchReading | null>;
  next: Promise<MatchReading | null> | null;
}

export interface MatchReaderOptions {
  /** Ledgers. */
  stream: StreamStore;
  cells: CellStore;
  /** Channel histories. */
  channels: StreamStore;
  isStale(matchId: string): Promise<boolean>;
  events: Pick<BusinessEvents, "snapshotBuilt">;
  /** Folds kept in memory: 40 KB each. */
  matchesMax: number;
}

export class MatchReader {
  readonly #options: MatchReaderOptions;
  /** Each of an epoch of its ledger and of its channel: one that lost its tail may go on otherwise. */
  readonly #folds = new Map<string, { epochs: string; folded: Folded<Machine> }>();
  readonly #flights = new Map<string, Flight>();
  /** Folds made, for the promise of one a change. */
  builds = 0;

  constructor(options: MatchReaderOptions) {
    this.#options = options;
  }

  /** The match as committed when asked, or later. Null: no such match. */
  read(matchId: string): Promise<MatchReading | null> {
    const flight = this.#flights.get(matchId);
    if (flight === undefined) return this.#takeOff(matchId);
    // The running build may have looked before this caller asked: share the one after it.
    flight.next ??= flight.current.catch(() => null).then(() => this.#takeOff(matchId));
    return flight.next;
  }

  #takeOff(matchId: string): Promise<MatchReading | null> {
    const flight: Flight = { current: this.#build(matchId), next: null };
    this.#flights.set(matchId, flight);
    return flight.current.finally(() => {
      if (flight.next === null) this.#flights.delete(matchId);
    });
  }

  async #build(matchId: string): Promise<MatchReading | null> {
    const ledger = new Ledger<MatchEntryBody>(
      this.#options.stream,
      matchDefinition.kind,
      matchId,
    );
    const position = await ledger.position();
    if (position === null) return null;
    const channel = new ChannelHistory(this.#options.channels, matchChannel(matchId));
    // Asked after the ledger: what goes on otherwise does so in a new epoch.
    const epoch = (await channel.position())?.epoch ?? "";
    const epochs = `${position.epoch} ${epoch}`;
    const kept = this.#folds.get(matchId);
    const isOfNow = kept?.epochs === epochs && kept.folded.seq <= position.top;
    let folded = isOfNow ? kept.folded : await this.#begin(matchId, position.top);
    if (folded.seq < position.top) {
      folded = foldEntries(matchDefinition, folded, await ledger.after(folded.seq)).folded;
      this.builds += 1;
      this.#options.events.snapshotBuilt();
    }
    this.#keep(matchId, epochs, folded);
    const stale = await this.#options.isStale(matchId);
    const snapshot = folded.snapshot as SnapshotFrom<Machine>;
    const view = viewOfSnapshot(snapshot);
    return { view, context: snapshot.context, offset: folded.offset, epoch, stale };
  }

  /** A snapshot ahead of the ledger is of what was taken back. */
  async #begin(matchId: string, top: number): Promise<Folded<Machine>> {
    const cell = await this.#options.cells.get(snapshotKey(matchDefinition.kind, matchId));
    if (cell !== null) {
      const decoded = decodeSnapshot(matchDefinition, cell.bytes);
      if (decoded.outcome === "restored" && decoded.folded.seq <= top) return decoded.folded;
    }
    return genesis(matchDefinition, matchId);
  }

  /** The least recently read fold goes first. */
  #keep(matchId: string, epochs: string, folded: Folded<Machine>): void {
    this.#folds.delete(matchId);
    this.#folds.set(matchId, { epochs, folded });
    if (this.#folds.size <= this.#options.matchesMax) return;
    const [oldest] = this.#folds.keys();
    this.#folds.delete(oldest!);
  }
}
